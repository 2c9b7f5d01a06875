import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/runtime/engine.js";
import { judge } from "../../src/runtime/judge.js";
import { train } from "../../src/runtime/train.js";
import { createSpaceStore } from "../../src/runtime/weight-store.js";
import { architectureAt, bars, engineForTests, netOf, optimizer, tinySpace, trainPlan } from "../runtime/train/fixtures.js";

const MEGABYTE = 1 << 20;

/** Resident memory over steps: the least-squares slope, in MB per 1,000 steps. */
function slope(samples: readonly (readonly [number, number])[]): number {
  const mean = (index: 0 | 1): number => samples.reduce((sum, sample) => sum + sample[index], 0) / samples.length;
  const [x, y] = [mean(0), mean(1)];
  return (1000 * samples.reduce((sum, [step, megabytes]) => sum + (step - x) * (megabytes - y), 0)) / samples.reduce((sum, [step]) => sum + (step - x) ** 2, 0);
}

describe("1,000 training steps of a supernet", () => {
  it("keep the number of tensors, and resident memory stays flat", async () => {
    const engine: Engine = await engineForTests();
    const store = createSpaceStore(engine, tinySpace(), 1);
    const data = bars(192);
    const counts = new Set<number>();
    const resident: [number, number][] = [];
    const plan = trainPlan({ epochs: 84, batch: 16, optimizer: optimizer({ kind: "sgd", clip: 1 }) });
    const outcome = await train({
      engine, store, netAt: (step) => netOf(architectureAt(1, step), { drop: true }), data, plan, seed: 1,
      onProgress: ({ step }) => {
        counts.add(engine.tensorCount());
        if (step % 10 === 0) resident.push([step, process.memoryUsage().rss / MEGABYTE]);
      },
    });
    expect(outcome.ok && outcome.value.step).toBeGreaterThanOrEqual(1000);
    expect([...counts].length).toBe(1);
    // The first 200 steps warm the compiler and the heap up.
    const settled = resident.filter(([step]) => step > 200);
    const growth = slope(settled);
    const net = netOf([2, 1, 0]);
    const tensors = engine.tensorCount();
    judge({ engine, store, net, data, split: "test", recalibration: 96, batch: 16, seed: 1 });
    expect(engine.tensorCount()).toBe(tensors);
    console.warn(`tensors per step: ${[...counts].join()}; resident ${settled[0]![1].toFixed(0)} MB at step 210, ${settled.at(-1)![1].toFixed(0)} MB at step ${settled.at(-1)![0]}, slope ${growth.toFixed(2)} MB per 1,000 steps`);
    expect(growth).toBeLessThan(20);
    store.dispose();
  });
});
