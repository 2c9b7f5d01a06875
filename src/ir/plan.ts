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
  /** Bytes per second, where declared; else one access per cycle. */
  readonly bandwidth?: number;
}

export type NumberFormat = "int8" | "int16" | "int32" | "fp16" | "fp32";
export type Dataflow = "weight_stationary" | "output_stationary" | "input_stationary" | "row_stationary" | "no_local_reuse";

export interface Chunk {
  readonly name: string;
  /** Rows, columns of processing elements. */
  readonly array: readonly [number, number];
  /** Operator names it runs; an operator that no chunk names runs on the first chunk (with a warning). */
  readonly runs: readonly string[];
  readonly dataflow: readonly Dataflow[];
  readonly precision: NumberFormat;
}

export interface Accelerator {
  readonly name: string;
  /** Nanometres. */
  readonly technology: number;
  /** Hertz. */
  readonly clock: number;
  /** Outermost first. */
  readonly memories: readonly MemoryLevel[];
  readonly chunks: readonly Chunk[];
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
