/**
 * The container of checkpoints and weights files: a magic word, a JSON header, tensors as little-endian float32, and a SHA-256 over
 * everything before it. Written beside and renamed into place, so that a reader never sees half a file.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface NamedValues { readonly name: string; readonly shape: readonly number[]; readonly values: Float32Array }

export interface TensorFile { readonly header: unknown; readonly tensors: ReadonlyMap<string, NamedValues> }

const MAGIC = "NASCTENS";
const VERSION = 1;
const CHECKSUM = 32;

interface Index { readonly version: number; readonly header: unknown; readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[] }

const volume = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The bytes of a tensor file; equal content gives equal bytes. */
export function encodeTensorFile(header: unknown, tensors: readonly NamedValues[]): Uint8Array {
  const index: Index = { version: VERSION, header, tensors: tensors.map(({ name, shape }) => ({ name, shape })) };
  const text = Buffer.from(JSON.stringify(index), "utf8");
  const start = MAGIC.length + 4 + text.length;
  const padding = (4 - (start % 4)) % 4;
  const bytes = Buffer.alloc(start + padding + 4 * tensors.reduce((sum, tensor) => sum + tensor.values.length, 0) + CHECKSUM);
  bytes.write(MAGIC, 0, "latin1");
  bytes.writeUInt32LE(text.length, MAGIC.length);
  text.copy(bytes, MAGIC.length + 4);
  let at = start + padding;
  for (const { values } of tensors) {
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).copy(bytes, at);
    at += values.byteLength;
  }
  createHash("sha256").update(bytes.subarray(0, at)).digest().copy(bytes, at);
  return bytes;
}

/** The content, or in words what is wrong with the bytes. */
export function decodeTensorFile(bytes: Uint8Array): TensorFile | { readonly problem: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < MAGIC.length + 4 + CHECKSUM) return { problem: `it has ${buffer.length} bytes, too few for its header` };
  if (buffer.toString("latin1", 0, MAGIC.length) !== MAGIC) return { problem: "it does not start like a file of nasc" };
  const end = buffer.length - CHECKSUM;
  if (!createHash("sha256").update(buffer.subarray(0, end)).digest().equals(buffer.subarray(end))) return { problem: `its checksum does not match its ${buffer.length} bytes` };
  const length = buffer.readUInt32LE(MAGIC.length);
  const index = JSON.parse(buffer.toString("utf8", MAGIC.length + 4, MAGIC.length + 4 + length)) as Index;
  if (index.version !== VERSION) return { problem: `it has version ${index.version}; this program reads version ${VERSION}` };
  let at = MAGIC.length + 4 + length;
  at += (4 - (at % 4)) % 4;
  const tensors = new Map<string, NamedValues>();
  for (const { name, shape } of index.tensors) {
    const values = new Float32Array(volume(shape));
    new Uint8Array(values.buffer).set(buffer.subarray(at, at + values.byteLength));
    tensors.set(name, { name, shape, values });
    at += values.byteLength;
  }
  return { header: index.header, tensors };
}

/**
 * Writes durably: beside, flushed to disk, then renamed. With `keepPrevious` the file that was there stays as `path.previous`.
 * Throws what the file system throws; what was there before is then untouched.
 */
export function writeAtomically(path: string, bytes: Uint8Array, keepPrevious: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  try {
    const file = openSync(partial, "w");
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // Killed between the two renames, only `.previous` is there; readers look for it.
    if (keepPrevious && existsSync(path)) renameSync(path, `${path}.previous`);
    renameSync(partial, path);
    flushFolder(dirname(path));
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Makes the rename itself durable; not every system lets a folder be flushed. */
function flushFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    try { fsyncSync(folder); } finally { closeSync(folder); }
  } catch {
    // The data is on disk; only the rename may be lost in a power failure, and then the previous file stands.
  }
}

export function readTensorFile(path: string): TensorFile | { readonly problem: string } {
  try {
    return decodeTensorFile(readFileSync(path));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
