/**
 * What a report is drawn from. Everything beside the Pareto document and the trials may be absent (an unfinished or older run); the
 * report then says what is missing and why, instead of drawing nothing.
 */
import type { NetCost } from "../hw/cost-model.js";
import type { Pipeline } from "../hw/pipeline/pipeline.js";
import type { Net } from "../ir/net.js";
import type { DerivedDocument } from "../search/derive.js";
import type { ParetoDocument } from "../search/pareto.js";
import type { StudyTrial } from "../search/study.js";

/** Means over the training steps up to `step`; the runtime's curve point. */
export interface TrainingPoint { readonly step: number; readonly epoch: number; readonly loss: number; readonly accuracy: number; readonly rate: number }

/** The architecture that is drawn: by default the best by the first objective. */
export interface ChosenNetwork {
  readonly hash: string;
  readonly net: Net;
  readonly cost: NetCost;
  /** Where several chunks work side by side. */
  readonly pipeline?: Pipeline;
  /** Operator families of every Pareto member by hash, for the table. */
  readonly mixes?: Readonly<Record<string, OperatorMix>>;
}

/** How many operators of each kind that does arithmetic a network has. */
export type OperatorMix = Readonly<Record<string, number>>;

/** A network that was trained on its own: what the report shows of its document. */
export type DerivedNetwork = Pick<DerivedDocument, "hash" | "from" | "labels" | "test" | "validation" | "costs" | "epochs" | "seed">;

export interface Fact { readonly name: string; readonly value: string }

export interface ReportInput {
  readonly document: ParetoDocument;
  readonly trials: readonly StudyTrial[];
  /** In order of steps. */
  readonly curve?: readonly TrainingPoint[];
  readonly chosen?: ChosenNetwork;
  readonly derived?: readonly DerivedNetwork[];
  /** How costs are counted, in a few sentences. */
  readonly convention?: string;
  /** Distinct architectures of the space. */
  readonly spaceSize?: bigint;
  /** Further facts (search settings, data set), in the order shown. */
  readonly facts?: readonly Fact[];
  /** Commands that lead on, e.g. `nasc derive runs/Main`. */
  readonly commands?: readonly { readonly command: string; readonly purpose: string }[];
  /** What could not be found, in words. */
  readonly missing?: readonly string[];
}
