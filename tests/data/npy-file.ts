/** Writes NumPy files for tests. */
/** A file as numpy.save writes it. */
export function npy(kind: string, shape: readonly number[], data: Uint8Array, version = 1, fortran = false): Uint8Array {
  const header = `{'descr': '${kind}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }\n`;
  const length = new Uint8Array(version === 1 ? 2 : 4);
  new DataView(length.buffer).setUint16(0, header.length, true);
  return Uint8Array.from([0x93, ...Buffer.from("NUMPY"), version, 0, ...length, ...Buffer.from(header), ...data]);
}
