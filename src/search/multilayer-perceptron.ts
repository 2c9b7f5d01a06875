/**
 * A small multilayer perceptron in float64 with its own backward pass and Adam: rankers are tiny, and plain arrays keep them exact,
 * deterministic and independent of any engine. One hidden stack of ReLU layers, several linear outputs. Fitting a ranker takes longer than
 * all else that proposing does: the loops go through four rows at a time, so that a sum stays in a register, and add in the order of the
 * rows, so that sums are those of a plain loop to the bit.
 */
import { power } from "../random/power.js";
import { randomStream } from "../random/stream.js";

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** inputs x outputs, row major; then the biases. */
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function createLayer(inputs: number, outputs: number, seed: number, purpose: string): Layer {
  const size = (inputs + 1) * outputs;
  const weights = new Float64Array(size);
  const random = randomStream(seed, `perceptron/${purpose}`);
  const deviation = Math.sqrt(2 / Math.max(1, inputs));
  for (let i = 0; i < inputs * outputs; i++) weights[i] = deviation * random.normal();
  return { inputs, outputs, weights, gradient: new Float64Array(size), first: new Float64Array(size), second: new Float64Array(size) };
}

/** Places of the values that are not zero (or, with `positive`, above it), written to `places`: how many. */
function findPlaces(row: Float64Array, positive: boolean, places: Int32Array): number {
  let count = 0;
  for (let i = 0; i < row.length; i++) if (positive ? row[i]! > 0 : row[i]! !== 0) places[count++] = i;
  return count;
}

/** Adds value k times row k of `columns` numbers to `into`, rows one after the other. Row k begins at `starts[k]`. */
function addRows(into: Float64Array, offset: number, columns: number, values: Float64Array, rows: Float64Array, starts: Int32Array, count: number): void {
  let k = 0;
  for (; k + 3 < count; k += 4) {
    const [a, b, c, d] = [values[k]!, values[k + 1]!, values[k + 2]!, values[k + 3]!];
    const [p, q, r, s] = [starts[k]!, starts[k + 1]!, starts[k + 2]!, starts[k + 3]!];
    for (let o = 0; o < columns; o++) {
      let sum = into[offset + o]!;
      sum += a * rows[p + o]!;
      sum += b * rows[q + o]!;
      sum += c * rows[r + o]!;
      sum += d * rows[s + o]!;
      into[offset + o] = sum;
    }
  }
  for (; k < count; k++) {
    const value = values[k]!;
    const start = starts[k]!;
    for (let o = 0; o < columns; o++) into[offset + o]! += value * rows[start + o]!;
  }
}

/** Products of rows of `matrix` at some places with a vector: four sums side by side do not wait for each other. */
function multiplyRows(matrix: Float64Array, vector: Float64Array, places: Int32Array, count: number, into: Float64Array): void {
  const columns = vector.length;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    const [p, q, r, s] = [places[k]! * columns, places[k + 1]! * columns, places[k + 2]! * columns, places[k + 3]! * columns];
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let o = 0; o < columns; o++) {
      const value = vector[o]!;
      a += matrix[p + o]! * value;
      b += matrix[q + o]! * value;
      c += matrix[r + o]! * value;
      d += matrix[s + o]! * value;
    }
    into[places[k]!] = a;
    into[places[k + 1]!] = b;
    into[places[k + 2]!] = c;
    into[places[k + 3]!] = d;
  }
  for (; k < count; k++) {
    let sum = 0;
    const start = places[k]! * columns;
    for (let o = 0; o < columns; o++) sum += matrix[start + o]! * vector[o]!;
    into[places[k]!] = sum;
  }
}

