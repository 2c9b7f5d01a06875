// Judges candidates as a worker does, but with nobody handing them out one by one: told once which, it judges all of them at each "round".
import { loadDataset } from "../../dist/data/load.js";
import { createEngine } from "../../dist/runtime/create-engine.js";
import { loadSupernet } from "../../dist/search/supernet-file.js";
import { subnetJudge } from "../../dist/search/subnet-judge.js";
import { value } from "../measuring.mjs";

let judge;
let candidates;

process.on("message", async (message) => {
  if (message === "round") {
    const started = performance.now();
    const before = process.cpuUsage();
    for (const architecture of candidates) judge(architecture);
    const { user, system } = process.cpuUsage(before);
    process.send({ milliseconds: performance.now() - started, processor: (user + system) / 1000 });
    return;
  }
  const { setup: { plan, seed, weights, engine: name, arithmetic }, architectures } = message;
  candidates = architectures;
  const data = value(await loadDataset(plan.data, { seed }));
  const engine = value(await createEngine(name, { threads: 1, arithmetic }));
  ({ judge } = subnetJudge({ plan, seed, data, engine, store: value(loadSupernet(weights, engine, plan.space)) }));
  process.send("ready");
});
process.on("disconnect", () => process.exit(0));
