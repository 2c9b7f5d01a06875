/**
 * Stable names. A decision is called after its label, with the rounds of the loops it stands in: `mix[3]`; one inside an alternative is
 * `mix[3].kernel`, or `mix[3].conv.kernel` where several alternatives have a `kernel`. Where different places of a program would give one
 * name, the later places are numbered: `mix#2[1]`. Operators are named in the same way, after the alternative that holds them.
 */
import type { VariableId } from "../space.js";
import type { DecisionDraft, DraftNode, Elaboration } from "./elaboration.js";
import type { Place } from "./scope.js";

const suffix = (place: Place): string => place.indices.map((index) => `[${index}]`).join("");

const hash = (number: number): string => (number === 1 ? "" : `#${number}`);

/**
 * Settles places one after the other: all paths of a place get the least number that nobody has taken. Where a place gives one path
 * twice (a function that is used twice), its members are settled one by one. `pathOf` may look at what is settled already.
 */
function settle<T>(places: Iterable<readonly T[]>, pathOf: (member: T, number: string) => string, keep: (member: T, path: string) => void): void {
  const taken = new Set<string>();
  /** Numbers below are taken; only saves looking. */
  const next = new Map<string, number>();
  for (const place of places) {
    const distinct = new Set(place.map((member) => pathOf(member, ""))).size === place.length;
    for (const part of distinct ? [place] : place.map((member) => [member])) {
      const plain = pathOf(part[0]!, "");
      let number = next.get(plain) ?? 1;
      while (part.some((member) => taken.has(pathOf(member, hash(number))))) number++;
      next.set(plain, number);
      for (const member of part) {
        const path = pathOf(member, hash(number));
        taken.add(path);
        keep(member, path);
      }
    }
  }
}

/** Settles the path of every decision, in the pool too. */
export function decisionPaths(e: Elaboration): ReadonlyMap<VariableId, string> {
  const paths = new Map<VariableId, string>();
  const between = labelledNames(e.decisions);
  const stem = ({ owner, name }: Place): string => (owner === undefined ? "" : `${paths.get(owner.decision) ?? ""}.${between.has(`${owner.decision}|${name}`) ? `${owner.label}.` : ""}`);
  settle(byPlace(e.decisions), ({ place }, number) => `${stem(place)}${place.name}${number}${suffix(place)}`, ({ id }, path) => {
    paths.set(id, path);
    e.pool.updateDecision(id, { path });
  });
  return paths;
}

/** Places in the order of their first decision, each with its rounds; owners come first because their place is met first. */
function byPlace(decisions: readonly DecisionDraft[]): DecisionDraft[][] {
  const groups = new Map<string, DecisionDraft[]>();
  for (const decision of decisions) {
    const group = groups.get(decision.place.key) ?? [];
    group.push(decision);
    groups.set(decision.place.key, group);
  }
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
  const groups = new Map<string, number[]>();
  nodes.forEach(({ place }, node) => {
    const key = `${place.key}|${place.name}`;
    const group = groups.get(key) ?? [];
    group.push(node);
    groups.set(key, group);
  });
  const paths: string[] = [];
  const pathOf = (node: number, number: string): string => {
    const { owner, name, indices } = nodes[node]!.place;
    const stem = owner === undefined ? "" : `${decisions.get(owner.decision) ?? ""}.${owner.label}/`;
    return `${stem}${name}${number}${indices.map((index) => `[${index}]`).join("")}`;
  };
  settle(groups.values(), pathOf, (node, path) => { paths[node] = path; });
  return paths;
}
