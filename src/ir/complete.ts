/**
 * From some fixed options to a whole architecture: what is left open takes its first option that still leads to a member of the space.
 * Where there is no such member, the smallest set of bindings that cannot stand together is found and explained.
 */
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import { allowedOptions, architectureOf, assignInOrder, dependencyOrder, isMemberAssignment } from "./assignment.js";
import type { FixedOption } from "./bindings.js";
import type { Relation } from "./factor/factor.js";
import { anyArchitecture, firstArchitecture } from "./factor/first-architecture.js";
import { relation, spaceGraph } from "./factor/space-factors.js";
import type { Architecture, Constraint, Space } from "./space.js";
import { evaluateValue, projection, unionScope } from "./values.js";

type Demand = "taken" | "active";

function demanded(space: Space, { decision, option, general }: FixedOption, demand: Demand): Relation[] {
  const scope = unionScope([decision.guard.scope, [decision.id]]);
  const guard = projection(space, scope, decision.guard.scope);
  const cells = Array.from(projection(space, scope, [decision.id]), (at, cell) => {
    const active = decision.guard.cells[guard[cell]!] === true;
    return active ? demand === "active" || at === option : general;
  });
  return relation({ scope, cells }, (cell) => cell);
}

/** `fixed` as `fixOptions` gives it for this space; `stepLimit` as in `spaceQueries`. Errors: NAS2063, NAS2064, NAS4060. */
export function completeArchitecture(space: Space, fixed: readonly FixedOption[], stepLimit?: number): Result<Architecture> {
  const greedy = withoutLookingAhead(space, fixed);
  // Where nothing stands in the way of first options they are the first architecture, if the order of decisions is one.
  if (greedy !== undefined && !dependencyOrder(space.variables).circular) return success(greedy);
  const graph = spaceGraph(space.variables, space.constraints);
  const first = firstArchitecture(graph, fixed.flatMap((one) => demanded(space, one, "taken")), stepLimit);
  if (first === "none") return failure(explain(space, fixed));
  if (first !== "too_wide") return success(architectureOf(space, first));
  return greedy !== undefined ? success(greedy) : failure(diagnostic("NAS4060", {
    title: "no architecture with these bindings was found",
    why: `\`${space.name}\` is too entangled to decide whether there is one, and taking first options did not lead to one`, help: "bind more decisions",
  }));
}

function withoutLookingAhead(space: Space, fixed: readonly FixedOption[]): Architecture | undefined {
  const wanted = new Map(fixed.map(({ decision, option }) => [decision.id, option]));
  const assignment = assignInOrder(space, dependencyOrder(space.variables), (decision, known) => wanted.get(decision.id) ?? allowedOptions(space, decision, known)[0] ?? 0);
  const taken = fixed.every(({ decision, option, general }) => (evaluateValue(space, decision.guard, assignment) === true ? assignment[decision.id] === option : general));
  return taken && isMemberAssignment(space, assignment) ? architectureOf(space, assignment) : undefined;
}

/** Is there an architecture with all of `fixed` taken, under these constraints? Undecided counts as yes: it accuses no one. */
function possible(space: Space, constraints: readonly Constraint[], fixed: readonly FixedOption[], alsoActive: readonly FixedOption[] = []): boolean {
  const relations = [...fixed.flatMap((one) => demanded(space, one, "taken")), ...alsoActive.flatMap((one) => demanded(space, one, "active"))];
  return anyArchitecture(spaceGraph(space.variables, constraints), relations) !== false;
}

const written = ({ binding }: FixedOption): string => `\`${binding.path} = ${binding.label}\``;
/** Of a binding for every round, the round that is meant. */
const ofRound = (one: FixedOption): string => (one.general ? `\`${one.decision.path} = ${one.binding.label}\`` : written(one));

/** Bindings that are named in a message. */
const SHOWN = 8;

function listed(bindings: readonly string[], word: "and" | "or" = "and"): string {
  const distinct = [...new Set(bindings)];
  return `${distinct.slice(0, SHOWN).join(` ${word} `)}${distinct.length > SHOWN ? ` ${word} ${distinct.length - SHOWN} more` : ""}`;
}

function explain(space: Space, fixed: readonly FixedOption[]): Diagnostic {
  let core = [...fixed];
  // What holds for every round goes first, so that what was bound one by one is named where that is enough.
  for (const one of [...fixed.filter(({ general }) => general), ...fixed.filter(({ general }) => !general)]) {
    const rest = core.filter((other) => other !== one);
    if (!possible(space, space.constraints, rest)) core = rest;
  }
  // The last decision of the core is the one whose round or alternative may be switched off by the others.
  for (const one of [...core].reverse()) {
    const others = core.filter((other) => other !== one);
    if (!one.general && !possible(space, space.constraints, others, [one])) return inactive(one, others);
  }
  return impossible(space, core);
}

/** Every place once, however many rounds it binds. */
function frames(culprit: FixedOption, text: string, others: readonly FixedOption[]): Pick<Parameters<typeof diagnostic>[1], "at" | "label" | "causes"> {
  const at = culprit.binding.pathSpan;
  const spans = new Map(others.flatMap(({ binding: { pathSpan } }) => (pathSpan === undefined ? [] : [[`${pathSpan.file}:${pathSpan.start}`, pathSpan] as const])));
  if (at !== undefined) spans.delete(`${at.file}:${at.start}`);
  return { ...(at ? { at, label: text } : {}), causes: [...spans.values()].map((span) => ({ span, text: "together with this" })) };
}

function inactive(one: FixedOption, others: readonly FixedOption[]): Diagnostic {
  const together = others.length === 0 ? "in any architecture" : `with ${listed(others.map(written))}`;
  return diagnostic("NAS2063", {
    title: "the decision does not matter in this architecture", ...frames(one, "has no effect here", others),
    why: `\`${one.decision.path}\` is not active ${together}`,
    help: others.length === 0 ? "leave the binding out" : `leave it out, or change ${listed(others.map(written), "or")}`,
  });
}

function impossible(space: Space, core: readonly FixedOption[]): Diagnostic {
  const last = core.at(-1);
  if (last === undefined) return diagnostic("NAS2064", { title: "the space has no architecture", why: `nothing meets the requirements of \`${space.name}\`` });
  const byConstraint = possible(space, [], core);
  const guilty = byConstraint ? space.constraints.filter((constraint) => !possible(space, [constraint], core)) : [];
  const named = guilty.length > 0 ? guilty : byConstraint ? space.constraints : [];
  const reason = !byConstraint
    ? `${core.length === 1 ? "the option is never allowed" : "the others do not allow it"}`
    : `\`require ${named.map(({ text }) => text).join("` and `require ")}\` would not hold`;
  const { causes = [], ...frame } = frames(last, "cannot be", core.slice(0, -1));
  return diagnostic("NAS2064", {
    title: core.length === 1 ? "no architecture has this option" : "no architecture has these options together",
    ...frame, causes: [...causes, ...guilty.flatMap(({ span }) => (span ? [{ span, text: "required here" }] : []))],
    why: `${listed(core.map(ofRound))}: ${reason}`, help: core.length === 1 ? "leave the binding out or choose another option" : "change one of them",
  });
}
