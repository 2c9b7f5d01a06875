/**
 * Plans a transposition: neighbouring axes that stay neighbours are joined, axes of size 1 dropped, and what is left is either a copy
 * of whole runs or a turn of planes.
 */

export interface Axis { readonly size: number; readonly from: number; readonly to: number }

/** Axes in target order with source and target strides, as few as possible. */
export function joinedAxes(shape: readonly number[], permutation: readonly number[]): Axis[] {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const joined: { size: number; from: number }[] = [];
  for (const axis of permutation) {
    const [size, from] = [shape[axis]!, strides[axis]!];
    if (size === 1) continue;
    const last = joined.at(-1);
    if (last !== undefined && last.from === size * from) { last.size *= size; last.from = from; } else joined.push({ size, from });
  }
  let to = 1;
  return joined.reverse().map(({ size, from }) => { const axis = { size, from, to }; to *= size; return axis; }).reverse();
}

export type TransposePlan =
  | { readonly kind: "runs"; readonly outer: readonly Axis[]; readonly run: number }
  /** rows: the target's last axis; columns: the source's last axis. */
  | { readonly kind: "planes"; readonly outer: readonly Axis[]; readonly rows: Axis; readonly columns: Axis };

export function transposePlan(shape: readonly number[], permutation: readonly number[]): TransposePlan {
  const axes = joinedAxes(shape, permutation);
  const last = axes.at(-1);
  if (last === undefined) return { kind: "runs", outer: [], run: 1 };
  if (last.from === 1) return { kind: "runs", outer: axes.slice(0, -1), run: last.size };
  const columns = axes.find((axis) => axis.from === 1)!;
  return { kind: "planes", outer: axes.filter((axis) => axis !== columns && axis !== last), rows: last, columns };
}
