/** What the check accepts runs: networks of random programs are trained, judged and cut out of their supernet. */
import { beforeAll, describe, expect, it } from "vitest";
import { randomStream } from "../../../src/random/stream.js";
import type { Engine } from "../../../src/runtime/engine.js";
import { examine } from "../../ir/programs/examine.js";
import { randomProgram } from "../../ir/programs/random-program.js";
import { engineForTests } from "../train/fixtures.js";
import { runSpace } from "./run-space.js";

const PROGRAMS = Number(process.env.NASC_RUNS ?? 25);

describe("random programs on the engine", () => {
  let engine: Engine;
  beforeAll(async () => { engine = await engineForTests(); });

  it("train, are judged, and are the same on weights of their own", async () => {
    const complaints: string[] = [];
    let networks = 0;
    for (let step = 0; step < PROGRAMS; step++) {
      const { text } = randomProgram(randomStream(12, "running program", step), { combinations: 200, mischief: 0.05 });
      const { space, nets } = examine(text, step);
      if (space === undefined) continue;
      networks += Math.min(nets.length, 3);
      try {
        const found = await runSpace(engine, space, nets.slice(0, 3), step);
        if (found.length > 0) complaints.push(`program ${step}: ${found.join("\n")}\n${text}`);
      } catch (error) {
        complaints.push(`program ${step} throws ${String(error instanceof Error ? error.stack?.slice(0, 800) : error)}\n${text}`);
      }
    }
    if (process.env.NASC_RUNS !== undefined) console.log(networks, "networks", complaints.length, "complaints\n", complaints.slice(0, 6).join("\n-----\n"));
    expect(complaints.slice(0, 3)).toEqual([]);
    expect(networks).toBeGreaterThan(PROGRAMS);
  });
});
