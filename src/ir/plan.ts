/**
 * What `search` and `accelerator` declarations mean after checking: plain typed data with units resolved (seconds, joules, bytes,
 * bits, hertz) and defaults filled in. `src/runtime`, `src/hw` and `src/search` read these; only `src/ir` builds them.
 */
import type { Span } from "../diagnostics/model.js";
import type { Space, Architecture } from "./space.js";

export interface MemoryLevel {
  readonly name: string;
  /** Bytes; undefined for the outermost (dram). */
  readonly size?: number;
  /** Bits per access. */
  readonly width: number;
  /** Joules per access of `width` bits, where declared. */
  readonly readEnergy?: number;
  readonly writeEnergy?: number;
  /** Watts of a copy that is in use. */
  readonly leak?: number;
  /** Bytes per second, where declared; else one access per cycle. */
  readonly bandwidth?: number;
  /** One copy for each row, column or processing element of an array; absent: one for the chip. */
  readonly per?: "row" | "column" | "pe";
  /** What it keeps; the rest passes it by. Absent: everything. */
  readonly holds?: readonly TensorRole[];
  readonly ports?: MemoryPorts;
  /** Half the size works while the other half is loaded. Absent: so for memories of the chip, not for copies. */
  readonly doubleBuffered?: boolean;
  /** An access touches one of so many banks, and costs what a memory of that size costs. */
  readonly banks?: number;
}

export type TensorRole = "weights" | "inputs" | "outputs";

/** How many accesses may start in one cycle. */
export interface MemoryPorts { readonly read: number; readonly write: number; readonly shared: number }

/** Bits of one stored word, where they are not those of the number format. */
export interface TensorWidths { readonly weights?: number; readonly activations?: number; readonly psum?: number }

/** Which loops may run in space and which tensor stays: what a dataflow says, written out. Dimensions by name, or by what they index. */
export interface MapRules {
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
  /** Loops that may run inside a processing element. */
  readonly inside?: readonly string[];
  readonly stationary?: TensorRole;
}

export interface MapperPlan {
  readonly minimize: "energy" | "latency" | "edp";
  /** Mappings looked at for one layer at most. */
  readonly effort: number;
  /** Share of the fullest use of the array that a spatial choice has at least. */
  readonly leastUse: number;
  /** Factors divide the loops they cut, or may leave the last round partly empty. */
  readonly factors: "perfect" | "padded";
  /** Activations that fit stay on the chip between two layers. */
  readonly keepOnChip: boolean;
  readonly convention: "physical" | "timeloop" | "hw_nas_bench";
}

/** The closed-form predictor of HW-NAS-Bench, ShiftAddNAS and NASA in place of the general mapper (hardware.md 2.7). */
export interface PredictorPlan {
  /** `normalised_sum`: relative energy plus relative latency, over all tilings of a layer. */
  readonly minimize: MapperPlan["minimize"] | "normalised_sum";
  /** Used elements are fewer than the array has, or fit its rows and columns besides. */
  readonly places: "count" | "sides";
  /** Convolutions in groups are one for each group, or billed as if there were no groups. */
  readonly groups: "each" | "dense";
  /** Windows of pooling are a convolution of all channels without arithmetic, or cost nothing. */
  readonly pooling: "dense" | "free";
  /** Inputs and weights of adder layers cost something only in the registers (a premise of ShiftAddNAS), or what others do. */
  readonly adders: "free" | "billed";
  /** A layer may fill the buffer, or the part of its chunk. */
  readonly buffer: "whole" | "parts";
  /** What no template covers (vector work, copies, pooling on no chunk) costs nothing, or its compulsory traffic and work. */
  readonly others: "free" | "compulsory";
}

/** A field of an accelerator that is searched with the network. */
export interface AcceleratorChoice {
  /** `Edge.mac.array`. */
  readonly path: string;
  readonly labels: readonly string[];
  /** The chunk whose operators depend on it; absent: everything does. */
  readonly chunk?: string;
  readonly span: Span;
}

