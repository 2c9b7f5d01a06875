/**
 * Every setting of `accelerator`. Memories and chunks say what is there; `mapper` says that mappings of layers onto it are searched;
 * without it costs are lower bounds from compulsory traffic.
 */
import type { BufferSharing, Dataflow, MapperPlan, MaskSplit, NumberFormat, TensorRole } from "../plan.js";
import { predictorObjective, predictorWord } from "./predictor-settings.js";
import { count, flag, group, number, share, word } from "./setting-makers.js";
import type { SettingDescription, Word } from "./setting-types.js";

type Named<N extends string> = Word & { readonly name: N };

export const dataflowWords: readonly Named<Dataflow>[] = [
  { name: "weight_stationary", summary: "weights stay in the processing elements" },
  { name: "output_stationary", summary: "partial sums stay in the processing elements" },
  { name: "input_stationary", summary: "inputs stay in the processing elements" },
  { name: "row_stationary", summary: "rows of filters and of inputs stay, as in Eyeriss" },
  { name: "no_local_reuse", summary: "nothing stays" },
];

/** Storage of a word, where it is not as wide as the arithmetic. */
const widths: readonly SettingDescription[] = ["weights", "activations", "psum"].map((name) =>
  number(name, `bits of one stored word of ${name === "psum" ? "a partial sum" : name}`, { dimension: "bits", whole: true, minimum: 1 }, { defaultText: name === "psum" ? "of the accumulator" : "of the format" }));

export const formatWords: readonly Named<NumberFormat>[] = [
  { name: "int8", summary: "8-bit integers", settings: widths }, { name: "int16", summary: "16-bit integers", settings: widths }, { name: "int32", summary: "32-bit integers", settings: widths },
  { name: "fp16", summary: "half precision", settings: widths }, { name: "fp32", summary: "single precision", settings: widths },
];

export const tensorWords: readonly Named<TensorRole>[] = [
  { name: "weights", summary: "weights, or the second factor of a product of activations" },
  { name: "inputs", summary: "inputs" },
  { name: "outputs", summary: "outputs and partial sums" },
];

export const sharingWords: readonly Word[] = [
  { name: "chip", summary: "one for all arrays" },
  { name: "row", summary: "one for each row of an array" },
  { name: "column", summary: "one for each column of an array" },
  { name: "pe", summary: "one beside each processing element" },
];

const objectives: readonly Named<MapperPlan["minimize"]>[] = [
  { name: "edp", summary: "energy times latency" }, { name: "energy", summary: "energy, whatever it takes" }, { name: "latency", summary: "latency, the least energy of equals" },
];

const factors: readonly Named<MapperPlan["factors"]>[] = [
  { name: "padded", summary: "the last round of an axis may be partly empty" }, { name: "perfect", summary: "factors divide the loops they cut" },
];

export const conventionWords: readonly Named<MapperPlan["convention"]>[] = [
  { name: "physical", summary: "what hardware does: an output tile that leaves is read, double buffering halves a memory" },
  { name: "timeloop", summary: "as Timeloop counts: leaving output tiles are not read, double buffering takes no room" },
  { name: "hw_nas_bench", summary: "as HW-NAS-Bench's Eyeriss figures: Timeloop's counts, pooling billed as a dense convolution without arithmetic" },
];

const transferWords: readonly Named<MaskSplit["transfers"]>[] = [
  { name: "whole", summary: "every row takes whole cycles" }, { name: "exact", summary: "rows take what they take" },
];

const splitConventions: readonly Named<MaskSplit["convention"]>[] = [
  { name: "physical", summary: "the multipliers that the array has; the slowest head counts; decoding only where heads are fewer" },
  { name: "as_published", summary: "as ViTCoD's simulator: the mask of the first head for all, rows x rows multipliers for values and decoding" },
];

export const bufferSharingWords: readonly Named<BufferSharing>[] = [
  { name: "fixed", summary: "each chunk has a part of its own" }, { name: "dynamic", summary: "a chunk has what the layers beside it leave" },
];

/** Loops by name (`src/ops/nests.ts` says which operator has which), or all of a kind. */
export const loopNames: readonly string[] = ["reductions", "channels", "positions", "n", "g", "k", "c", "p", "q", "r", "s", "m", "h", "t", "u", "d", "e", "b"];

const loops = (name: string, summary: string): SettingDescription =>
  ({ name, summary: `${summary}: \`reductions\`, \`channels\`, \`positions\`, or loops by name`, type: { kind: "words", words: [], open: true } });

