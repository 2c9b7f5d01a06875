/** Softmax over rows, and the cross-entropy with label smoothing (Szegedy et al. 2016, section 7) that training minimizes. */
import { at, loadPartial, madd, maxOfLanes, storePartial, sumOfLanes } from "./memory";
import { exponential, logarithm } from "./functions";

const LEAST: f32 = -3.4028234e38;

function largest(row: usize, width: i32): f32 {
  let best = f32x4.splat(LEAST), i = 0;
  for (; i + 4 <= width; i += 4) best = f32x4.pmax(best, v128.load(at(row, i)));
  if (i < width) best = f32x4.pmax(best, loadPartial(at(row, i), width - i, LEAST));
  return maxOfLanes(best);
}

/** target = exp(row - top); returns the sum. */
function exponentials(row: usize, width: i32, top: f32, target: usize): f32 {
  const t = f32x4.splat(top);
  let sum = f32x4.splat(0), i = 0;
  for (; i + 4 <= width; i += 4) { const e = exponential(f32x4.sub(v128.load(at(row, i)), t)); v128.store(at(target, i), e); sum = f32x4.add(sum, e); }
  if (i < width) { const e = exponential(f32x4.sub(loadPartial(at(row, i), width - i, LEAST), t)); storePartial(at(target, i), e, width - i); sum = f32x4.add(sum, e); }
  return sumOfLanes(sum);
}

function scaleRow(row: usize, width: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  let i = 0;
  for (; i + 4 <= width; i += 4) v128.store(at(row, i), f32x4.mul(v128.load(at(row, i)), f));
  for (; i < width; i++) store<f32>(at(row, i), load<f32>(at(row, i)) * factor);
}

export function softmax(x: usize, target: usize, rows: i32, width: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = at(x, r * width), result = at(target, r * width);
    scaleRow(result, width, <f32>1 / exponentials(row, width, largest(row, width), result));
  }
}

/** y * (dy - sum(y * dy)). */
export function softmaxGradient(y: usize, dy: usize, target: usize, rows: i32, width: i32): void {
  for (let r = 0; r < rows; r++) {
    const p = at(y, r * width), q = at(dy, r * width), result = at(target, r * width);
    let sum = f32x4.splat(0), i = 0;
    for (; i + 4 <= width; i += 4) sum = madd(v128.load(at(p, i)), v128.load(at(q, i)), sum);
    if (i < width) sum = madd(loadPartial(at(p, i), width - i, 0), loadPartial(at(q, i), width - i, 0), sum);
    const inner = f32x4.splat(sumOfLanes(sum));
    for (i = 0; i + 4 <= width; i += 4) v128.store(at(result, i), f32x4.mul(v128.load(at(p, i)), f32x4.sub(v128.load(at(q, i)), inner)));
    if (i < width) storePartial(at(result, i), f32x4.mul(loadPartial(at(p, i), width - i, 0), f32x4.sub(loadPartial(at(q, i), width - i, 0), inner)), width - i);
  }
}

/** The mean over rows of -sum target * log softmax; workspace: `classes` floats. */
export function crossEntropy(logits: usize, labels: usize, target: usize, rows: i32, classes: i32, smoothing: f64, workspace: usize): void {
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const row = at(logits, r * classes), top = largest(row, classes);
    const log = logarithm(<f64>exponentials(row, classes, top, workspace)) + <f64>top;
    let sum: f64 = 0;
    for (let c = 0; c < classes; c++) sum += log - <f64>load<f32>(at(row, c));
    total += (1 - smoothing) * (log - <f64>load<f32>(at(row, load<i32>(at(labels, r))))) + smoothing / <f64>classes * sum;
  }
  store<f32>(target, <f32>(total / <f64>rows));
}

/** (softmax - smoothed one-hot) * dy / rows. */
export function crossEntropyGradient(logits: usize, labels: usize, dy: usize, target: usize, rows: i32, classes: i32, smoothing: f32): void {
  const flow = load<f32>(dy) / <f32>rows, even = smoothing / <f32>classes * flow;
  for (let r = 0; r < rows; r++) {
    const row = at(logits, r * classes), result = at(target, r * classes);
    scaleRow(result, classes, flow / exponentials(row, classes, largest(row, classes), result));
    const right = load<i32>(at(labels, r));
    for (let c = 0; c < classes; c++) store<f32>(at(result, c), load<f32>(at(result, c)) - even - (c == right ? (<f32>1 - smoothing) * flow : <f32>0));
  }
}
