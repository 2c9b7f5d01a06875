/** The plain NumPy format: booleans, bytes and floating-point numbers in C order. Pickled objects are refused. */
import { diagnostic, failure, success, type Result } from "../diagnostics/model.js";

export interface NumberArray { readonly shape: readonly number[]; readonly boolean: boolean; readonly values: Uint8Array | Float32Array | Float64Array }

const refuse = (why: string): Result<NumberArray> => failure(diagnostic("NAS6017", { title: "this is no array that can be read", why, help: "save booleans or floats in C order by `numpy.save`" }));

const HEADS = 10;

export function readArray(bytes: Uint8Array): Result<NumberArray> {
  if (bytes.length < HEADS || String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY") return refuse("it does not begin as a NumPy file does");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [length, begin] = bytes[6] === 1 ? [view.getUint16(8, true), 10] : [bytes.length < 12 ? 0 : view.getUint32(8, true), 12];
  const header = new TextDecoder("latin1").decode(bytes.subarray(begin, begin + length));
  const kind = /'descr': '([^']*)'/.exec(header)?.[1];
  const extents = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (kind === undefined || extents === undefined) return refuse("its header names no type and shape");
  if (header.includes("'fortran_order': True")) return refuse("its columns come first (Fortran order)");
  const shape = extents.split(",").map((each) => each.trim()).filter((each) => each !== "").map(Number);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const size = { "|b1": 1, "|u1": 1, "<f4": 4, "<f8": 8 }[kind];
  if (size === undefined) return refuse(`its type is \`${kind.slice(0, 20)}\``);
  const data = bytes.slice(begin + length);
  if (data.length !== count * size) return refuse(`it has ${data.length} bytes for ${count} numbers of ${size}`);
  const values = size === 1 ? data : size === 4 ? new Float32Array(data.buffer, 0, count) : new Float64Array(data.buffer, 0, count);
  return success({ shape, boolean: kind === "|b1", values });
}
