/** From settings to plans: defaults, units, constants, and that the declared accelerator is the declared one. */
import { describe, expect, it } from "vitest";
import { defaultAccelerator } from "../../../src/ir/plans/default-accelerator.js";
import type { Accelerator } from "../../../src/ir/plan.js";
import { checkText, programOf, searchOf, told } from "../check/programs.js";

const MINIMAL = "space S  maximize accuracy";

describe("search", () => {
  it("fills in every default", () => {
    const plan = searchOf(MINIMAL);
    expect(plan.seed).toBe(1);
    expect(plan.data).toEqual({ source: "glyphs", validation: 0.1 });
    expect(plan.supernet).toEqual({
      epochs: 10, batch: 64, labelSmoothing: 0, augment: { flip: false, shift: 0 }, sampler: "uniform", recalibration: 512,
      optimizer: { kind: "sgd", rate: 0.1, momentum: 0.9, beta1: 0.9, beta2: 0.999, weightDecay: 1e-4, schedule: "cosine", warmup: 0, clip: 0 },
    });
    expect(plan.derive).toEqual({ epochs: 20, batch: 64, labelSmoothing: 0, augment: { flip: false, shift: 0 }, optimizer: plan.supernet.optimizer });
    expect(plan.ranker).toEqual({ kind: "lambdarank", labels: ["supernet"] });
    expect(plan.explore).toEqual({ kind: "evolution", population: 50, generations: 20, parents: 25, mutation: 0.1, crossover: 0.5, proposals: 4 });
    expect(plan.budgets).toEqual([]);
    expect(plan.accelerator).toBe(defaultAccelerator);
  });

  it("reads everything that can be said", () => {
    const plan = searchOf(`
      space S
      seed 7
      data fashion_mnist { path "../data"  validation 0.2  limit 1K  batch 32 }
      supernet {
        sampler uniform  sharing separate  epochs 3  label_smoothing 0.05  recalibration 100  judge 50
        optimizer adamw { rate 0.01  beta1 0.8  beta2 0.9  weight_decay 0.5  schedule linear  warmup 0.5  clip 1 }
        augment { flip true  shift 2 }
      }
      ranker none
      explore random { population 5  generations 2 }
      maximize accuracy
      minimize energy, latency
      subject to params <= 100K, latency <= 2ms
      subject to accuracy >= 0.5
      derive { epochs 4  batch 16  optimizer sgd { momentum 0 } }`);
    expect(plan.seed).toBe(7);
    expect(plan.data).toEqual({ source: "fashion_mnist", path: "../data", validation: 0.2, limit: 1000 });
    expect(plan.space.sharing).toBe("separate");
    expect(plan.supernet).toEqual({
      epochs: 3, batch: 32, labelSmoothing: 0.05, augment: { flip: true, shift: 2 }, sampler: "uniform", recalibration: 100, judge: 50,
      optimizer: { kind: "adamw", rate: 0.01, momentum: 0, beta1: 0.8, beta2: 0.9, weightDecay: 0.5, schedule: "linear", warmup: 0.5, clip: 1 },
    });
    expect(plan.ranker).toEqual({ kind: "none", labels: [] });
    expect(plan.explore).toMatchObject({ kind: "random", population: 5, generations: 2 });
    expect(plan.objectives.map(({ metric, direction }) => [direction, metric])).toEqual([["maximize", "accuracy"], ["minimize", "energy"], ["minimize", "latency"]]);
    expect(plan.budgets.map(({ metric, relation, bound, text }) => [metric, relation, bound, text])).toEqual([
      ["params", "<=", 100_000, "params <= 100K"], ["latency", "<=", 0.002, "latency <= 2ms"], ["accuracy", ">=", 0.5, "accuracy >= 0.5"],
    ]);
    expect([plan.derive.epochs, plan.derive.batch, plan.derive.optimizer.momentum]).toEqual([4, 16, 0]);
  });

  it("takes constants of the program, and -D through them", () => {
    const text = "space S  seed SEED  data glyphs { limit 2 * HALF }  maximize accuracy  subject to latency <= LIMIT";
    const constants = "const SEED = 3\nconst HALF = 500\nconst LIMIT = 2ms\n";
    const plan = searchOf(text, constants);
    expect([plan.seed, plan.data.limit, plan.budgets[0]!.bound, plan.budgets[0]!.text]).toEqual([3, 1000, 0.002, "latency <= 2ms"]);
    const overridden = searchOf(text, constants, { SEED: "9", HALF: "1K" });
    expect([overridden.seed, overridden.data.limit]).toEqual([9, 2000]);
  });

  it("keeps the space as it is where sharing is not said", () => {
    const program = programOf(`space S { share separate  input image: f32[8, 8, 1]  output y = image -> conv(choose { 4, 8 }) -> global_pool -> dense(2) }\nsearch Main { ${MINIMAL} }`);
    expect(program.searches.get("Main")!.space).toBe(program.spaces.get("S"));
    expect(program.spaces.get("S")!.sharing).toBe("separate");
  });
});

