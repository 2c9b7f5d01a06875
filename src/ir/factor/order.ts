/** In which order variables are eliminated: greedily the one that leaves the smallest table, then the one that joins fewest strangers. */
import type { VariableId } from "../space.js";

export interface Order {
  readonly variables: readonly VariableId[];
  /** Cells of the widest table along the way, if all tables were full. */
  readonly width: number;
}

type Neighbours = Map<VariableId, Set<VariableId>>;

function neighboursOf(variables: readonly VariableId[], scopes: readonly (readonly VariableId[])[]): Neighbours {
  const neighbours: Neighbours = new Map(variables.map((id) => [id, new Set()]));
  for (const scope of scopes) for (const id of scope) for (const other of scope) if (id !== other) neighbours.get(id)!.add(other);
  return neighbours;
}

/** Removes a variable and joins its neighbours with each other. */
function remove(neighbours: Neighbours, variable: VariableId): Set<VariableId> {
  const around = neighbours.get(variable)!;
  neighbours.delete(variable);
  for (const id of around) {
    const own = neighbours.get(id)!;
    own.delete(variable);
    for (const other of around) if (other !== id) own.add(other);
  }
  return around;
}

/** Log2 of the table that eliminating a variable needs, itself included. */
const weight = (around: ReadonlySet<VariableId>, logs: readonly number[]): number => [...around].reduce((sum, id) => sum + logs[id]!, 0);

function missingEdges(neighbours: Neighbours, variable: VariableId): number {
  const around = [...neighbours.get(variable)!];
  let missing = 0;
  for (let i = 0; i < around.length; i++) {
    const own = neighbours.get(around[i]!)!;
    for (let j = i + 1; j < around.length; j++) if (!own.has(around[j]!)) missing++;
  }
  return missing;
}

/** Smallest resulting table first. */
export function greedyOrder(variables: readonly VariableId[], scopes: readonly (readonly VariableId[])[], sizes: readonly number[]): Order {
  const logs = sizes.map((size) => Math.log2(Math.max(size, 1)));
  const neighbours = neighboursOf(variables, scopes);
  const weights = new Map(variables.map((id) => [id, weight(neighbours.get(id)!, logs)]));
  const order: VariableId[] = [];
  let widest = 0;
  while (weights.size > 0) {
    let least = Infinity;
    for (const value of weights.values()) if (value < least) least = value;
    let best = -1;
    let fewest = Infinity;
    for (const [id, value] of weights) {
      if (value > least + 1e-9) continue;
      const missing = missingEdges(neighbours, id);
      if (missing < fewest) { best = id; fewest = missing; }
      if (missing === 0) break;
    }
    widest = Math.max(widest, least + logs[best]!);
    order.push(best);
    weights.delete(best);
    for (const id of remove(neighbours, best)) weights.set(id, weight(neighbours.get(id)!, logs));
  }
  return { variables: order, width: 2 ** widest };
}

/**
 * The variables sorted by the last of those that they follow from: quantities that are folded one after the other over the same chain
 * (a count of each kind of layer) then advance side by side. `definitions` are the scopes of derived variables, each at the end of its own.
 */
export function advancing(variables: readonly VariableId[], definitions: readonly (readonly VariableId[])[]): readonly VariableId[] {
  const parents = new Map(definitions.map((scope) => [scope.at(-1)!, scope.slice(0, -1)]));
  const last = new Map<VariableId, VariableId>();
  for (const id of [...variables].sort((a, b) => a - b)) last.set(id, Math.max(...(parents.get(id) ?? [id]).map((parent) => last.get(parent) ?? parent)));
  return [...variables].sort((a, b) => last.get(a)! - last.get(b)! || a - b);
}

/** Log2 of the cells from which on an order is of no use, and not looked at any further: indices are no longer exact. */
const WIDEST = 53;

/** As listed: a chain written down from front to back is often best taken so. */
export function listedOrder(variables: readonly VariableId[], scopes: readonly (readonly VariableId[])[], sizes: readonly number[]): Order {
  const logs = sizes.map((size) => Math.log2(Math.max(size, 1)));
  const neighbours = neighboursOf(variables, scopes);
  let widest = 0;
  for (const id of variables) {
    widest = Math.max(widest, weight(remove(neighbours, id), logs) + logs[id]!);
    if (widest > WIDEST) break;
  }
  return { variables, width: 2 ** widest };
}
