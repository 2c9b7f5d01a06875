/** What a pass over a network changes in its outputs on the engine, in float32; weights and statistics are drawn at random. */
import type { Net } from "../../src/ir/net.js";
import type { WeightedNet } from "../../src/ir/passes/weighted-net.js";
import { verifyNet } from "../../src/ir/verify.js";
import { randomStream } from "../../src/random/stream.js";
import { extractWeights, storeFromWeights, type NetWeights } from "../../src/runtime/extract.js";
import { runNet } from "../../src/runtime/network.js";
import { rewriteNet } from "../../src/runtime/rewrite.js";
import { createNetStore } from "../../src/runtime/weight-store.js";
import { engineForTests } from "../runtime/train/fixtures.js";

const BATCH = 2;

/** The network as the pass leaves it, and the greatest difference of outputs relative to the greatest output. */
export async function differenceAfter(net: Net, pass: (weighted: WeightedNet) => WeightedNet): Promise<{ readonly merged: Net; readonly difference: number }> {
  const engine = await engineForTests();
  const random = randomStream(1, `pass over ${net.name}`);
  const initial = createNetStore(engine, net, 1, "slice");
  const drawn = extractWeights(engine, initial, net);
  initial.dispose();
  // Batch norms start as nothing: here every number of theirs matters.
  for (const { name, values } of drawn.tensors.values()) {
    if (name.endsWith("/variance") || name.endsWith("/scale")) values.forEach((_, at) => { values[at] = 0.5 + random.uniform(); });
    else if (values.every((value) => value === values[0])) values.forEach((value, at) => { values[at] = value + 0.3 * random.normal(); });
  }
  const input = net.nodes[0]!;
  const images = engine.upload(Float32Array.from({ length: BATCH * input.shape.reduce((product, extent) => product * extent, 1) }, () => random.normal()), [BATCH, ...input.shape]);
  const outputs = (of: Net, weights: NetWeights): Float32Array => {
    const store = storeFromWeights(engine, of, weights, "the test");
    if (!store.ok) throw new Error(store.diagnostics.map(({ title, why }) => `${title}: ${why ?? ""}`).join());
    const found = engine.scope(() => engine.download(runNet(engine, of, store.value, images, { mode: "inference" })[of.outputs[0]!.name]!).slice());
    store.value.dispose();
    return found;
  };
  const rewritten = rewriteNet(net, drawn, pass);
  const problems = verifyNet(rewritten.net);
  if (problems.length > 0) throw new Error(problems.join());
  const [before, after] = [outputs(net, drawn), outputs(rewritten.net, rewritten.weights)];
  engine.dispose(images);
  const scale = before.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { merged: rewritten.net, difference: before.reduce((most, value, at) => Math.max(most, Math.abs(value - after[at]!) / scale), Number.isNaN(before[0]) ? Number.NaN : 0) };
}
