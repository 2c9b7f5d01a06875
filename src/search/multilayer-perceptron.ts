/**
 * A small multilayer perceptron in float64 with its own backward pass and Adam: rankers are tiny, and plain arrays keep them exact,
 * deterministic and independent of any engine. One hidden stack of ReLU layers, several linear outputs.
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
  private activations(rows: readonly Float64Array[]): Float64Array[][] {
    const levels: Float64Array[][] = [rows as Float64Array[]];
    this.layers.forEach((layer, depth) => {
      const isLast = depth === this.layers.length - 1;
      const { inputs, outputs, weights } = layer;
      levels.push(levels[depth]!.map((row) => {
        const result = weights.slice(inputs * outputs);
        for (let i = 0; i < inputs; i++) {
          const value = row[i]!;
          if (value === 0) continue;
          const base = i * outputs;
          for (let o = 0; o < outputs; o++) result[o]! += value * weights[base + o]!;
        }
        if (!isLast) for (let o = 0; o < outputs; o++) if (result[o]! < 0) result[o] = 0;
        return result;
      }));
    });
    return levels;
  }

  predict(rows: readonly Float64Array[]): Float64Array[] {
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
    let upstream = outputGradient(levels[this.layers.length]!);
    for (let depth = this.layers.length - 1; depth >= 0; depth--) {
      const { inputs, outputs, weights, gradient } = this.layers[depth]!;
      gradient.fill(0);
      const rowsBelow = levels[depth]!;
      upstream = rowsBelow.map((row, index) => {
        const above = upstream[index]!;
        const below = new Float64Array(inputs);
        for (let i = 0; i < inputs; i++) {
          const value = row[i]!;
          const base = i * outputs;
          if (value !== 0) for (let o = 0; o < outputs; o++) gradient[base + o]! += value * above[o]!;
          // ReLU: nothing flows below a unit that is off. The input level needs no gradient.
          if (depth > 0 && value > 0) {
            let sum = 0;
            for (let o = 0; o < outputs; o++) sum += weights[base + o]! * above[o]!;
            below[i] = sum;
          }
        }
        const bias = inputs * outputs;
        for (let o = 0; o < outputs; o++) gradient[bias + o]! += above[o]!;
        return below;
      });
    }
  }

  /** One Adam step on the loss whose gradient with respect to the outputs is given. */
  step(rows: readonly Float64Array[], outputGradient: (outputs: readonly Float64Array[]) => readonly Float64Array[], { rate, weightDecay }: AdamSettings): void {
    this.backward(rows, outputGradient);
    this.steps++;
    const correction = Math.sqrt(1 - power(BETA2, this.steps)) / (1 - power(BETA1, this.steps));
    for (const { weights, gradient, first, second } of this.layers) {
      for (let i = 0; i < weights.length; i++) {
        const slope = gradient[i]! + weightDecay * weights[i]!;
        first[i] = BETA1 * first[i]! + (1 - BETA1) * slope;
        second[i] = BETA2 * second[i]! + (1 - BETA2) * slope * slope;
        weights[i]! -= (rate * correction * first[i]!) / (Math.sqrt(second[i]!) + EPSILON);
      }
    }
  }
}
