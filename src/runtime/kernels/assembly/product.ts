/** Matrix products, batched, with either operand stored transposed. */
import { at, smaller, upToEight } from "./memory";
import { packColumns, packQuads, packRows } from "./panels";
import { multiplyTile, storeEdge } from "./tiles";

/** Depth of a block: a panel of it (8 KB) stays in the first-level cache. */
const DEPTH: i32 = 256;
/** Rows of the left operand that are packed at once. */
const ROWS: i32 = 96;

/** Bytes of workspace for products with `n` columns. */
export function productWorkspace(n: i32): i32 { return 4 * (DEPTH * upToEight(n) + DEPTH * ROWS + 64); }

/** Rows [m0, m0 + count) of the left operand to target[count / 4][depth][4]; rows behind the last repeat it. */
function packLeft(a: usize, m: i32, k: i32, transposed: i32, m0: i32, count: i32, k0: i32, depth: i32, target: usize): void {
  for (let i = 0; i < count; i += 4) {
    const quads = at(target, i * depth), last = count - i - 1;
    if (!transposed) {
      const p = at(a, (m0 + i) * k + k0), step = <usize>k << 2;
      packQuads(p, p + step * <usize>smaller(1, last), p + step * <usize>smaller(2, last), p + step * <usize>smaller(3, last), depth, quads);
    } else if (last >= 3) {
      let p = at(a, k0 * m + m0 + i);
      for (let d = 0; d < depth; d++) { v128.store(at(quads, d * 4), v128.load(p)); p += <usize>m << 2; }
    } else {
      for (let d = 0; d < depth; d++) for (let r = 0; r < 4; r++) store<f32>(at(quads, d * 4 + r), load<f32>(at(a, (k0 + d) * m + m0 + i + smaller(r, last))));
    }
  }
}

/** c[m, n] = op(a) op(b), row-major and dense. */
function product(a: usize, transposeA: i32, b: usize, transposeB: i32, c: usize, m: i32, n: i32, k: i32, workspace: usize): void {
  const panels = workspace, packed = at(panels, DEPTH * upToEight(n)), targets = at(packed, DEPTH * ROWS), tile = at(targets, 4);
  if (k == 0) { memory.fill(c, 0, <usize>(m * n) << 2); return; }
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = smaller(DEPTH, k - k0), accumulate = k0 > 0 ? 1 : 0;
    for (let j = 0; j < n; j += 8) {
      const panel = at(panels, j * depth), width = smaller(8, n - j);
      if (transposeB) packRows(at(b, j * k + k0), k, depth, width, panel); else packColumns(at(b, k0 * n + j), n, depth, width, panel);
    }
    for (let m0 = 0; m0 < m; m0 += ROWS) {
      const count = smaller(ROWS, m - m0);
      packLeft(a, m, k, transposeA, m0, count, k0, depth, packed);
      for (let j = 0; j < n; j += 8) {
        const width = smaller(8, n - j), panel = at(panels, j * depth);
        for (let i = 0; i < count; i += 4) {
          const height = smaller(4, count - i), target = at(c, (m0 + i) * n + j), inside = height == 4 && width == 8;
          for (let r = 0; r < 4; r++) store<usize>(at(targets, r), inside ? at(target, r * n) : at(tile, r * 8));
          multiplyTile(depth, at(packed, i * depth), panel, targets, 0, inside ? accumulate : 0);
          if (!inside) storeEdge(tile, height, width, target, <usize>n << 2, accumulate);
        }
      }
    }
  }
}

/** `batch` products; an operand whose step (floats between its matrices) is 0 is used again. */
export function products(a: usize, transposeA: i32, stepA: i32, b: usize, transposeB: i32, stepB: i32, c: usize, batch: i32, m: i32, n: i32, k: i32, workspace: usize): void {
  for (let i = 0; i < batch; i++) product(at(a, i * stepA), transposeA, at(b, i * stepB), transposeB, at(c, i * m * n), m, n, k, workspace);
}
