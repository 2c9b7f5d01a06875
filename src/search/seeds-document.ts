/**
 * What several seeds say together: the best network of each, the mean and spread of these, and the front of all of them. Accuracies are
 * those of each seed's own supernet.
 */
import type { SearchPlan } from "../ir/plan.js";
import { fronts, objectiveVector, type Values } from "./dominance.js";
import type { ParetoDocument } from "./pareto.js";
import type { SeedResult } from "./seed-pool.js";

type Member = ParetoDocument["members"][number];

/** `deviation` is that of a sample (n - 1); 0 for one value. */
export interface Spread { readonly mean: number; readonly deviation: number; readonly minimum: number; readonly maximum: number; readonly count: number }

/** The content of seeds.json. Values are in base units. */
export interface SeedsDocument {
  readonly schema: "nasc/1";
  readonly kind: "seeds";
  readonly search: string;
  readonly space: string;
  readonly units: Readonly<Record<string, string>>;
  readonly objectives: ParetoDocument["objectives"];
  readonly seeds: readonly { readonly seed: number; readonly folder: string; readonly state: "finished" | "stopped" | "failed"; readonly best: Member | null; readonly members: number; readonly trials: number }[];
  /** Over the seeds' best members by the first objective: each objective and budgeted metric. */
  readonly best: Readonly<Record<string, Spread>>;
  /** Members of the seeds' Pareto sets that no other of them dominates, the best by the first objective first. */
  readonly front: readonly (Member & { readonly seed: number })[];
}

export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, minimum: Math.min(...values), maximum: Math.max(...values), count };
}

const valuesOfMember = ({ accuracy, costs }: Member): Values => ({ ...costs, accuracy });

export function seedsDocument(plan: Pick<SearchPlan, "name" | "space" | "objectives" | "budgets">, results: readonly SeedResult[], nameOf: (folder: string) => string): SeedsDocument {
  const documentOf = ({ end }: SeedResult): ParetoDocument | undefined => (end.kind === "finished" ? end.document : undefined);
  const bestOf = (result: SeedResult): Member | undefined => documentOf(result)?.members[0];
  const bests = results.flatMap((result) => bestOf(result) ?? []).map(valuesOfMember);
  const metrics = [...new Set([...plan.objectives, ...plan.budgets].map(({ metric }) => metric))];
  const spreads = metrics.flatMap((metric) => {
    const values = bests.flatMap((values) => values[metric] ?? []);
    return values.length === 0 ? [] : [[metric, spreadOf(values)] as const];
  });
  const members = results.flatMap((result) => (documentOf(result)?.members ?? []).map((member) => ({ ...member, seed: result.seed })));
  const vectors = members.map((member) => objectiveVector(plan.objectives, valuesOfMember(member)));
  const [front = []] = fronts(vectors);
  const better = (a: number, b: number): number => {
    const objective = vectors[a]!.findIndex((value, index) => value !== vectors[b]![index]);
    return objective < 0 ? members[a]!.seed - members[b]!.seed || members[a]!.trial - members[b]!.trial : vectors[a]![objective]! - vectors[b]![objective]!;
  };
  return {
    schema: "nasc/1", kind: "seeds", search: plan.name, space: plan.space.name,
    units: results.map(documentOf).find((document) => document !== undefined)?.units ?? {},
    objectives: plan.objectives.map(({ metric, direction }) => ({ metric, direction })),
    seeds: results.map((result) => {
      const document = documentOf(result);
      return { seed: result.seed, folder: nameOf(result.folder), state: result.end.kind, best: bestOf(result) ?? null, members: document?.members.length ?? 0, trials: document?.counts.trials ?? 0 };
    }),
    best: Object.fromEntries(spreads),
    front: front.sort(better).map((index) => members[index]!),
  };
}
