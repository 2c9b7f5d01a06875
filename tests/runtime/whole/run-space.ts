/**
 * What the runtime owes to every network of a checked space: its weights are in the space's store, a training step and a judgement give
 * finite numbers, and the slices of the store are the same network as weights of its own.
 */
import type { Dataset, Examples } from "../../../src/data/dataset.js";
import type { Net } from "../../../src/ir/net.js";
import type { Space } from "../../../src/ir/space.js";
import { randomStream, type RandomStream } from "../../../src/random/stream.js";
import type { Engine, EngineTensor } from "../../../src/runtime/engine.js";
import { extractWeights, storeFromWeights } from "../../../src/runtime/extract.js";
import { judge } from "../../../src/runtime/judge.js";
import { runNet } from "../../../src/runtime/network.js";
import { train } from "../../../src/runtime/train.js";
import { createSpaceStore, type WeightStore } from "../../../src/runtime/weight-store.js";
import { optimizer, trainPlan } from "../train/fixtures.js";

const BATCH = 4;
const CLASSES = 3;
const TOLERANCE = 1e-4;
/** So small that nets without normalization, of adders above all, do not diverge in a few steps on shared weights. */
const RATE = 1e-3;

/** Noise of the size that a network takes. */
function noise([height, width, channels]: readonly number[], random: RandomStream): Dataset {
  const draw = (): Examples => ({
    count: 2 * BATCH,
    images: Uint8Array.from({ length: 2 * BATCH * height! * width! * channels! }, () => random.integer(256)),
    labels: Uint8Array.from({ length: 2 * BATCH }, (_, row) => row % CLASSES),
  });
  const each = (value: number): number[] => new Array<number>(channels!).fill(value);
  return { name: "noise", height: height!, width: width!, channels: channels!, classes: CLASSES, train: draw(), validation: draw(), test: draw(), mean: each(128), deviation: each(74) };
}

interface Input { readonly element: "f32" | "tokens"; readonly shape: readonly number[] }

function inputOf(net: Net): Input {
  const input = net.nodes.find((node) => node.kind === "input");
  if (input?.kind !== "input") throw new Error("a network without input");
  return input;
}

function randomInput(engine: Engine, { element, shape }: Input, random: RandomStream): EngineTensor {
  const count = BATCH * shape.reduce((product, extent) => product * extent, 1);
  return element === "tokens" ? engine.upload(Int32Array.from({ length: count }, () => random.integer(5)), [BATCH, ...shape]) : engine.upload(Float32Array.from({ length: count }, () => random.normal()), [BATCH, ...shape]);
}

/** The sum of the gradients' magnitudes after one step by hand, for inputs that no data set has. */
function stepByHand(engine: Engine, store: WeightStore, net: Net, random: RandomStream): number {
  return engine.scope(() => {
    const uses = store.uses(net);
    const views = store.gather(uses);
    const trained = views.filter((_, index) => uses.weights[index]!.weight.role === "parameter");
    const labels = engine.upload(Int32Array.from({ length: BATCH }, (_, row) => row % CLASSES), [BATCH]);
    const input = randomInput(engine, inputOf(net), random);
    const { loss, gradients } = engine.gradients(trained, () => engine.crossEntropy(runNet(engine, net, store, input, { mode: "training", weights: views, random })[net.outputs[0]!.name]!, labels, 0));
    return gradients.reduce((sum, gradient) => sum + engine.download(gradient).reduce((total, each) => total + Math.abs(each), 0), engine.download(loss)[0]!);
  });
}

const scores = (engine: Engine, net: Net, store: WeightStore, input: EngineTensor): Float32Array => engine.scope(() => engine.download(runNet(engine, net, store, input, { mode: "inference" })[net.outputs[0]!.name]!).slice());

/** The greatest difference between a network on slices of the store and the same on its own weights. */
function differenceOfExtracted(engine: Engine, store: WeightStore, net: Net, random: RandomStream): number {
  const own = storeFromWeights(engine, net, extractWeights(engine, store, net), "the store");
  if (!own.ok) throw new Error(own.diagnostics.map(({ title, why }) => `${title}: ${why ?? ""}`).join());
  const input = randomInput(engine, inputOf(net), random);
  const [shared, alone] = [scores(engine, net, store, input), scores(engine, net, own.value, input)];
  engine.dispose(input);
  own.value.dispose();
  return shared.reduce((most, score, at) => Math.max(most, Math.abs(score - alone[at]!) / Math.max(1, Math.abs(score))), Number.isNaN(shared[0]) ? Number.NaN : 0);
}

/** Complaints about the networks of a space; empty where all is well. */
export async function runSpace(engine: Engine, space: Space, nets: readonly Net[], seed: number): Promise<readonly string[]> {
  const complaints: string[] = [];
  const random = randomStream(seed, "run");
  const before = engine.tensorCount();
  const store = createSpaceStore(engine, space, seed);
  for (const net of nets) {
    const input = inputOf(net);
    store.uses(net);
    if (input.element === "f32") {
      const data = noise(input.shape, random);
      const outcome = await train({ engine, store, netAt: () => net, data, plan: trainPlan({ epochs: 0.5, batch: BATCH, augment: { flip: true, shift: 1 }, optimizer: optimizer({ rate: RATE, clip: 1 }) }), seed });
      const loss = outcome.ok ? outcome.value.curve.at(-1)?.loss : undefined;
      if (loss === undefined || !Number.isFinite(loss)) complaints.push(`training gives ${outcome.ok ? String(loss) : outcome.diagnostics.map(({ title, why }) => `${title} ${why ?? ""}`).join()}`);
      const verdict = judge({ engine, store, net, data, recalibration: BATCH, batch: BATCH, seed, split: "validation" });
      if (!Number.isFinite(verdict.loss)) complaints.push(`judging gives the loss ${verdict.loss}`);
    } else {
      const magnitude = stepByHand(engine, store, net, random);
      if (!Number.isFinite(magnitude)) complaints.push(`loss and gradients sum up to ${magnitude}`);
    }
    const difference = differenceOfExtracted(engine, store, net, random);
    if (!(difference <= TOLERANCE)) complaints.push(`on its own weights the network differs by ${difference}`);
  }
  store.dispose();
  const left = engine.tensorCount() - before;
  if (left !== 0) complaints.push(`${left} tensors are left behind`);
  return complaints;
}
