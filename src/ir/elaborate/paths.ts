/**
 * Stable names. A decision is called after its label, with the rounds of the loops it stands in: `mix[3]`; one inside an alternative is
 * `mix[3].kernel`, or `mix[3].conv.kernel` where several alternatives have a `kernel`. Where different places of a program would give one
 * name, the later places are numbered: `mix#2[1]`. Operators are named in the same way, after the alternative that holds them.
 */
import type { VariableId } from "../space.js";
import type { DecisionDraft, DraftNode, Elaboration } from "./elaboration.js";
import type { Place } from "./scope.js";

const suffix = (place: Place): string => place.indices.map((index) => `[${index}]`).join("");

/** Numbers places that share a name: the first keeps it. */
class Numbering {
  private readonly taken = new Map<string, string>();
  private readonly given = new Map<string, number>();

  /** `paths(n)`: all paths of one place if it is number n. */
  settle(group: string, paths: (number: number) => readonly string[]): number {
    let number = this.given.get(group) ?? 1;
    while (paths(number).some((path) => (this.taken.get(path) ?? group) !== group || this.taken.has(path))) number++;
    for (const path of paths(number)) this.taken.set(path, group);
    return number;
  }
}

const hash = (number: number): string => (number === 1 ? "" : `#${number}`);

/** Settles the path of every decision, in the pool too. */
export function decisionPaths(e: Elaboration): ReadonlyMap<VariableId, string> {
  const paths = new Map<VariableId, string>();
  const numbering = new Numbering();
  const between = labelledNames(e.decisions);
  const stem = (place: Place): string => {
    if (place.owner === undefined) return "";
    const label = between.has(`${place.owner.decision}|${place.name}`) ? `${place.owner.label}.` : "";
    return `${paths.get(place.owner.decision) ?? ""}.${label}`;
  };
  // Owners are made before what they own. A place is settled with all its rounds that have the same owner's place.
  for (const group of byPlace(e.decisions)) {
    const number = numbering.settle(group[0]!.place.key, (n) => group.map(({ place }) => `${stem(place)}${place.name}${hash(n)}${suffix(place)}`));
    for (const { id, place } of group) {
      const path = `${stem(place)}${place.name}${hash(number)}${suffix(place)}`;
      paths.set(id, path);
      e.pool.updateDecision(id, { path });
    }
  }
  return paths;
}

/** Places in the order of their first decision, each with its rounds; owners come first because their place is met first. */
function byPlace(decisions: readonly DecisionDraft[]): DecisionDraft[][] {
  const groups = new Map<string, DecisionDraft[]>();
  for (const decision of decisions) groups.set(decision.place.key, [...(groups.get(decision.place.key) ?? []), decision]);
  return [...groups.values()];
}

/** Owner and name of decisions that several alternatives of the owner have: these need the label in between. */
function labelledNames(decisions: readonly DecisionDraft[]): ReadonlySet<string> {
  const labels = new Map<string, Set<string>>();
  for (const { place } of decisions) {
    if (place.owner === undefined) continue;
    const key = `${place.owner.decision}|${place.name}`;
    labels.set(key, (labels.get(key) ?? new Set()).add(place.owner.label));
  }
  // If one round needs labels, all rounds of the owner get them.
  const placeOf = new Map(decisions.map(({ id, place }) => [id, place.key]));
  const needed = new Set<string>();
  for (const [key, found] of labels) if (found.size > 1) needed.add(`${placeOf.get(Number(key.split("|")[0]))}|${key.slice(key.indexOf("|") + 1)}`);
  return new Set([...labels.keys()].filter((key) => needed.has(`${placeOf.get(Number(key.split("|")[0]))}|${key.slice(key.indexOf("|") + 1)}`)));
}

/** The path of every node. */
export function nodePaths(nodes: readonly DraftNode[], decisions: ReadonlyMap<VariableId, string>): readonly string[] {
  const numbering = new Numbering();
  const groups = new Map<string, number[]>();
  nodes.forEach(({ place }, node) => groups.set(`${place.key}|${place.name}`, [...(groups.get(`${place.key}|${place.name}`) ?? []), node]));
  const paths: string[] = [];
  for (const [key, group] of groups) {
    const path = (node: number, number: number): string => {
      const { place } = nodes[node]!;
      const stem = place.owner === undefined ? "" : `${decisions.get(place.owner.decision) ?? ""}.${place.owner.label}/`;
      return `${stem}${place.name}${hash(number)}${suffix(place)}`;
    };
    // Rounds of one place have paths of their own; if they do not (a function used twice), each node is numbered alone.
    const distinct = new Set(group.map((node) => path(node, 1))).size === group.length;
    for (const part of distinct ? [group] : group.map((node) => [node])) {
      const number = numbering.settle(distinct ? key : `${key}|${part[0]}`, (n) => part.map((node) => path(node, n)));
      for (const node of part) paths[node] = path(node, number);
    }
  }
  return paths;
}
