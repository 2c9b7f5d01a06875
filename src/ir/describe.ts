/**
 * Architectures as people write them: `path = label` for every active decision. Reading such bindings back is in `bindings.ts`,
 * filling up what they leave open in `complete.ts`.
 */
import { assignmentOf } from "./assignment.js";
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
