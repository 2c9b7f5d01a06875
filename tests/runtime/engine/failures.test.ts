import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createEngine } from "../../../src/runtime/create-engine.js";
import { HeapFullError } from "../../../src/runtime/heap.js";
import { train } from "../../../src/runtime/train.js";
import { createNetStore } from "../../../src/runtime/weight-store.js";
import { bars, netOf, trainPlan } from "../train/fixtures.js";
import { engineNamed } from "./compare.js";

const folder = mkdtempSync(join(tmpdir(), "nasc-engine-"));

it.each([["missing", undefined], ["damaged", "no module"]])("a %s kernel module is an error", async (name, content) => {
  const file = join(folder, `${name}.wasm`);
  if (content !== undefined) writeFileSync(file, content);
  const engine = await createEngine("wasm", { assemblyFile: file });
  expect(engine.ok ? [] : engine.diagnostics).toMatchObject([{ code: "NAS6030", why: expect.stringContaining(file) }]);
});

it("training that does not fit the heap is an error", async () => {
  const engine = await engineNamed("wasm");
  const store = createNetStore(engine, netOf([0, 0, 0]), 1);
  const full = { ...engine, gradients: () => { throw new HeapFullError(1 << 30); } };
  const outcome = await train({ engine: full, store, netAt: () => netOf([0, 0, 0]), data: bars(), plan: trainPlan(), seed: 1 });
  expect(outcome.ok ? [] : outcome.diagnostics).toMatchObject([{ code: "NAS6032", why: "with a batch of 16: no room for 1024 MB on the engine's heap, which ends at 4 GB" }]);
});
