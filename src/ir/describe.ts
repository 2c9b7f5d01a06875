/**
 * Architectures as people write them: `path = label` for every active decision, and back. Resolving paths and labels is in
 * `bindings.ts`, filling up what they leave open in `complete.ts`.
 */
import type { Result } from "../diagnostics/model.js";
import { assignmentOf } from "./assignment.js";
import { fixOptions, type Binding } from "./bindings.js";
import { completeArchitecture } from "./complete.js";
import type { Architecture, Space } from "./space.js";
import { evaluateValue } from "./values.js";

/** The labels of the active decisions by path, in the order of the space. What is adapted per input is no part of an architecture. */
export function describeArchitecture(space: Space, architecture: Architecture): Record<string, string> {
  const assignment = assignmentOf(space, architecture);
  return Object.fromEntries(space.variables.flatMap((variable): [string, string][] => {
    if (variable.kind === "derived" || variable.binding === "adapt" || evaluateValue(space, variable.guard, assignment) !== true) return [];
    return [[variable.path, variable.labels[assignment[variable.id]!] ?? "?"]];
  }));
}

/**
 * The architecture that bindings of paths to labels mean, with or without their places in a source. What they leave open takes its
 * first possible option. Errors: NAS2060 to NAS2065, NAS4060.
 */
export function architectureFrom(space: Space, bindings: ReadonlyMap<string, string> | readonly Binding[]): Result<Architecture> {
  const list = "size" in bindings ? [...bindings].map(([path, label]): Binding => ({ path, label })) : bindings;
  const fixed = fixOptions(space, list);
  return fixed.ok ? completeArchitecture(space, fixed.value) : fixed;
}