export type NumberFormat = "int8" | "int16" | "int32" | "fp16" | "fp32";
export type Dataflow = "weight_stationary" | "output_stationary" | "input_stationary" | "row_stationary" | "no_local_reuse";

/** An array that computes only what a mask of attention keeps: a part of its rows for dense key columns, the rest for single entries. */
export interface MaskSplit {
  /** A key that more queries than this attend to is dense. */
  readonly denseAbove: number;
  /** Transfers of a row take whole cycles, or what they take. */
  readonly transfers: "whole" | "exact";
  /** `physical` counts the units the array has and waits for the slowest head; `as_published` as the released simulator (hardware.md 5). */
  readonly convention: "physical" | "as_published";
}

export interface Chunk {
  readonly name: string;
  /** Rows, columns of processing elements. */
  readonly array: readonly [number, number];
  /** Operator names it runs; an operator that no chunk names runs on the first chunk (with a warning). */
  readonly runs: readonly string[];
  readonly dataflow: readonly Dataflow[];
  readonly precision: NumberFormat;
  readonly widths?: TensorWidths;
  /** Bits of the multipliers that an element divides into; narrow operands run side by side on them. */
  readonly brick?: number;
  /** Weights that are zero take no cycle. */
  readonly skipsZeros?: true;
  readonly map?: MapRules;
  /** Joules of one innermost point, in place of the price of its arithmetic. */
  readonly pointEnergy?: number;
  /** Joules of one word of its number format that the links of its array deliver to a copy, or take from one. Absent: links cost nothing. */
  readonly networkEnergy?: number;
  /** The same of partial sums, where that differs (predictor only). */
  readonly networkSumEnergy?: number;
  /** Hertz, where it is not that of the accelerator (predictor only). */
  readonly clock?: number;
  /** Square metres of one processing element. */
  readonly area?: number;
  readonly maskSplit?: MaskSplit;
  /** Part of the memories of the chip that is its own; absent: an equal part. */
  readonly share?: number;
  /** The array is sized for each network (`array` is where that starts); a side given here stays. */
  readonly sized?: SizedSides;
  /** Part of the memories of the chip that the layers running on other chunks leave: set while a layer is priced, never declared. */
  readonly room?: number;
}

/** Sides of an array that are declared, where the other is not. */
export interface SizedSides { readonly rows?: number; readonly columns?: number }

/** Chunks have parts of the chip's memories of their own, or what the layers beside theirs leave. */
export type BufferSharing = "fixed" | "dynamic";

/** What runs vector work: softmax, norms, activations, and pooling and copies that no chunk names. Energies that are absent are those of its format. */
export interface VectorPlan {
  /** Operations per cycle. */
  readonly lanes: number;
  /** Of its words, and of parameters that no chunk holds. */
  readonly precision: NumberFormat;
  /** Joules of an addition or comparison, of a multiplication, of an exponential, reciprocal or square root. */
  readonly addEnergy?: number;
  readonly multiplyEnergy?: number;
  readonly specialEnergy?: number;
  /** `false`: what could be applied on the way out of an operator is read, computed and written like other vector work. */
  readonly fuse: boolean;
}

export interface Accelerator {
  readonly name: string;
  /** Nanometres. */
  readonly technology: number;
  /** Hertz. */
  readonly clock: number;
  /** Watts of the chip while a layer runs, whatever it does. */
  readonly staticPower?: number;
  /** Outermost first. */
  readonly memories: readonly MemoryLevel[];
  readonly chunks: readonly Chunk[];
  readonly vector?: VectorPlan;
  /** Present where mappings are searched; absent: costs are lower bounds from compulsory traffic. */
  readonly mapper?: MapperPlan;
  /** Present where a predictor's templates stand in for the mapper; there is no `mapper` then. */
  readonly predictor?: PredictorPlan;
  /** Square metres that the chip may have. */
  readonly area?: number;
  /** Square metres of processing elements that the chunks with `sized` arrays divide; present where there are such chunks. */
  readonly balancedArea?: number;
  /** Absent: `fixed`. */
  readonly sharing?: BufferSharing;
  /** Fields to choose; the accelerator itself stands for the first combination within its area. */
  readonly choices?: readonly AcceleratorChoice[];
  /** The accelerator for every combination (mixed radix over `choices`, last fastest), and whether it is within its area. */
  readonly variants?: readonly { readonly accelerator: Accelerator; readonly fits: boolean }[];
  readonly span?: Span;
}

