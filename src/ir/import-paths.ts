/** Which file an import path means. Pure text work: reading files is up to the command line and the tests. */

/** The standard library's files are called `std/NAME.nas`, wherever they are installed. */
export const STANDARD_PREFIX = "std/";

/** What `std/` holds, for a message: checking reads no folders. */
export const standardFiles: readonly string[] = [
  "accelerators",
  "axial",
  "blocks",
  "cells",
  "columns",
  "compression",
  "detection",
  "ghost",
  "meta",
  "mixing",
  "shuffle",
  "stride_attention",
  "text",
  "transformers",
];

function withEnding(path: string): string {
  return path.endsWith(".nas") ? path : `${path}.nas`;
}

/** `a/b/../c/./d` becomes `a/c/d`; leading `..` stay. One file has one normalized path, as seen from the working directory. */
export function normalizePath(path: string): string {
  const root = path.startsWith("/") ? "/" : "";
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out[out.length - 1] !== "..") out.pop();
    else if (part !== ".." || root === "") out.push(part);
  }
  return root + out.join("/");
}

/**
 * The name of the file that `path`, as written in an import of the file `importer`, stands for: `std/blocks.nas` for the standard
 * library, else a path beside the importer. Undefined where the path has another form or leaves the standard library.
 */
export function importedFile(path: string, importer: string): string | undefined {
  if (path.includes("\\") || path.endsWith("/")) return undefined;
  if (path.startsWith(STANDARD_PREFIX)) {
    const file = normalizePath(withEnding(path));
    return file.startsWith(STANDARD_PREFIX) ? file : undefined;
  }
  if (path.startsWith("/")) return normalizePath(withEnding(path));
  if (!path.startsWith("./") && !path.startsWith("../")) return undefined;
  const folder = importer.replaceAll("\\", "/").split("/").slice(0, -1).join("/");
  const file = normalizePath(withEnding(folder === "" && !importer.startsWith("/") ? path : `${folder}/${path}`));
  // A standard file that climbs out of the library would depend on where it is installed.
  return importer.startsWith(STANDARD_PREFIX) && !file.startsWith(STANDARD_PREFIX) ? undefined : file;
}
