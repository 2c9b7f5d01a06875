/**
 * A network and its accelerator as one space: fields of the accelerator that are chosen are decisions beside those of the network, and
 * combinations beyond its area break a constraint. Counting, bounds, budgets, samples and searches then answer for both at once.
 */
import { decisionsIn } from "./assignment.js";
import type { Accelerator } from "./plan.js";
import type { Architecture, Decision, Space, VariableId } from "./space.js";

const always = { scope: [], cells: [true] } as const;

/** The space with a decision for every choice of the accelerator; the space itself where nothing is chosen. */
export function withHardware(space: Space, { choices = [], variants = [], name }: Accelerator): Space {
  if (choices.length === 0) return space;
  const decisions = choices.map(({ path, labels, span }, index): Decision => ({
    kind: "decision", id: space.variables.length + index, binding: "choose", path, domain: labels, labels, guard: always, allowed: labels.map(() => always), span,
  }));
  const scope = decisions.map(({ id }) => id);
  const area = variants.every(({ fits }) => fits) ? [] : [{ condition: { scope, cells: variants.map(({ fits }) => fits) }, text: `area of ${name}` }];
  return { ...space, variables: [...space.variables, ...decisions], constraints: [...space.constraints, ...area], hardware: scope };
}

/** Which variant of the accelerator an assignment (a domain index per variable) means; 0 where none is chosen. */
export function variantOf(space: Space, assignment: ArrayLike<number>): number {
  return variantWith(space, (id) => assignment[id]!);
}

function variantWith({ variables, hardware = [] }: Space, optionOf: (id: VariableId) => number): number {
  return hardware.reduce((index, id) => index * variables[id]!.domain.length + optionOf(id), 0);
}

/** The accelerator of an architecture. */
export function acceleratorOf(space: Space, accelerator: Accelerator, architecture: Architecture): Accelerator {
  if (space.hardware === undefined || space.hardware.length === 0) return accelerator;
  const places = new Map(decisionsIn(space).map(({ id }, place) => [id, place]));
  return accelerator.variants?.[variantWith(space, (id) => architecture[places.get(id)!] ?? 0)]?.accelerator ?? accelerator;
}

/** An architecture of the network alone, on the first accelerator within its area. */
export function onFirstHardware(space: Space, { variants = [] }: Accelerator, network: Architecture): Architecture {
  const { hardware = [], variables } = space;
  let index = Math.max(0, variants.findIndex(({ fits }) => fits));
  const options = [...hardware].reverse().map((id) => {
    const size = variables[id]!.domain.length;
    const option = index % size;
    index = (index - option) / size;
    return option;
  });
  return [...network, ...options.reverse()];
}