export type Schedule = "constant" | "cosine" | "linear";

export interface OptimizerPlan {
  readonly kind: "sgd" | "adam" | "adamw";
  readonly rate: number;
  readonly momentum: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
  readonly schedule: Schedule;
  /** Epochs of linear warm-up (may be fractional). */
  readonly warmup: number;
  /** Global gradient norm bound; 0 = off. */
  readonly clip: number;
}

export interface TrainPlan {
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: OptimizerPlan;
  readonly labelSmoothing: number;
  /** Random horizontal flip, and shift by up to `shift` pixels. */
  readonly augment: { readonly flip: boolean; readonly shift: number };
}

export interface DataPlan {
  /** `glyphs` (built in), `idx`, `cifar`, `csv`, or a name that only --data can place (`fashion_mnist`). */
  readonly source: string;
  readonly path?: string;
  /** Examples held out of the training part for search; < 1 is a fraction. */
  readonly validation: number;
  /** Use only the first n training (and a proportional number of test) examples; undefined = all. Glyphs: how many to draw. */
  readonly limit?: number;
}

export interface SupernetPlan extends TrainPlan {
  readonly sampler: "uniform";
  /** Training examples used to recalibrate batch norm before judging a subnet. */
  readonly recalibration: number;
  /** Validation examples used to judge a subnet; undefined = all. */
  readonly judge?: number;
}

export interface RankerPlan { readonly kind: "lambdarank" | "none"; readonly labels: readonly string[] }

export interface ExplorePlan {
  readonly kind: "evolution" | "random";
  readonly population: number;
  readonly generations: number;
  readonly parents: number;
  /** Probability that a gene is redrawn. */
  readonly mutation: number;
  /** Share of the offspring made by crossover. */
  readonly crossover: number;
  /** Offspring proposed per evaluation, of which the ranker keeps the best. */
  readonly proposals: number;
}

/** Metric names: accuracy, or a cost of src/hw (energy, latency, params, macs, ...). */
export interface Objective { readonly metric: string; readonly direction: "maximize" | "minimize"; readonly span?: Span }
/** bound in base units (seconds, joules, bytes, count). */
export interface Budget { readonly metric: string; readonly relation: "<=" | ">="; readonly bound: number; readonly text: string; readonly span?: Span }

export interface SearchPlan {
  readonly name: string;
  readonly space: Space;
  readonly accelerator: Accelerator;
  readonly seed: number;
  readonly data: DataPlan;
  readonly supernet: SupernetPlan;
  readonly ranker: RankerPlan;
  readonly explore: ExplorePlan;
  readonly objectives: readonly Objective[];
  readonly budgets: readonly Budget[];
  /** How `nasc derive` retrains the chosen network. */
  readonly derive: TrainPlan;
  readonly span?: Span;
}

export interface NamedArchitecture { readonly name: string; readonly space: string; readonly architecture: Architecture; readonly span?: Span }

/** A whole checked program: what every later stage starts from. */
export interface CheckedProgram {
  readonly file: string;
  readonly spaces: ReadonlyMap<string, Space>;
  readonly accelerators: ReadonlyMap<string, Accelerator>;
  readonly searches: ReadonlyMap<string, SearchPlan>;
  readonly architectures: ReadonlyMap<string, NamedArchitecture>;
}
