/** What a search is, as hashes: two searches with equal identities ask the same candidates and get the same results. */
import { createHash } from "node:crypto";
import { datasetFingerprint } from "../data/load.js";
import type { Dataset } from "../data/dataset.js";
import { hashSpace } from "../ir/hash.js";
import type { SearchPlan } from "../ir/plan.js";
import type { StudyIdentity } from "./study.js";

/** Positions in the source are no part of what a plan means. */
const withoutSpans = (key: string, value: unknown): unknown => (key === "span" || key === "text" ? undefined : value);

/** Everything in a plan that can change a result, short. How `derive` trains is not part of it, nor are names. */
export function hashPlan(plan: SearchPlan): string {
  const { accelerator, data, supernet, ranker, explore, objectives, budgets } = plan;
  const relevant = { accelerator: { ...accelerator, name: "" }, validation: data.validation, limit: data.limit ?? null, supernet, ranker, explore, objectives, budgets };
  return createHash("sha256").update(JSON.stringify(relevant, withoutSpans)).digest("hex").slice(0, 16);
}

export function searchIdentity(plan: SearchPlan, data: Dataset, seed: number): StudyIdentity {
  return { space: hashSpace(plan.space), plan: hashPlan(plan), data: datasetFingerprint(data), seed };
}
