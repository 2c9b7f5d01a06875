/**
 * Convolution as a product with patches that exist only for a block of rows at a time. The same sweep serves the forward pass, the input gradient (one sweep per phase of the stride, filter turned) and the adder layer (another tile).
 */
import { at, smaller, upToEight } from "./memory";
import { packColumns, packQuads, packRows } from "./panels";
import { gridHeight, gridWidth, rowCount, sourceHeight, sourceWidth, strideX, strideY, tapCount, tapWeight, tapX, tapY, targetPixel } from "./sweep";
import { columnTile, distanceTile, multiplyTile, scatteredColumnTile, storeEdge } from "./tiles";

/** Rows that are packed at once: as many as keep the packed block (128 KB) well inside the second-level cache. */
function blockRows(depth: i32): i32 { const rows = (32768 / (depth + 1)) & ~3; return rows < 4 ? 4 : smaller(64, rows); }
/** Rows that one step of a filter gradient sums over. */
const SUMMED: i32 = 128;

export function convolutionWorkspace(channels: i32, columns: i32, taps: i32): i32 {
  const depth = taps * channels, rows = blockRows(depth);
  const forward = depth * upToEight(columns) + rows * depth + rows * (taps + 1) + channels + upToEight(columns) + 64;
  const filter = SUMMED * upToEight(columns) + SUMMED * taps + channels + 64;
  return 4 * (forward > filter ? forward : filter);
}

/** Source addresses of taps for rows [first, first + count), in the order [tap][row] (`byTap`) or [group of four rows][tap][4]; rows behind the last repeat it. */
function lookUp(sweep: usize, source: usize, pixelStride: i32, zeros: usize, first: i32, count: i32, slots: i32, byTap: bool, table: usize): void {
  const taps = tapCount(sweep), height = sourceHeight(sweep), width = sourceWidth(sweep), gridW = gridWidth(sweep), cells = gridHeight(sweep) * gridW;
  for (let i = 0; i < slots; i++) {
    const row = first + smaller(i, count - 1);
    const n = row / cells, cell = row - n * cells, y = cell / gridW, x = cell - y * gridW;
    const top = y * strideY(sweep), left = x * strideX(sweep), image = n * height;
    let entry = byTap ? at(table, i) : at(table, (i >> 2) * (taps + 1) * 4 + (i & 3));
    const step: usize = byTap ? <usize>slots << 2 : 16;
    for (let t = 0; t < taps; t++) {
      const v = top + tapY(sweep, t), u = left + tapX(sweep, t);
      const inside = <u32>v < <u32>height && <u32>u < <u32>width;
      store<usize>(entry, inside ? at(source, ((image + v) * width + u) * pixelStride) : zeros);
      entry += step;
    }
  }
}

/** Target addresses behind the taps of each group of four; rows behind the last write to `spare`. */
function lookUpTargets(sweep: usize, target: usize, targetStride: i32, spare: usize, first: i32, count: i32, slots: i32, table: usize): void {
  const taps = tapCount(sweep), gridW = gridWidth(sweep), cells = gridHeight(sweep) * gridW;
  for (let i = 0; i < slots; i++) {
    const row = first + i, n = row / cells, cell = row - n * cells, y = cell / gridW;
    const address = i < count ? at(target, targetPixel(sweep, n, y, cell - y * gridW) * targetStride) : spare;
    store<usize>(at(table, ((i >> 2) * (taps + 1) + taps) * 4 + (i & 3)), address);
  }
}

/**
 * For each row of the sweep and each of `columns`: the sum over taps and channels of source times weight (kind 0), or of
 * -|source - weight| (kind 1). A tap's weights are [channels, columns] with rows `weightStride` floats apart, or [columns, channels] if
 * `turned`. Pixels of source and target are `sourceStride` and `targetStride` floats apart. Taps outside the image read zeros.
 */
