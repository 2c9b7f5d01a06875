import { mkdirSync, mkdtempSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeCheckpoint } from "../../../src/runtime/checkpoint.js";
import type { Engine } from "../../../src/runtime/engine.js";
import { train, type TrainOptions, type TrainOutcome } from "../../../src/runtime/train.js";
import { readTensorFile as readTensors } from "../../../src/runtime/tensor-file.js";
import { judge } from "../../../src/runtime/judge.js";
import { createNetStore, createSpaceStore, type WeightStore } from "../../../src/runtime/weight-store.js";
import { architectureAt, bars, engineForTests, netOf, optimizer, tinySpace, trainPlan } from "./fixtures.js";

let engine: Engine;
beforeAll(async () => { engine = await engineForTests(); });

const folder = (): string => mkdtempSync(join(tmpdir(), "nasc-train-"));
const data = bars();
const supernetNets = (step: number) => netOf(architectureAt(1, step), { drop: true });

async function run(store: WeightStore, options: Partial<TrainOptions> = {}): Promise<TrainOutcome> {
  const result = await train({ engine, store, netAt: supernetNets, data, plan: trainPlan(), seed: 1, ...options });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

/** The values of all stored tensors. */
const snapshot = (store: WeightStore): Map<string, Float32Array> => new Map([...store.weights.values()].map(({ key, tensor }) => [key, engine.download(tensor).slice()]));

describe("resuming", () => {
  for (const kind of ["sgd", "adamw"] as const) {
    for (const where of ["supernet", "network alone"] as const) {
      it(`is bit for bit equal to the uninterrupted run (${kind}, ${where})`, async () => {
        const plan = trainPlan({ epochs: 5, augment: { flip: true, shift: 1 }, optimizer: optimizer({ kind, rate: kind === "sgd" ? 0.1 : 0.01, warmup: 0.5, clip: 1 }) });
        const alone = netOf([1, 1, 0], { drop: true });
        const make = (seed: number): WeightStore => (where === "supernet" ? createSpaceStore(engine, tinySpace(), seed) : createNetStore(engine, alone, seed));
        const netAt = where === "supernet" ? supernetNets : () => alone;
        const [straightPath, stoppedPath] = [join(folder(), "a.checkpoint"), join(folder(), "b.checkpoint")];
        const straight = make(1);
        const outcome = await run(straight, { netAt, plan, checkpoint: straightPath });
        expect([outcome.stopped, outcome.step]).toEqual([false, 30]);

        const first = make(1);
        let asked = 0;
        const stopped = await run(first, { netAt, plan, checkpoint: stoppedPath, shouldStop: () => asked++ === 13 });
        expect([stopped.stopped, stopped.step]).toEqual([true, 13]);
        // Another seed: everything must come from the checkpoint, nothing from the fresh store.
        const second = make(99);
        const resumed = await run(second, { netAt, plan, checkpoint: stoppedPath });
        expect([resumed.stopped, resumed.step]).toEqual([false, 30]);
        expect(resumed.curve).toEqual(outcome.curve);
        expect(readFileSync(stoppedPath).equals(readFileSync(straightPath))).toBe(true);
        expect(snapshot(second)).toEqual(snapshot(straight));
        for (const store of [straight, first, second]) store.dispose();
      });
    }
  }

  it("of a finished run changes nothing", async () => {
    const path = join(folder(), "a.checkpoint");
    const store = createSpaceStore(engine, tinySpace(), 1);
    const outcome = await run(store, { checkpoint: path });
    const bytes = readFileSync(path);
    const again = createSpaceStore(engine, tinySpace(), 1);
    let steps = 0;
    expect(await run(again, { checkpoint: path, onProgress: () => steps++ })).toEqual(outcome);
    expect(steps).toBe(0);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    store.dispose();
    again.dispose();
  });
});

describe("a checkpoint", () => {
  it("of another seed, plan, data or space is refused and left alone", async () => {
    const path = join(folder(), "a.checkpoint");
    const store = createSpaceStore(engine, tinySpace(), 1);
    await run(store, { checkpoint: path });
    const bytes = readFileSync(path);
    const attempts: Partial<TrainOptions>[] = [{ seed: 2 }, { plan: trainPlan({ epochs: 6 }) }, { plan: trainPlan({ optimizer: optimizer({ rate: 0.2 }) }) }, { data: bars(80) }, { identity: "another space" }];
    for (const attempt of attempts) {
      const result = await train({ engine, store, netAt: supernetNets, data, plan: trainPlan(), seed: 1, checkpoint: path, ...attempt });
      expect(!result.ok && result.diagnostics[0]!.code).toBe("NAS6022");
    }
    const separate = createSpaceStore(engine, tinySpace("separate"), 1);
    const result = await train({ engine, store: separate, netAt: supernetNets, data, plan: trainPlan(), seed: 1, checkpoint: path });
    expect(!result.ok && result.diagnostics[0]!.code).toBe("NAS6022");
    expect(readFileSync(path).equals(bytes)).toBe(true);
    store.dispose();
    separate.dispose();
  });

  it("that is damaged falls back to the one before, to the same end", async () => {
    const path = join(folder(), "a.checkpoint");
    const store = createSpaceStore(engine, tinySpace(), 1);
    let asked = 0;
    await run(store, { checkpoint: path, checkpointEvery: 4, shouldStop: () => asked++ === 11 });
    truncateSync(path, 1000);
    const resumed = createSpaceStore(engine, tinySpace(), 5);
    const result = await train({ engine, store: resumed, netAt: supernetNets, data, plan: trainPlan(), seed: 1, checkpoint: path, checkpointEvery: 4 });
    expect(result.ok && result.warnings.map(({ code }) => code)).toEqual(["NAS6027"]);
    const uninterrupted = createSpaceStore(engine, tinySpace(), 1);
    await run(uninterrupted);
    expect(snapshot(resumed)).toEqual(snapshot(uninterrupted));
    for (const one of [store, resumed, uninterrupted]) one.dispose();
  });

  it("that was killed between its two renames is found", async () => {
    const path = join(folder(), "a.checkpoint");
    const store = createSpaceStore(engine, tinySpace(), 1);
    let asked = 0;
    await run(store, { checkpoint: `${path}`, shouldStop: () => asked++ === 7 });
    renameSync(path, `${path}.previous`);
    writeFileSync(`${path}.partial`, "half");
    const steps: number[] = [];
    await run(store, { checkpoint: path, onProgress: ({ step }) => steps.push(step) });
    expect(steps[0]).toBe(8);
    store.dispose();
  });

  it("that cannot be read at all is an error, not a fresh start", async () => {
    const path = join(folder(), "a.checkpoint");
    const store = createSpaceStore(engine, tinySpace(), 1);
    for (const content of ["", "not a checkpoint at all, but long enough to hold a header and more", "NASCTENS".padEnd(200, "x")]) {
      writeFileSync(path, content);
      const result = await train({ engine, store, netAt: supernetNets, data, plan: trainPlan(), seed: 1, checkpoint: path });
      expect(!result.ok && result.diagnostics[0]!.code).toBe("NAS6021");
      expect(readFileSync(path, "utf8")).toBe(content);
    }
    store.dispose();
  });

  it("with any bit flipped is refused", async () => {
    const path = join(folder(), "a.checkpoint");
    const store = createSpaceStore(engine, tinySpace(), 1);
    let asked = 0;
    await run(store, { checkpoint: path, shouldStop: () => asked++ === 1 });
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at += Math.floor(bytes.length / 23)) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << (at % 8);
      writeFileSync(path, damaged);
      const result = await train({ engine, store, netAt: supernetNets, data, plan: trainPlan(), seed: 1, checkpoint: path });
      expect(!result.ok && result.diagnostics[0]!.code).toBe("NAS6021");
    }
    store.dispose();
  });

  it("that cannot be written is an error", async () => {
    const base = folder();
    writeFileSync(join(base, "file"), "");
    const store = createSpaceStore(engine, tinySpace(), 1);
    const below = await train({ engine, store, netAt: supernetNets, data, plan: trainPlan(), seed: 1, checkpoint: join(base, "file", "a.checkpoint") });
    expect(!below.ok && below.diagnostics[0]!.code).toBe("NAS6023");
    mkdirSync(join(base, "a.checkpoint.partial"));
    const blocked = await train({ engine, store, netAt: supernetNets, data, plan: trainPlan(), seed: 1, checkpoint: join(base, "a.checkpoint") });
    expect(!blocked.ok && blocked.diagnostics[0]!.code).toBe("NAS6023");
    store.dispose();
  });

  it("is a pure function of the state", () => {
    const state = { step: 0, curve: [], window: { steps: 0, loss: 0, accuracy: 0 } };
    const [a, b] = [createSpaceStore(engine, tinySpace(), 1), createSpaceStore(engine, tinySpace(), 1)];
    expect(Buffer.from(encodeCheckpoint(engine, a, "x", state)).equals(Buffer.from(encodeCheckpoint(engine, b, "x", state)))).toBe(true);
    a.dispose();
    b.dispose();
  });
});

