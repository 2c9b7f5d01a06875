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

const checksum = (bytes: Uint8Array): Uint8Array => Uint8Array.from(createHash("sha256").update(bytes).digest());

/** The bytes of a tensor file; equal content gives equal bytes. */
export function encodeTensorFile(header: unknown, tensors: readonly NamedValues[]): Uint8Array {
  const index: Index = { version: VERSION, header, tensors: tensors.map(({ name, shape }) => ({ name, shape })) };
  const text = new TextEncoder().encode(JSON.stringify(index));
  const start = tensorStart(text.length);
  const bytes = new Uint8Array(start + 4 * tensors.reduce((sum, tensor) => sum + tensor.values.length, 0) + CHECKSUM);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(MAGIC.length, text.length, true);
  bytes.set(text, MAGIC.length + 4);
  let at = start;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  bytes.set(checksum(bytes.subarray(0, at)), at);
  return bytes;
}

/** Tensors start at a multiple of four. */
function tensorStart(headerLength: number): number {
  return Math.ceil((MAGIC.length + 4 + headerLength) / 4) * 4;
}

/** The content, or in words what is wrong with the bytes. */
export function decodeTensorFile(bytes: Uint8Array): TensorFile | { readonly problem: string } {
  const text = (from: number, to: number): string => new TextDecoder().decode(bytes.subarray(from, to));
  if (bytes.length < MAGIC.length + 4 + CHECKSUM) return { problem: `it has ${bytes.length} bytes, too few for its header` };
  if (text(0, MAGIC.length) !== MAGIC) return { problem: "it does not start like a file of nasc" };
  const end = bytes.length - CHECKSUM;
  const expected = checksum(bytes.subarray(0, end));
  if (!bytes.subarray(end).every((byte, i) => byte === expected[i])) return { problem: `its checksum does not match its ${bytes.length} bytes` };
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(MAGIC.length, true);
  const index = JSON.parse(text(MAGIC.length + 4, MAGIC.length + 4 + length)) as Index;
  if (index.version !== VERSION) return { problem: `it has version ${index.version}; this program reads version ${VERSION}` };
  let at = tensorStart(length);
  const tensors = new Map<string, NamedValues>();
  for (const { name, shape } of index.tensors) {
    const values = new Float32Array(volume(shape));
    new Uint8Array(values.buffer).set(bytes.subarray(at, at + values.byteLength));
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
    const file = readFileSync(path);
    return decodeTensorFile(new Uint8Array(file.buffer, file.byteOffset, file.byteLength));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
