// Trains the supernet of the quickstart for 2,000 steps, judges one network, and prints what memory did. The argument is the engine (the
// default one without), NASC_KERNELS says its kernels; needs --expose-gc.
import { fileURLToPath } from "node:url";
import { checkText, readProgram } from "../../dist/cli/program-file.js";
import { loadDataset } from "../../dist/data/load.js";
import { createEngine } from "../../dist/runtime/create-engine.js";
import { judge } from "../../dist/runtime/judge.js";
import { pathSampler } from "../../dist/runtime/sampler.js";
import { train } from "../../dist/runtime/train.js";
import { createSpaceStore } from "../../dist/runtime/weight-store.js";

const SEED = 1;
const EPOCHS = 63;
const BATCH = 16;

function value(result) {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

const { program } = checkText(value(readProgram(fileURLToPath(new URL("../../samples/quickstart.nas", import.meta.url)))));
const [plan] = program.searches.values();
const data = value(await loadDataset({ ...plan.data, limit: 640, validation: 128 }, { seed: SEED }));
const engine = value(await createEngine(process.argv[2]));
const store = createSpaceStore(engine, plan.space, SEED);
const netAt = pathSampler(plan.space, SEED);
const tensors = new Set();
const resident = [];
const { step: steps } = value(await train({
  engine, store, netAt, data, seed: SEED, plan: { ...plan.supernet, epochs: EPOCHS, batch: BATCH },
  onProgress: ({ step }) => {
    tensors.add(engine.tensorCount());
    if (step % 50 !== 0) return;
    globalThis.gc();
    resident.push([step, process.memoryUsage().rss / 2 ** 20]);
  },
}));
const before = engine.tensorCount();
judge({ engine, store, net: netAt(0), data, split: "validation", recalibration: 64, batch: BATCH, seed: SEED });
console.log(JSON.stringify({ steps, tensors: [...tensors], leftByJudge: engine.tensorCount() - before, resident }));
