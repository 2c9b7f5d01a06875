/**
 * Explains how a combination comes about: from a witness of the proof, the decisions that matter for it and where they are made.
 */
import type { Span } from "../../diagnostics/model.js";
import type { Value, Variable, VariableId } from "../space.js";
import { evaluateValue } from "../values.js";
import type { Elaboration } from "./elaboration.js";

export interface Witness {
  /** `width = 12, mix[1].heads = 8`; empty where no decision matters. */
  readonly text: string;
  readonly causes: readonly { readonly span: Span; readonly text: string }[];
  /** A domain index per variable. */
  readonly assignment: readonly number[];
}

/** Fills in derived variables; decisions that are not given take their first option. */
export function complete(variables: readonly Variable[], given: ReadonlyMap<VariableId, number>): number[] {
  const assignment: number[] = [];
  for (const variable of variables) {
    if (variable.kind === "decision") { assignment.push(given.get(variable.id) ?? 0); continue; }
    let index = 0;
    for (const parent of variable.parents) index = index * variables[parent]!.domain.length + assignment[parent]!;
    assignment.push(Math.max(0, variable.table[index] ?? 0));
  }
  return assignment;
}

/** `essential`: what goes wrong; `active`: where it counts. Both are true (or defined) under the assignment. */
export function explainWitness(e: Elaboration, given: ReadonlyMap<VariableId, number>, essential: Value, active: Value<boolean>, paths: ReadonlyMap<VariableId, string>): Witness {
  const { variables } = e.pool;
  const assignment = complete(variables, given);
  const shown = new Set(e.pool.ancestors(essential));
  for (const id of e.pool.ancestors(active)) if (!shown.has(id) && isDecisive(variables, assignment, id, active)) shown.add(id);
  // `mix[1].heads = 8` says that mix[1] is taken.
  const implied = new Set(e.decisions.flatMap(({ id, place }) => (shown.has(id) && place.owner !== undefined ? [place.owner.decision] : [])));
  const listed = [...shown].filter((id) => !implied.has(id)).sort((a, b) => a - b);
  const spans = new Map<string, { span: Span; text: string }>();
  const parts: string[] = [];
  for (const id of listed) {
    const decision = variables[id]!;
    if (decision.kind !== "decision") continue;
    const part = `${paths.get(id) ?? decision.path} = ${decision.labels[assignment[id]!]}`;
    parts.push(part);
    if (decision.span !== undefined) {
      const key = `${decision.span.file}:${decision.span.start}`;
      if (!spans.has(key)) spans.set(key, { span: decision.span, text: `\`${part}\` is chosen here` });
    }
  }
  return { text: parts.join(", "), causes: [...spans.values()].slice(0, 4), assignment };
}

/** Whether another option alone would make the condition false. */
function isDecisive(variables: readonly Variable[], assignment: readonly number[], id: VariableId, condition: Value<boolean>): boolean {
  const decisions = new Map(variables.flatMap((variable) => (variable.kind === "decision" ? [[variable.id, assignment[variable.id]!] as const] : [])));
  return variables[id]!.domain.some((_, option) => option !== assignment[id] && evaluateValue({ variables }, condition, complete(variables, new Map([...decisions, [id, option]]))) !== true);
}
