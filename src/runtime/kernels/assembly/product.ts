/** Matrix products, batched, with either operand stored transposed. */
import { at, smaller, upToEight } from "./memory";
import { packColumns, packRows, transposeFour } from "./panels";
import { multiplyTile, storeEdge } from "./tiles";

/** Depth of a block: a panel of it (8 KB) stays in the first-level cache. */
const DEPTH: i32 = 256;
/** Rows of a transposed left operand that are turned at once. */
const ROWS: i32 = 64;

/** Bytes of workspace for products with `n` columns. */
export function productWorkspace(n: i32): i32 { return 4 * (DEPTH * upToEight(n) + DEPTH * ROWS + 64 + 32 + 32); }

/** Turns rows [m0, m0 + count) of the left operand, stored [k, m], to target[count][depth]. */
function turnRows(a: usize, lda: i32, m0: i32, count: i32, k0: i32, depth: i32, target: usize): void {
  const step = <usize>lda << 2;
  for (let m = 0; m < count; m += 4) {
    const row = at(target, m * depth), stride = <usize>depth << 2;
    let k = 0;
    if (m + 4 <= count) {
      for (; k + 4 <= depth; k += 4) {
        const p = at(a, (k0 + k) * lda + m0 + m);
        transposeFour(p, p + step, p + 2 * step, p + 3 * step, at(row, k), stride);
      }
    }
    for (; k < depth; k++) for (let r = 0; r < smaller(4, count - m); r++) store<f32>(at(row, r * depth + k), load<f32>(at(a, (k0 + k) * lda + m0 + m + r)));
  }
}

/** c[m, n] = op(a) op(b), row-major and dense. */
function product(a: usize, transposeA: i32, b: usize, transposeB: i32, c: usize, m: i32, n: i32, k: i32, workspace: usize): void {
  const panels = workspace, turned = at(panels, DEPTH * upToEight(n)), rows = at(turned, DEPTH * ROWS), targets = rows + 16, tile = at(rows, 64);
  if (k == 0) { memory.fill(c, 0, <usize>(m * n) << 2); return; }
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = smaller(DEPTH, k - k0), accumulate = k0 > 0 ? 1 : 0;
    for (let j = 0; j < n; j += 8) {
      const panel = at(panels, j * depth), width = smaller(8, n - j);
      if (transposeB) packRows(at(b, j * k + k0), k, depth, width, panel); else packColumns(at(b, k0 * n + j), n, depth, width, panel);
    }
    for (let m0 = 0; m0 < m; m0 += ROWS) {
      const count = smaller(ROWS, m - m0);
      if (transposeA) turnRows(a, m, m0, count, k0, depth, turned);
      const source = transposeA ? turned : at(a, m0 * k + k0), stride = transposeA ? depth : k;
      for (let j = 0; j < n; j += 8) {
        const width = smaller(8, n - j), panel = at(panels, j * depth);
        for (let i = 0; i < count; i += 4) {
          const height = smaller(4, count - i), target = at(c, (m0 + i) * n + j), inside = height == 4 && width == 8;
          for (let r = 0; r < 4; r++) {
            store<usize>(at(rows, r), at(source, (i + smaller(r, height - 1)) * stride));
            store<usize>(at(targets, r), inside ? at(target, r * n) : at(tile, r * 8));
          }
          multiplyTile(1, depth, rows, panel, targets, 0, inside ? accumulate : 0);
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