describe("isolation", () => {
  it("a step on one path leaves every weight of other paths, and its momentum, bit for bit", async () => {
    const store = createSpaceStore(engine, tinySpace(), 1);
    const path = join(folder(), "a.checkpoint");
    const plan = trainPlan({ optimizer: optimizer({ weightDecay: 0.1, schedule: "constant" }) });
    // Some momentum everywhere first, then one step on the skip path of width 6.
    const netAt = (step: number) => netOf(step < 12 ? architectureAt(1, step) : [1, 0, 1]);
    let asked = 0;
    await run(store, { netAt, plan, checkpoint: path, shouldStop: () => asked++ === 12 });
    const before = readCheckpoint(path);
    asked = 0;
    await run(store, { netAt, plan, checkpoint: path, shouldStop: () => asked++ === 1 });
    const after = readCheckpoint(path);
    const skip = [...before.keys()].filter((name) => name.startsWith("mix.conv/"));
    expect(skip.length).toBeGreaterThanOrEqual(6);
    for (const name of skip) expect(after.get(name)!.values).toEqual(before.get(name)!.values);

    // In the shared stem the last two of eight channels are not used at width 6.
    for (const name of [...before.keys()].filter((key) => key.startsWith("stem/") && !key.includes("mean") && !key.includes("variance"))) {
      const channels = before.get(name)!.shape.at(-1)!;
      expect(channels).toBe(8);
      const changed = before.get(name)!.values.map((value, i) => (value === after.get(name)!.values[i] ? 0 : 1));
      expect(changed.filter((_, i) => i % channels >= 6).every((flag) => flag === 0)).toBe(true);
      expect(changed.filter((_, i) => i % channels < 6).some((flag) => flag === 1)).toBe(true);
    }
    store.dispose();
  });

  it.each(["sgd", "adam", "adamw"] as const)("a sliced update equals the update of a network that owns the slice (%s)", async (kind) => {
    const net = netOf([0, 0, 0]);
    const shared = createSpaceStore(engine, tinySpace(), 4);
    const own = createNetStore(engine, net, 4);
    const uses = shared.uses(net);
    engine.scope(() => shared.gather(uses).forEach((tensor, index) => {
      const weight = own.weights.get(uses.weights[index]!.weight.key)!;
      engine.writeRegion(weight.tensor, tensor, weight.shape.map(() => 0));
    }));
    const plan = trainPlan({ epochs: 3, optimizer: optimizer({ kind, rate: kind === "sgd" ? 0.1 : 0.01, weightDecay: 0.05, clip: 2 }) });
    await run(shared, { netAt: () => net, plan });
    await run(own, { netAt: () => net, plan });
    const views = engine.scope(() => shared.gather(uses).map((tensor) => engine.download(tensor).slice()));
    uses.weights.forEach(({ weight }, index) => {
      if (weight.role === "parameter") expect([weight.key, views[index]]).toEqual([weight.key, engine.download(own.weights.get(weight.key)!.tensor)]);
    });
    shared.dispose();
    own.dispose();
  });
});

