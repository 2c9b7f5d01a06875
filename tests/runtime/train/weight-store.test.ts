import { beforeAll, describe, expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { operators } from "../../../src/ops/registry.js";
import { randomStream } from "../../../src/random/stream.js";
import { spaceRequests } from "../../../src/runtime/allocation.js";
import type { Engine } from "../../../src/runtime/engine.js";
import { runNet } from "../../../src/runtime/network.js";
import { boundNets } from "../../../src/runtime/sampler.js";
import { sliceRegion } from "../../../src/runtime/sharing.js";
import { createNetStore, createSpaceStore, initialValues } from "../../../src/runtime/weight-store.js";
import { extractWeights, storeFromWeights } from "../../../src/runtime/extract.js";
import { Batcher } from "../../../src/runtime/batches.js";
import { ALL, bars, engineForTests, netOf, tinySpace } from "./fixtures.js";

let engine: Engine;
beforeAll(async () => { engine = await engineForTests(); });

const shapes = (store: ReturnType<typeof createNetStore>): Record<string, string> => Object.fromEntries([...store.weights.values()].map(({ key, shape }) => [key, shape.join("x")]));

describe("the weight store", () => {
  it("allocates each weight once, at the largest reachable size", () => {
    const store = createSpaceStore(engine, tinySpace(), 1);
    const found = shapes(store);
    expect(found["stem/conv/filter"]).toBe("3x3x1x8");
    expect(found["mix.conv/conv/filter"]).toBe("5x5x8x8");
    expect(Object.entries(found).find(([key]) => key.startsWith("dense/") && !key.endsWith("bias"))?.[1]).toBe("8x3");
    expect(Object.keys(found).some((key) => key.startsWith("mix.skip"))).toBe(false);
    store.dispose();
  });

  it("finds of a network what a store finds that never saw another one", () => {
    for (const sharing of ["slice", "separate", "both_ends", "cyclic", "chained"] as const) {
      const space = tinySpace(sharing);
      const netOfSpace = boundNets(space);
      const queries = spaceQueries(space);
      const warm = createSpaceStore(engine, space, 1);
      const architectures = Array.from({ length: 20 }, (_, index) => queries.samplePath(randomStream(1, "uses", index)));
      for (const turns of [[0], [0, 1], [7]]) {
        for (const architecture of architectures) {
          const fresh = createSpaceStore(engine, space, 1);
          const described = (store: typeof warm, net: ReturnType<typeof netOfSpace>): unknown => {
            const { weights, turns: nodes } = store.uses(net, turns);
            return [weights.map(({ weight: { key }, region, whole, used }) => ({ key, region, whole, used })), nodes];
          };
          expect(described(warm, netOfSpace(architecture))).toEqual(described(fresh, bind(space, architecture)));
          fresh.dispose();
        }
      }
      warm.dispose();
    }
  });

  it("allocates every size by itself under separate sharing", () => {
    const store = createSpaceStore(engine, tinySpace("separate"), 1);
    const filters = Object.keys(shapes(store)).filter((key) => key.startsWith("mix.conv/conv/filter"));
    expect(filters.sort()).toEqual(["3x3x4x4", "3x3x6x6", "3x3x8x8", "5x5x4x4", "5x5x6x6", "5x5x8x8"].map((size) => `mix.conv/conv/filter@${size}`));
    store.dispose();
  });

  it("asks only for the sizes that derived variables reach", () => {
    // doubled = 2 * width as a derived variable: a convolution from width to doubled has three sizes, not nine.
    const space = tinySpace("separate");
    const node = space.nodes[4]!;
    if (node.kind !== "operator") throw new Error("node 4 is a convolution");
    const channels = operators.get("conv")!.parameters[0]!.name;
    const requests = spaceRequests({
      ...space,
      variables: [...space.variables, { kind: "derived", id: 3, name: "doubled", domain: [8, 12, 16], parents: [0], table: [0, 1, 2] }],
      nodes: space.nodes.map((other) => (other === node ? { ...node, attributes: { ...node.attributes, kernel: { scope: [], cells: [3] }, [channels]: { scope: [3], cells: [8, 12, 16] } }, shape: { scope: [3], cells: [[8, 8, 8], [8, 8, 12], [8, 8, 16]] } } : other)),
    });
    expect(requests.get("mix.conv/conv/filter")!.map(({ shape }) => shape.join("x")).sort()).toEqual(["3x3x4x8", "3x3x6x12", "3x3x8x16"]);
  });

  it("draws initial values from seed and key alone", () => {
    const again = (seed: number, key: string): Float32Array => initialValues({ kind: "normal", deviation: 0.5 }, [40, 25], seed, key);
    expect(again(1, "a")).toEqual(again(1, "a"));
    expect(again(1, "a")).not.toEqual(again(2, "a"));
    expect(again(1, "a")).not.toEqual(again(1, "b"));
    const values = again(1, "a");
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) - 0.5)).toBeLessThan(0.05);
    const cut = initialValues({ kind: "truncated_normal", deviation: 1 }, [2000], 1, "c");
    expect(Math.max(...cut.map(Math.abs))).toBeLessThanOrEqual(2);
    const uniform = initialValues({ kind: "uniform", low: -3, high: -1 }, [2000], 1, "c");
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-3);
    expect(Math.max(...uniform)).toBeLessThan(-1);
  });

  it("takes leading channels and centre taps", () => {
    expect(sliceRegion(["centre", "centre", "leading", "leading"], [3, 3, 4, 6], [7, 5, 8, 8])).toEqual({ begin: [2, 1, 0, 0], size: [3, 3, 4, 6] });
  });

  it("hands out the stored tensor itself where a network uses all of it", () => {
    const store = createSpaceStore(engine, tinySpace(), 1);
    const uses = store.uses(netOf([2, 1, 0]));
    const tensors = engine.tensorCount();
    const views = store.gather(uses);
    expect(engine.tensorCount()).toBe(tensors);
    expect(views.every((view, index) => view === uses.weights[index]!.weight.tensor)).toBe(true);
    store.dispose();
  });

  it.each(["slice", "separate"] as const)("gives every architecture the output it has with its own weights (%s)", (sharing) => {
    const data = bars();
    const store = createSpaceStore(engine, tinySpace(sharing), 3);
    const batcher = new Batcher(engine, data);
    const before = engine.tensorCount();
    for (const architecture of ALL) {
      const net = netOf(architecture);
      const alone = storeFromWeights(engine, net, extractWeights(engine, store, net), "test");
      if (!alone.ok) throw new Error(alone.diagnostics[0]!.why);
      const [shared, own] = [store, alone.value].map((source) => engine.scope(() => engine.download(runNet(engine, net, source, batcher.batch("validation", [0, 1, 2, 3, 4]).images, { mode: "inference" })["classes"]!).slice()));
      expect(own).toEqual(shared);
      expect(shared!.some((value) => value !== 0)).toBe(true);
      alone.value.dispose();
    }
    expect(engine.tensorCount()).toBe(before);
    store.dispose();
  });

  it("has an empty heap after it is disposed", () => {
    const before = engine.tensorCount();
    const store = createSpaceStore(engine, tinySpace(), 1);
    store.prepareState(2);
    expect(engine.tensorCount()).toBeGreaterThan(before);
    store.dispose();
    expect(engine.tensorCount()).toBe(before);
  });

  it("refuses weights of another network", () => {
    const small = netOf([0, 0, 0]);
    const store = createNetStore(engine, small, 1);
    const weights = extractWeights(engine, store, small);
    const before = engine.tensorCount();
    const wrong = storeFromWeights(engine, netOf([1, 0, 0]), weights, "best.weights");
    expect(!wrong.ok && [wrong.diagnostics[0]!.code, wrong.diagnostics[0]!.why]).toEqual(["NAS6025", expect.stringContaining("3x3x1x4")]);
    expect(engine.tensorCount()).toBe(before);
    store.dispose();
  });
});
