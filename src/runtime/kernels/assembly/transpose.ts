/** Transposition of any rank (whole runs are copied where the last axis stays last, else 4 x 4 tiles are turned), and regions. */
import { at, smaller } from "./memory";
import { transposeFour } from "./panels";

/** The offset of position `index` of the leading `rank` axes. Axes: pairs (size, stride). */
function sourceOffset(axes: usize, rank: i32, index: i32): i32 {
  let offset = 0;
  for (let axis = rank - 1; axis >= 0; axis--) {
    const size = load<i32>(at(axes, 2 * axis)), next = index / size;
    offset += (index - next * size) * load<i32>(at(axes, 2 * axis + 1));
    index = next;
  }
  return offset;
}

/** Short runs are copied here: a bulk copy is a call out of the module. */
@inline
function copyRun(target: usize, source: usize, run: i32): void {
  if (run > 64) { memory.copy(target, source, <usize>run << 2); return; }
  for (; run >= 4; run -= 4) { v128.store(target, v128.load(source)); target += 16; source += 16; }
  for (; run > 0; run--) { store<f32>(target, load<f32>(source)); target += 4; source += 4; }
}

/** target[outer][run] where each run is contiguous in the source; `axes` describe the outer ones in target order. */
export function copyRuns(source: usize, target: usize, axes: usize, rank: i32, outer: i32, run: i32): void {
  for (let i = 0; i < outer; i++) {
    copyRun(target, at(source, sourceOffset(axes, rank, i)), run);
    target += <usize>run << 2;
  }
}

/** The reverse: source[outer][run] to runs of the target, whose strides `axes` hold. */
export function placeRuns(source: usize, target: usize, axes: usize, rank: i32, outer: i32, run: i32): void {
  for (let i = 0; i < outer; i++) {
    copyRun(at(target, sourceOffset(axes, rank, i)), source, run);
    source += <usize>run << 2;
  }
}

/**
 * Source rows are [columns] contiguous, target rows are [rows] contiguous: target[column][row] = source[row][column]. The outer axes are
 * triples in `axes`: (size, source stride, target stride).
 */
export function turnPlanes(source: usize, target: usize, axes: usize, rank: i32, outer: i32, rows: i32, rowStride: i32, columns: i32, columnStride: i32): void {
  for (let i = 0; i < outer; i++) {
    let from = source, to = target, index = i;
    for (let axis = rank - 1; axis >= 0; axis--) {
      const size = load<i32>(at(axes, 3 * axis)), next = index / size, place = index - next * size;
      from = at(from, place * load<i32>(at(axes, 3 * axis + 1)));
      to = at(to, place * load<i32>(at(axes, 3 * axis + 2)));
      index = next;
    }
    for (let r = 0; r < rows; r += 4) {
      const height = smaller(4, rows - r);
      let c = 0;
      if (height == 4) for (; c + 4 <= columns; c += 4) {
        const p = at(from, r * rowStride + c), step = <usize>rowStride << 2;
        transposeFour(p, p + step, p + 2 * step, p + 3 * step, at(to, c * columnStride + r), <usize>columnStride << 2);
      }
      for (; c < columns; c++) for (let h = 0; h < height; h++) store<f32>(at(to, c * columnStride + r + h), load<f32>(at(from, (r + h) * rowStride + c)));
    }
  }
}