export interface AdamSettings { readonly rate: number; readonly weightDecay: number }

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export class MultilayerPerceptron {
  private readonly layers: Layer[];
  private steps = 0;

  constructor(inputs: number, hidden: readonly number[], outputs: number, private readonly seed: number) {
    const sizes = [inputs, ...hidden, outputs];
    this.layers = sizes.slice(1).map((size, index) => createLayer(sizes[index]!, size, seed, `layer ${index}`));
  }

  /** Keeps the hidden layers and starts a new output layer (after pre-training); the optimizer starts anew too. */
  replaceHead(outputs: number): void {
    const last = this.layers[this.layers.length - 1]!;
    this.layers[this.layers.length - 1] = createLayer(last.inputs, outputs, this.seed, "head");
    for (const layer of this.layers) { layer.first.fill(0); layer.second.fill(0); }
    this.steps = 0;
  }

  /** Activations of every layer, the input first. */
  private activations(rows: readonly Float64Array[]): (readonly Float64Array[])[] {
    const levels: (readonly Float64Array[])[] = [rows];
    for (const [depth, { inputs, outputs, weights }] of this.layers.entries()) {
      const isLast = depth === this.layers.length - 1;
      const places = new Int32Array(inputs);
      const values = new Float64Array(inputs);
      const level: Float64Array[] = [];
      for (const row of levels[depth]!) {
        const result = weights.slice(inputs * outputs);
        const count = findPlaces(row, false, places);
        for (let k = 0; k < count; k++) {
          values[k] = row[places[k]!]!;
          places[k] = places[k]! * outputs;
        }
        addRows(result, 0, outputs, values, weights, places, count);
        if (!isLast) for (let o = 0; o < outputs; o++) if (result[o]! < 0) result[o] = 0;
        level.push(result);
      }
      levels.push(level);
    }
    return levels;
  }

  predict(rows: readonly Float64Array[]): readonly Float64Array[] {
    return this.activations(rows)[this.layers.length]!;
  }

  /** The gradient of the loss for all parameters, flattened layer by layer (for tests). */
  gradientOf(rows: readonly Float64Array[], outputGradient: (outputs: readonly Float64Array[]) => readonly Float64Array[]): Float64Array {
    this.backward(rows, outputGradient);
    return Float64Array.from(this.layers.flatMap((layer) => [...layer.gradient]));
  }

  /** All parameters in the order of `gradientOf`; writing through `visit` changes them (for tests). */
  parameters(): readonly Float64Array[] {
    return this.layers.map((layer) => layer.weights);
  }

  private backward(rows: readonly Float64Array[], outputGradient: (outputs: readonly Float64Array[]) => readonly Float64Array[]): void {
    const levels = this.activations(rows);
    let upstream: readonly Float64Array[] = outputGradient(levels[this.layers.length]!);
    for (let depth = this.layers.length - 1; depth >= 0; depth--) {
      const { inputs, outputs, weights, gradient } = this.layers[depth]!;
      const level = levels[depth]!;
      gradient.fill(0);
      const above = new Float64Array(level.length * outputs);
      upstream.forEach((slopes, index) => above.set(slopes, index * outputs));
      const values = new Float64Array(level.length);
      const starts = new Int32Array(level.length);
      for (let i = 0; i < inputs; i++) {
        let count = 0;
        for (let index = 0; index < level.length; index++) {
          const value = level[index]![i]!;
          if (value === 0) continue;
          values[count] = value;
          starts[count++] = index * outputs;
        }
        addRows(gradient, i * outputs, outputs, values, above, starts, count);
      }
      const bias = inputs * outputs;
      for (let index = 0; index < level.length; index++) for (let o = 0; o < outputs; o++) gradient[bias + o]! += above[index * outputs + o]!;
      // The input level needs no gradient.
      if (depth > 0) upstream = this.slopesBelow(level, upstream, weights, inputs);
    }
  }

  /** ReLU: nothing flows below a unit that is off. */
  private slopesBelow(level: readonly Float64Array[], upstream: readonly Float64Array[], weights: Float64Array, inputs: number): Float64Array[] {
    const places = new Int32Array(inputs);
    return level.map((row, index) => {
      const below = new Float64Array(inputs);
      multiplyRows(weights, upstream[index]!, places, findPlaces(row, true, places), below);
      return below;
    });
  }

  /** One Adam step on the loss whose gradient with respect to the outputs is given. */
  step(rows: readonly Float64Array[], outputGradient: (outputs: readonly Float64Array[]) => readonly Float64Array[], { rate, weightDecay }: AdamSettings): void {
    this.backward(rows, outputGradient);
    this.steps++;
    const correction = Math.sqrt(1 - power(BETA2, this.steps)) / (1 - power(BETA1, this.steps));
    for (const { weights, gradient, first, second } of this.layers) {
      for (let i = 0; i < weights.length; i++) {
        const slope = gradient[i]! + weightDecay * weights[i]!;
        const mean = BETA1 * first[i]! + (1 - BETA1) * slope;
        const square = BETA2 * second[i]! + (1 - BETA2) * slope * slope;
        first[i] = mean;
        second[i] = square;
        weights[i]! -= (rate * correction * mean) / (Math.sqrt(square) + EPSILON);
      }
    }
  }
}
