/**
 * What is adapted per input (`adapt`) is no part of an architecture: a network keeps all its settings. These are spaces in which settings
 * take the place of choices, so that the questions asked about architectures can be asked about settings.
 */
import { allowedOptions, assignmentOf } from "./assignment.js";
import type { Architecture, Decision, Space } from "./space.js";
import { constantValue, evaluateValue } from "./values.js";

const isAdapted = (variable: Space["variables"][number]): variable is Decision => variable.kind === "decision" && variable.binding === "adapt";

export function isAdaptive(space: Space): boolean {
  return space.variables.some(isAdapted);
}

/** The space with every adapted quantity chosen: a member is a network at one setting. The space itself where nothing is adapted. */
export function settingsChosen(space: Space): Space {
  if (!isAdaptive(space)) return space;
  return { ...space, variables: space.variables.map((variable) => (isAdapted(variable) ? { ...variable, binding: "choose" } : variable)) };
}

/** The settings of one network: its active decisions stand as in `architecture`, what is adapted is free. */
export function settingsOf(space: Space, architecture: Architecture): Space {
  const assignment = assignmentOf(space, architecture);
  const chosen = settingsChosen(space);
  return {
    ...chosen,
    variables: chosen.variables.map((variable, id) => {
      if (variable.kind === "derived" || isAdapted(space.variables[id]!) || evaluateValue(space, variable.guard, assignment) !== true) return variable;
      const taken = allowedOptions(space, variable, assignment).includes(assignment[id]!) ? assignment[id]! : 0;
      return { ...variable, allowed: variable.allowed.map((allowed, option) => (option === taken ? allowed : constantValue(false))) };
    }),
  };
}