describe("accelerator", () => {
  const accelerator = (body: string): Accelerator => programOf(`accelerator A { ${body} }`).accelerators.get("A")!;

  it("reads units into base units", () => {
    const { technology, clock, memories } = accelerator("technology 28nm  clock 0.5GHz  memory dram { width 128bit  bandwidth 76.8GBps }  memory buffer { size 1.5MB  width 64bit  read 10pJ  write 12pJ }  chunk c { array 2 x 3  runs conv }");
    expect([technology, clock]).toEqual([28, 5e8]);
    expect(memories).toEqual([{ name: "dram", width: 128, bandwidth: 76.8e9 }, { name: "buffer", size: 1.5 * 1024 * 1024, width: 64, readEnergy: 10e-12, writeEnergy: 12 * 1e-12 }]);
  });

  it("fills in defaults", () => {
    expect(accelerator("memory dram { }  chunk c { array 2 x 3  runs conv, shift }")).toMatchObject({
      technology: 45, clock: 250e6, memories: [{ name: "dram", width: 64 }],
      chunks: [{ name: "c", array: [2, 3], runs: ["conv", "shift"], dataflow: ["weight_stationary"], precision: "int8" }],
    });
  });

  it("reads several dataflows as a list, a chosen one as a decision", () => {
    const { chunks } = accelerator("memory dram { }  chunk c { array 2 x 3  runs conv  dataflow row_stationary, weight_stationary }");
    expect(chunks[0]!.dataflow).toEqual(["row_stationary", "weight_stationary"]);
    const { choices, variants } = accelerator("memory dram { }  chunk c { array 2 x 3  runs conv  dataflow choose { row_stationary, weight_stationary } }");
    expect(choices).toMatchObject([{ path: "A.c.dataflow", labels: ["row_stationary", "weight_stationary"], chunk: "c" }]);
    expect(variants!.map((variant) => variant.accelerator.chunks[0]!.dataflow)).toEqual([["row_stationary"], ["weight_stationary"]]);
  });

  it("reads memories, ports, copies, widths, maps and the mapper", () => {
    const read = accelerator(`
      area 2mm2
      memory dram { }
      memory buffer { size 64KB  width 128bit  ports { shared 2 }  banks 4  double_buffered false }
      memory sums { size 1KB  per column  holds outputs }
      memory local { size 64B  width 8bit  per pe  holds weights, inputs }
      chunk c { array 4 x 8  runs conv  map { rows reductions  columns k, p  inside q  stationary weights }  precision int16 { psum 24bit }  point 2pJ  area 500um2  share 0.25 }
      mapper { minimize energy  effort 10  least_use 0.5  factors perfect  keep_on_chip false  convention timeloop }`);
    expect(read.memories).toEqual([
      { name: "dram", width: 64 }, { name: "buffer", size: 65536, width: 128, ports: { read: 0, write: 0, shared: 2 }, banks: 4, doubleBuffered: false },
      { name: "sums", size: 1024, width: 64, per: "column", holds: ["outputs"] }, { name: "local", size: 64, width: 8, per: "pe", holds: ["weights", "inputs"] },
    ]);
    expect(read.chunks).toEqual([{
      name: "c", array: [4, 8], runs: ["conv"], dataflow: ["weight_stationary"], precision: "int16", widths: { psum: 24 }, pointEnergy: 2e-12, area: 500e-12, share: 0.25,
      map: { rows: ["reductions"], columns: ["k", "p"], inside: ["q"], stationary: "weights" },
    }]);
    expect(read.mapper).toEqual({ minimize: "energy", effort: 10, leastUse: 0.5, factors: "perfect", keepOnChip: false, convention: "timeloop" });
    expect(read.area).toBeCloseTo(2e-6, 12);
  });

  it("reads every combination of what is chosen, the last choice fastest, and leaves out what is too large", () => {
    const body = (area: string): string => `${area} clock choose { slow: 100MHz, fast: 200MHz }  memory dram { }  memory buffer { size choose 16KB..48KB by 16KB }  chunk c { array 2 x choose { 2, 4 }  runs conv }`;
    const { choices, variants, ...first } = accelerator(body(""));
    expect(choices!.map(({ path, labels, chunk }) => [path, labels, chunk])).toEqual([
      ["A.clock", ["slow", "fast"], undefined], ["A.buffer.size", ["16KB", "32KB", "48KB"], undefined], ["A.c.array.columns", ["2", "4"], "c"],
    ]);
    expect(variants!.map(({ accelerator: { clock, memories, chunks } }) => [clock / 1e6, memories[1]!.size! / 1024, chunks[0]!.array[1]])).toEqual(
      [100, 200].flatMap((clock) => [16, 32, 48].flatMap((size) => [2, 4].map((columns) => [clock, size, columns]))));
    expect(first).toEqual(variants![0]!.accelerator);
    // 16 KB of SRAM take 53,718 um2, an int8 multiplier with its accumulator 419.
    const bounded = accelerator(body("area 0.0556mm2")).variants!;
    expect(bounded.map(({ fits }) => fits)).toEqual([true, false, false, false, false, false, true, false, false, false, false, false]);
  });

  it.each(["eyeriss168", "eyeriss_hwnas", "tpu_like", "nvdla_like", "vitcod", "nasa_chunks"])("has %s in the standard library, with every memory and a mapper", (name) => {
    const read = programOf(`import { ${name} } from "std/accelerators"\n` + `space S { input x: f32[4]  output y = x -> dense(2) }\nsearch Main { space S on ${name}  maximize accuracy }`).searches.get("Main")!.accelerator;
    expect(read.mapper).toBeDefined();
    expect(read.memories.some(({ per }) => per === "pe")).toBe(true);
  });

  it("by default is the standard library's Edge", () => {
    const { span, ...edge } = programOf('import { Edge } from "std/accelerators"\n' + "space S { input x: f32[4]  output y = x -> dense(2) }\nsearch Main { space S on Edge  maximize accuracy }").searches.get("Main")!.accelerator;
    expect(span?.file).toBe("std/accelerators.nas");
    expect(edge).toEqual(defaultAccelerator);
  });
});

