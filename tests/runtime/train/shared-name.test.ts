/** One weight name read by operators of different rank: the supernet keeps a tensor per rank, an extracted network only its own. */
import { expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import { checkProgram } from "../../../src/ir/check.js";
import { architectureFrom } from "../../../src/ir/describe.js";
import { extractWeights, storeFromWeights } from "../../../src/runtime/extract.js";
import { runNet } from "../../../src/runtime/network.js";
import { createSpaceStore } from "../../../src/runtime/weight-store.js";
import { engineForTests } from "./fixtures.js";

const text = `space M {
  input image: f32[8, 8, 2]
  x = image -> conv(4)
  y = x -> choose mix {
    c: conv(4) weights shared
    d: dense(4, bias = false) weights shared
  }
  output classes = y -> global_pool -> dense(3)
}`;

it("a network extracted from such a supernet computes what the supernet computed", async () => {
  const engine = await engineForTests();
  const { program } = checkProgram({ source: { file: "m.nas", text }, readImport: () => undefined, constants: new Map() });
  const space = program!.spaces.get("M")!;
  const store = createSpaceStore(engine, space, 1);
  for (const mix of ["c", "d"]) {
    const architecture = architectureFrom(space, new Map([["mix", mix]]));
    if (!architecture.ok) throw new Error(JSON.stringify(architecture.diagnostics));
    const net = bind(space, architecture.value);
    const own = storeFromWeights(engine, net, extractWeights(engine, store, net), "test");
    if (!own.ok) throw new Error(JSON.stringify(own.diagnostics));
    const images = engine.upload(Float32Array.from({ length: 2 * 8 * 8 * 2 }, (_, i) => Math.sin(i)), [2, 8, 8, 2]);
    const [shared, alone] = [store, own.value].map((weights) => engine.scope(() => [...engine.download(runNet(engine, net, weights, images, { mode: "inference" }).classes!)]));
    expect(alone).toEqual(shared);
    engine.dispose(images);
    own.value.dispose();
  }
  store.dispose();
});