function readCheckpoint(path: string): ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }> {
  const file = readTensors(path);
  if ("problem" in file) throw new Error(file.problem);
  return file.tensors;
}

describe("training", () => {
  it("learns, alone and as a supernet, and keeps the number of tensors", async () => {
    const plan = trainPlan({ epochs: 12 });
    for (const [store, netAt] of [[createSpaceStore(engine, tinySpace(), 1), supernetNets], [createNetStore(engine, netOf([2, 1, 0]), 1), () => netOf([2, 1, 0])]] as const) {
      const net = netOf([2, 1, 0]);
      const counts = new Set<number>();
      const outcome = await run(store, { netAt, plan, onProgress: () => counts.add(engine.tensorCount()) });
      expect(counts.size).toBe(1);
      // Points of a supernet belong to different paths, some of them weak: compare epochs, not steps.
      const mean = (points: readonly { readonly loss: number }[]): number => points.reduce((sum, { loss }) => sum + loss, 0) / points.length;
      expect(mean(outcome.curve.slice(-12))).toBeLessThan(0.8 * mean(outcome.curve.slice(0, 12)));
      expect(judge({ engine, store, net, data, split: "test", recalibration: 96, batch: 16, seed: 1 }).accuracy).toBeGreaterThan(0.7);
      store.dispose();
    }
  });

  it("reports each step", async () => {
    const store = createSpaceStore(engine, tinySpace(), 1);
    const steps: number[] = [];
    await run(store, { onProgress: (progress) => { steps.push(progress.step); expect(progress.epoch).toBe(Math.ceil(progress.step / 6)); expect(progress.imagesPerSecond).toBeGreaterThan(0); } });
    expect(steps).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    store.dispose();
  });

  it("says when it diverges, and keeps the last good checkpoint", async () => {
    const path = join(folder(), "a.checkpoint");
    const store = createNetStore(engine, netOf([1, 0, 1]), 1);
    const result = await train({ engine, store, netAt: () => netOf([1, 0, 1]), data, plan: trainPlan({ optimizer: optimizer({ rate: 1e30, schedule: "constant" }) }), seed: 1, checkpoint: path, checkpointEvery: 1 });
    expect(!result.ok && result.diagnostics[0]!.code).toBe("NAS6020");
    // The step that first gave no number was not saved: what is there has a finite loss in every point of its curve.
    const file = readTensors(path);
    if ("problem" in file) throw new Error(file.problem);
    const { state } = file.header as { state: { step: number; curve: { loss: number }[] } };
    expect(state.step).toBeGreaterThanOrEqual(1);
    expect(state.curve.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(!result.ok && result.diagnostics[0]!.title).toBe(`training diverged at step ${state.step + 1}`);
    store.dispose();
  });

  it("refuses data that does not fit, and senseless plans", async () => {
    const net = netOf([0, 0, 0], { side: 10 });
    const store = createNetStore(engine, net, 1);
    const misfit = await train({ engine, store, netAt: () => net, data, plan: trainPlan(), seed: 1 });
    expect(!misfit.ok && [misfit.diagnostics[0]!.code, misfit.diagnostics[0]!.why]).toEqual(["NAS6015", expect.stringContaining("10x10x1; the images are 8x8x1")]);
    const classes = await train({ engine, store, netAt: () => netOf([0, 0, 0]), data: { ...data, classes: 5 }, plan: trainPlan(), seed: 1 });
    expect(!classes.ok && classes.diagnostics[0]!.code).toBe("NAS6015");
    const senseless = await train({ engine, store, netAt: () => netOf([0, 0, 0]), data, plan: trainPlan({ epochs: 0 }), seed: 1 });
    expect(!senseless.ok && senseless.diagnostics[0]!.code).toBe("NAS6028");
    store.dispose();
  });
});