export function convolve(sweep: usize, source: usize, sourceStride: i32, channels: i32, weights: usize, weightStride: i32, turned: i32, target: usize, targetStride: i32, columns: i32, kind: i32, workspace: usize): void {
  const taps = tapCount(sweep), rows = rowCount(sweep), depth = taps * channels;
  const block = blockRows(depth), panels = workspace, packed = at(panels, depth * upToEight(columns)), table = at(packed, block * depth), zeros = at(table, block * (taps + 1)), spare = at(zeros, channels), tile = at(spare, upToEight(columns)), tileRows = at(tile, 32);
  memory.fill(zeros, 0, <usize>channels << 2);
  for (let r = 0; r < 4; r++) store<usize>(at(tileRows, r), at(tile, r * 8));
  for (let j = 0; j < columns; j += 8) {
    const width = smaller(8, columns - j);
    for (let t = 0; t < taps; t++) {
      const panel = at(panels, j * depth + t * channels * 8), tap = at(weights, tapWeight(sweep, t) * (turned ? columns : channels) * weightStride);
      if (turned) packRows(at(tap, j * weightStride), weightStride, channels, width, panel); else packColumns(at(tap, j), weightStride, channels, width, panel);
    }
  }
  for (let first = 0; first < rows; first += block) {
    const count = smaller(block, rows - first), slots = (count + 3) & ~3;
    lookUp(sweep, source, sourceStride, zeros, first, count, slots, false, table);
    lookUpTargets(sweep, target, targetStride, spare, first, count, slots, table);
    for (let i = 0; i < slots; i += 4) {
      for (let t = 0; t < taps; t++) {
        const quad = at(table, i * (taps + 1) + t * 4);
        packQuads(load<usize>(quad), load<usize>(quad, 4), load<usize>(quad, 8), load<usize>(quad, 12), channels, at(packed, i * depth + t * channels * 4));
      }
    }
    for (let j = 0; j < columns; j += 8) {
      const panel = at(panels, j * depth), width = smaller(8, columns - j);
      for (let i = 0; i < slots; i += 4) {
        const quads = at(packed, i * depth), targets = at(table, i * (taps + 1) + taps * 4);
        const into = width == 8 ? targets : tileRows, column: usize = width == 8 ? <usize>j << 2 : 0;
        if (kind == 0) multiplyTile(depth, quads, panel, into, column, 0); else distanceTile(depth, quads, panel, into, column, 0);
        if (width < 8) for (let r = 0; r < 4; r++) storeEdge(at(tile, r * 8), 1, width, at(load<usize>(at(targets, r)), j), 0, 0);
      }
    }
  }
}

/**
 * target[tap, channel, column] = sum over rows of source[tap of row, channel] * upstream[row, column]. Target rows are `targetStride`
 * floats apart. The sweep must be a forward one: its taps are numbered in order and its rows are the pixels of `upstream`.
 */
export function convolutionFilterGradient(sweep: usize, source: usize, sourceStride: i32, channels: i32, upstream: usize, upstreamStride: i32, columns: i32, target: usize, targetStride: i32, workspace: usize): void {
  const taps = tapCount(sweep), rows = rowCount(sweep), depth = taps * channels, stride = <usize>targetStride << 2;
  const panels = workspace, table = at(panels, SUMMED * upToEight(columns)), zeros = at(table, SUMMED * taps), tile = at(zeros, channels);
  memory.fill(zeros, 0, <usize>channels << 2);
  for (let first = 0; first < rows; first += SUMMED) {
    const count = smaller(SUMMED, rows - first), accumulate = first > 0 ? 1 : 0;
    lookUp(sweep, source, sourceStride, zeros, first, count, count, true, table);
    for (let j = 0; j < columns; j += 8) packColumns(at(upstream, first * upstreamStride + j), upstreamStride, count, smaller(8, columns - j), at(panels, j * count));
    for (let k = 0; k < depth; k += 4) {
      const height = smaller(4, depth - k), tap = k / channels, channel = k - tap * channels, list = at(table, tap * count);
      for (let j = 0; j < columns; j += 8) {
        const width = smaller(8, columns - j), panel = at(panels, j * count), cell = at(target, k * targetStride + j);
        const inside = width == 8 && height == 4;
        const into = inside ? cell : tile, step: usize = inside ? stride : 32, add = inside ? accumulate : 0;
        if ((channels & 3) == 0) columnTile(count, list, <usize>channel << 2, panel, into, step, add);
        else {
          const k1 = smaller(k + 1, depth - 1), k2 = smaller(k + 2, depth - 1), k3 = smaller(k + 3, depth - 1);
          scatteredColumnTile(count, list, at(table, k1 / channels * count), at(table, k2 / channels * count), at(table, k3 / channels * count),
            <usize>channel << 2, <usize>(k1 % channels) << 2, <usize>(k2 % channels) << 2, <usize>(k3 % channels) << 2, panel, into, step, add);
        }
        if (!inside) storeEdge(tile, height, width, cell, stride, accumulate);
      }
    }
  }
}
