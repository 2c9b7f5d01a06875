/**
 * The totals of architectures from the cost tables of a space, many in one call: what every combination of a node's variables costs
 * stands in one row of numbers, combinations that come to the same share theirs. Nodes are added in their order, as for one network,
 * so that totals are the same to the bit however many are asked for; `batch-costs.ts` adds joined tables, which is faster and rounds
 * otherwise.
 */
import type { Architecture, Space, VariableId } from "../ir/space.js";
import { energyOf, type Totals } from "./cost-model.js";
import type { NodeCosts, SpaceTables, Term } from "./node-tables.js";
import type { OperatorCost } from "./operator-cost.js";

/** Columns of a row of costs. */
const COLUMNS = 9;
const LATENCY = 7;
const columnsOf = (cost: OperatorCost): readonly number[] => [cost.macs, cost.bitops, cost.multiplies, cost.shifts, cost.adds, cost.bytes, energyOf(cost.energy), cost.latency, cost.externalTime];

/** Rows of costs by number: 0 costs nothing, and stands for nodes that an architecture does not have. */
class CostRows {
  private readonly numbers = new Map<OperatorCost, number>();
  private readonly chunkNumbers = new Map<string, number>();
  readonly cells: number[] = new Array<number>(COLUMNS).fill(0);
  readonly chunks: number[] = [0];

  numberOf(cost: OperatorCost | undefined): number {
    if (cost === undefined) return 0;
    let number = this.numbers.get(cost);
    if (number === undefined) {
      this.numbers.set(cost, (number = this.chunks.length));
      this.cells.push(...columnsOf(cost));
      this.chunks.push(this.chunkNumber(cost.chunk));
    }
    return number;
  }

  get chunkCount(): number { return this.chunkNumbers.size; }

  chunkNumber(name: string): number {
    const number = this.chunkNumbers.get(name) ?? this.chunkNumbers.size;
    this.chunkNumbers.set(name, number);
    return number;
  }
}

/** Tables over the same variables are read at the same place. */
class Places {
  private readonly known = new Map<string, number>();
  readonly scopes: (readonly VariableId[])[] = [];

  of(scope: readonly VariableId[]): number {
    const key = scope.join();
    let place = this.known.get(key);
    if (place === undefined) {
      this.known.set(key, (place = this.scopes.length));
      this.scopes.push(scope);
    }
    return place;
  }
}

/** A node with its table, or one that is too wide for a table and priced when it is asked for. */
type ReadNode = { readonly kind: "table"; readonly place: number; readonly rows: Int32Array } | { readonly kind: "wide"; readonly node: NodeCosts };
type ReadTerm = { readonly kind: "table"; readonly place: number; readonly cells: Float64Array } | { readonly kind: "wide"; readonly term: Term };

/** `assignment` gives a domain index per variable. Tables are laid out when the first architecture comes. */
export function exactTotals(space: Space, tables: SpaceTables, assignmentOf: (architecture: Architecture) => readonly number[]): (architectures: readonly Architecture[]) => Totals[] {
  let made: ((assignment: readonly number[]) => Totals) | undefined;
  return (architectures) => {
    const read = (made ??= totalsReader(space, tables));
    return architectures.map((architecture) => read(assignmentOf(architecture)));
  };
}

function totalsReader({ variables }: Space, { nodes, params, size }: SpaceTables): (assignment: readonly number[]) => Totals {
  const places = new Places();
  const rows = new CostRows();
  const readNodes = nodes.map((node): ReadNode => (node.cells === undefined ? { kind: "wide", node } : { kind: "table", place: places.of(node.scope), rows: Int32Array.from(node.cells, (cost) => rows.numberOf(cost)) }));
  const readTerm = (term: Term): ReadTerm => (term.cells === undefined ? { kind: "wide", term } : { kind: "table", place: places.of(term.scope), cells: Float64Array.from(term.cells) });
  const [readParams, readSize] = [params.map(readTerm), size.map(readTerm)];
  const [cells, chunks] = [Float64Array.from(rows.cells), Int32Array.from(rows.chunks)];
  const ids = Int32Array.from(places.scopes.flat());
  const sizes = Int32Array.from(ids, (id) => variables[id]!.domain.length);
  const ends = Int32Array.from(places.scopes.reduce<number[]>((list, scope) => [...list, (list.at(-1) ?? 0) + scope.length], []));
  const at = new Int32Array(ends.length);
  const sums = new Float64Array(COLUMNS);
  const busy = new Array<number>(rows.chunkCount).fill(0);

  const addWide = (cost: OperatorCost | undefined): void => {
    if (cost === undefined) return;
    columnsOf(cost).forEach((value, column) => { sums[column]! += value; });
    const chunk = rows.chunkNumber(cost.chunk);
    while (busy.length <= chunk) busy.push(0);
    busy[chunk]! += cost.latency;
  };

  const sumOf = (terms: readonly ReadTerm[], assignment: readonly number[]): number => {
    let sum = 0;
    for (const term of terms) sum += term.kind === "table" ? term.cells[at[term.place]!]! : term.term.at(assignment);
    return sum;
  };

  return (assignment) => {
    for (let place = 0, next = 0; place < ends.length; place++) {
      let index = 0;
      for (; next < ends[place]!; next++) index = index * sizes[next]! + assignment[ids[next]!]!;
      at[place] = index;
    }
    sums.fill(0);
    busy.fill(0);
    for (const node of readNodes) {
      if (node.kind === "wide") { addWide(node.node.at(assignment)); continue; }
      const row = node.rows[at[node.place]!]!;
      if (row === 0) continue;
      const from = row * COLUMNS;
      for (let column = 0; column < COLUMNS; column++) sums[column]! += cells[from + column]!;
      busy[chunks[row]!]! += cells[from + LATENCY]!;
    }
    return {
      params: sumOf(readParams, assignment), size: sumOf(readSize, assignment), macs: sums[0]!, bitops: sums[1]!, multiplies: sums[2]!, shifts: sums[3]!, adds: sums[4]!, bytes: sums[5]!,
      energy: sums[6]!, latency: sums[7]!, period: Math.max(0, sums[8]!, ...busy),
    };
  };
}
