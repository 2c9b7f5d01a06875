/**
 * Reads data files and folders: gzip is told by content, near names are proposed for a missing one, and every failure of the
 * operating system becomes a diagnostic.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import { failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import { dataProblem } from "./problems.js";

export interface DataFile {
  readonly path: string;
  /** Uncompressed. */
  readonly bytes: Uint8Array;
}

const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);
}

/** The diagnostic for a failed file operation: not found (with names nearby) or not readable. */
async function explain(path: string, error: unknown): Promise<Diagnostic> {
  const code = errorCode(error);
  if (code !== "ENOENT" && code !== "ENOTDIR") return dataProblem("NAS6002", path, "cannot be read", `the system says ${code}`, "check the permissions of the file");
  const near = await readdir(dirname(path)).then((names) => suggest(basename(path), names), () => []);
  return dataProblem("NAS6001", path, "does not exist", "there is no such file or folder",
    near.length > 0 ? `nearby: ${near.map((name) => `\`${name}\``).join(", ")}` : `check the path; relative paths start at the working directory`);
}

/** What lies at a path. */
export async function kindOf(path: string): Promise<Result<"file" | "folder">> {
  try {
    return success((await stat(path)).isDirectory() ? "folder" : "file");
  } catch (error) {
    return failure(await explain(path, error));
  }
}

/** The names in a folder, sorted, without hidden ones. */
export async function listFolder(path: string): Promise<Result<readonly string[]>> {
  try {
    return success((await readdir(path)).filter((name) => !name.startsWith(".")).sort());
  } catch (error) {
    return failure(await explain(path, error));
  }
}

/** The content of a file, decompressed where it starts like gzip. */
export async function readDataFile(path: string): Promise<Result<DataFile>> {
  let bytes: Uint8Array;
  try {
    bytes = plain(await readFile(path));
  } catch (error) {
    return failure(await explain(path, error));
  }
  if (bytes.length === 0) return failure(dataProblem("NAS6008", path, "is empty", "the file has 0 bytes"));
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return success({ path, bytes });
  try {
    return success({ path, bytes: plain(gunzipSync(bytes)) });
  } catch (error) {
    const cut = errorCode(error) === "Z_BUF_ERROR";
    return failure(cut
      ? dataProblem("NAS6005", path, "is cut short", `its gzip stream ends before the content is complete (${bytes.length} compressed bytes)`, "fetch the file again")
      : dataProblem("NAS6010", path, "is a damaged gzip file", `it cannot be decompressed (${errorCode(error)}; ${bytes.length} compressed bytes)`, "fetch the file again; `gzip -t` must be silent"));
  }
}
