/**
 * Memory over 2,000 steps of a supernet, on each provider of kernels and on tfjs-node in a process of its own (what an earlier engine
 * leaves behind would count): as many tensors after every step, and resident memory flat. Garbage is collected before each look, because
 * V8 lets some tens of megabytes of it pile up in its own time.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { nativeEngine, nodeEngine, strictEngine } from "../runtime/engine/tested-engines.js";
import { whereHere } from "../where-here.js";

interface Measured { readonly steps: number; readonly tensors: readonly number[]; readonly leftByJudge: number; readonly resident: readonly (readonly [number, number])[] }

/** The first steps warm the compiler and the heap up: what comes after them must not grow by more than this. */
const WARM_UP = 500;
const GROWTH = 0.05;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const hosts = [{ ...strictEngine, variable: "assembly" }, { ...nativeEngine, variable: "native" }, { ...nodeEngine, variable: "" }];

for (const { title, name, variable, missing } of hosts) {
  whereHere(`2,000 training steps of a supernet with ${title}`, missing(), () => {
    it("keep the number of tensors, and resident memory stays flat", () => {
      const script = fileURLToPath(new URL("supernet-steps.mjs", import.meta.url));
      const said = execFileSync(process.execPath, ["--expose-gc", script, name], { encoding: "utf8", env: { ...process.env, ...(variable === "" ? {} : { NASC_KERNELS: variable }) } });
      const { steps, tensors, leftByJudge, resident } = JSON.parse(said) as Measured;
      expect(steps).toBeGreaterThanOrEqual(2000);
      expect(tensors.length).toBe(1);
      expect(leftByJudge).toBe(0);
      const settled = resident.filter(([step]) => step > WARM_UP).map(([, megabytes]) => megabytes);
      // Tenths at both ends: single samples jump.
      const tenth = Math.ceil(settled.length / 10);
      const [first, last] = [mean(settled.slice(0, tenth)), mean(settled.slice(-tenth))];
      console.warn(`${title}: ${tensors[0]} tensors; resident ${first.toFixed(0)} MB after ${WARM_UP} steps, ${last.toFixed(0)} MB at the end, ${Math.max(...settled).toFixed(0)} MB at most`);
      expect(last).toBeLessThan(first * (1 + GROWTH));
    });
  });
}