export const acceleratorSettings: readonly SettingDescription[] = [
  number("technology", "feature size of the process", { dimension: "length", minimum: 1e-9, maximum: 1e-6 }, { defaultValue: 45e-9 }),
  number("clock", "clock of all chunks", { dimension: "frequency", above: 0 }, { defaultValue: 250e6 }),
  number("area", "room for processing elements and on-chip memories", { dimension: "area", above: 0 }, { defaultText: "any" }),
  group("balance", "what chunks with `array balanced` divide so that none waits for another's arithmetic", [
    number("elements", "area, in processing elements of the first such chunk", { above: 0 }, { defaultText: "168" }), number("area", "area of processing elements", { dimension: "area", above: 0 }, { defaultText: "of `elements`" }),
  ]),
  word("share", "how chunks share the memories of the chip", bufferSharingWords, "fixed"),
  number("static", "power of the chip while a layer runs, whatever it does", { dimension: "power", minimum: 0 }, { defaultText: "not priced" }),
  {
    name: "memory", summary: "a memory level, outermost first; the first has no size", type: { kind: "name" }, required: true, repeatable: true,
    settings: [
      number("size", "capacity; the external memory has none", { dimension: "bytes", above: 0 }),
      number("width", "bits of one access", { dimension: "bits", whole: true, minimum: 1 }, { defaultValue: 64 }),
      number("read", "energy of reading `width` bits", { dimension: "energy", minimum: 0 }, { defaultText: "by size and technology" }),
      number("write", "energy of writing `width` bits", { dimension: "energy", minimum: 0 }, { defaultText: "as `read`" }),
      number("leak", "power of a copy that is in use, whatever it does", { dimension: "power", minimum: 0 }, { defaultText: "not priced" }),
      number("bandwidth", "traffic at most", { dimension: "bandwidth", above: 0 }, { defaultText: "one access per port and clock" }),
      word("per", "how many copies there are", sharingWords, "chip"),
      { name: "holds", summary: "what it keeps; the rest passes it by", type: { kind: "words", words: tensorWords }, defaultValue: ["weights", "inputs", "outputs"] },
      group("ports", "accesses that may start in one cycle", [
        count("read", "ports that read", 1, 0), count("write", "ports that write", 1, 0), count("shared", "ports that do either", 0, 0),
      ]),
      { name: "double_buffered", summary: "half of it is loaded while the other half works", type: { kind: "boolean" } },
      count("banks", "parts of which an access touches one; the size law prices a bank", 1),
    ],
  },
  {
    name: "chunk", summary: "an array of processing elements and what runs on it", type: { kind: "name" }, required: true, repeatable: true,
    settings: [
      { name: "array", summary: "rows x columns of processing elements; `balanced`, as a whole or for a side, is sized for each network", type: { kind: "array" }, required: true },
      { name: "runs", summary: "operators whose arithmetic it does", type: { kind: "words", words: [], open: true }, required: true },
      { name: "dataflow", summary: "what stays in place; of several the best for each layer", type: { kind: "words", words: dataflowWords }, defaultValue: ["weight_stationary"] },
      group("map", "which loops may run where, in place of a dataflow", [
        loops("rows", "loops across the rows of the array"), loops("columns", "loops across its columns"), loops("inside", "loops inside a processing element"),
        { name: "stationary", summary: "what stays while loops run that do not need it", type: { kind: "word", words: tensorWords } },
      ]),
      { ...word("precision", "number format of its arithmetic", formatWords, "int8") },
      number("brick", "multipliers of so many bits that an element divides into, for narrow operands side by side", { dimension: "bits", whole: true, minimum: 1 }, { defaultText: "undivided" }),
      flag("skip_zeros", "weights that are zero take no cycle", false),
      group("split_by_mask", "attention computes only what its mask keeps, dense keys beside single entries", [
        count("dense_above", "a key is dense that more queries attend to", 50, 0), word("transfers", "how long rows take to load", transferWords, "whole"), word("convention", "how work is counted", splitConventions, "physical"),
      ]),
      number("point", "energy of one innermost point", { dimension: "energy", minimum: 0 }, { defaultText: "of its arithmetic" }),
      { ...number("network", "energy of one word, as wide as the number format, that the links of the array deliver or collect", { dimension: "energy", minimum: 0 }, { defaultText: "not priced" }), settings: [
        number("psum", "energy of a partial sum of that width", { dimension: "energy", minimum: 0 }, { defaultText: "that of other words" }),
      ] },
      number("area", "of one processing element", { dimension: "area", above: 0 }, { defaultText: "of its arithmetic" }),
      number("share", "part of the chip's memories that is its own", { above: 0, maximum: 1 }, { defaultText: "an equal part" }),
      number("clock", "clock of this array", { dimension: "frequency", above: 0 }, { defaultText: "of the accelerator" }),
    ],
  },
  group("vector", "the vector unit: softmax, norms, activations, and pooling and copies that no chunk runs", [
    count("lanes", "operations per cycle", 64),
    word("precision", "number format of its arithmetic, its words, and parameters that no chunk holds", formatWords.map(({ name, summary }) => ({ name, summary })), "fp16"),
    number("add", "energy of an addition or comparison", { dimension: "energy", minimum: 0 }, { defaultText: "of the format" }),
    number("multiply", "energy of a multiplication", { dimension: "energy", minimum: 0 }, { defaultText: "of the format" }),
    number("special", "energy of an exponential, reciprocal or square root", { dimension: "energy", minimum: 0 }, { defaultText: "of four multiplications and a table look-up" }),
    flag("fuse", "activations, residual additions and other work of single elements are applied on the way out, without traffic", true),
  ]),
  group("mapper", "how layers are mapped onto the arrays", [
    word("minimize", "what a mapping is chosen for", [...objectives, predictorObjective], "edp"),
    count("effort", "mappings looked at for one layer at most", 100_000),
    share("least_use", "share of the fullest use of the array that is tried", 0),
    word("factors", "how loops are cut", factors, "padded"),
    flag("keep_on_chip", "activations of at most a third of a memory stay in it between layers", true),
    word("convention", "how accesses are counted", [...conventionWords, predictorWord], "physical"),
  ]),
];