describe("the program of the design", () => {
  it("checks, with warnings for what comes later", () => {
    const outcome = checkText(`
import { MBConv } from "std/blocks"
const CLASSES = 10
/// A hybrid space for 28x28 images: each layer may multiply, shift or add.
space Hybrid28 {
  input image: f32[28, 28, 1]

  width = choose { 16, 24, 32 }              // one decision, shared by every use of \`width\`
  depth = choose 2..6                        // an inclusive range; \`by 2\` gives a step

  x = image -> conv(width, kernel = 3, stride = 2) -> batch_norm -> relu
  for i in 1..depth {                        // unrolled to the largest depth; later rounds are inactive
    x = x + (x -> choose mix {               // a labelled choice block, one decision per round: mix[1], mix[2], ...
      conv:  conv(width, kernel = choose { 3, 5 }) -> batch_norm
      shift: shift(width, kernel = 3) -> batch_norm
      add:   add(width, kernel = 3) -> batch_norm
      attn:  attention(heads = choose { 2, 4 }, kind = choose { softmax, linear }) if height(x) <= 14
      skip:  zero
    }) -> relu
  }
  output classes = x -> global_pool -> dense(CLASSES)

  require width % 8 == 0
}

accelerator Edge {
  technology 45nm   clock 250MHz
  memory dram   { width 64bit }
  memory buffer { size 108KB  width 64bit }
  chunk mac   { array 12 x 14  runs conv, dense, attention   dataflow choose { row_stationary, weight_stationary }  precision int8 }
  chunk shift { array 8 x 16   runs shift   dataflow weight_stationary }
  chunk adder { array 8 x 16   runs add     dataflow output_stationary }
}

search Main {
  space Hybrid28   on Edge
  data fashion_mnist { batch 128 }
  supernet { sampler uniform  sharing heterogeneous  epochs 5  optimizer sgd { rate 0.1  momentum 0.9  schedule cosine } }
  ranker lambdarank { labels supernet, energy, params }
  explore evolution { population 50  generations 20 }
  maximize accuracy
  minimize energy, latency
  subject to params <= 100K, latency <= 2ms
}

architecture Small of Hybrid28 { width = 16  depth = 2  mix[1] = add  mix[2] = conv  mix[2].kernel = 5 }
`);
    expect(told(outcome)).toEqual([
      "warning NAS2007 `MBConv` is imported but never used @ MBConv",
      "warning NAS2027 `sharing heterogeneous` is not available yet @ heterogeneous",
    ]);
    const plan = outcome.program!.searches.get("Main")!;
    expect([plan.supernet.batch, plan.derive.batch, plan.accelerator.name]).toEqual([128, 128, "Edge"]);
    expect(outcome.program!.architectures.get("Small")!.space).toBe("Hybrid28");
  });
});
