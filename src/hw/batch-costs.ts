/**
 * Costs of many architectures at once: the cost tables of a space, added up where they depend on the same variables, as flat arrays that a
 * loop looks up without allocating. An architecture is a row of genes, its costs a row of numbers.
 */
import type { Space, Variable, VariableId } from "../ir/space.js";
import type { CostTerm } from "../ir/space-queries.js";
import { cellCount, projection, unionScope, type VariableScope } from "../ir/values.js";
import type { MetricName } from "./metrics.js";

export interface BatchCosts {
  readonly metrics: readonly MetricName[];
  /** Genes of one architecture: an option per decision. */
  readonly genes: number;
  /** `count` rows of genes to `count` rows of costs; the rows must be canonical. `into` is filled where it is given. */
  evaluate(genes: ArrayLike<number>, count: number, into?: Float64Array): Float64Array;
}

/** Joined tables stay in the cache of a core. */
const JOINED_CELLS = 4096;

interface Table { readonly scope: readonly VariableId[]; readonly cells: Float64Array }

/** Adds a column of one table into a table over a larger scope. */
function addInto(graph: VariableScope, { scope, cells }: { readonly scope: readonly VariableId[]; readonly cells: ArrayLike<number> }, target: Table, column: number, columns: number): void {
  projection(graph, target.scope, scope).forEach((from, cell) => { target.cells[cell * columns + column]! += cells[from]!; });
}

/** Scopes that every given scope lies in one of: the largest ones, neighbours joined while their table stays small. */
function coveringScopes(graph: VariableScope, scopes: readonly (readonly VariableId[])[]): readonly (readonly VariableId[])[] {
  const distinct = [...new Map(scopes.map((scope) => [scope.join(), scope])).values()].sort((a, b) => b.length - a.length);
  const largest: (readonly VariableId[])[] = [];
  for (const scope of distinct) if (!largest.some((other) => scope.every((id) => other.includes(id)))) largest.push(scope);
  largest.sort((a, b) => (a[0] ?? -1) - (b[0] ?? -1));
  const joined: (readonly VariableId[])[] = [];
  for (const scope of largest) {
    const last = joined[joined.length - 1];
    const both = last === undefined ? scope : unionScope([last, scope]);
    if (last !== undefined && cellCount(graph, both) <= JOINED_CELLS) joined[joined.length - 1] = both;
    else joined.push(scope);
  }
  return joined;
}

/**
 * `parts` gives, per metric, the sums whose greatest is the metric. The tables are added in another order than for one architecture, so
 * costs agree with those up to rounding.
 */
export function batchCosts(space: Space, metrics: readonly MetricName[], parts: readonly (readonly (readonly CostTerm[])[])[]): BatchCosts {
  const { variables } = space;
  const columns = parts.reduce((sum, own) => sum + own.length, 0);
  const scopes = coveringScopes(space, parts.flatMap((own) => own.flatMap((terms) => terms.map(({ scope }) => scope))));
  const tables = scopes.map((scope): Table => ({ scope, cells: new Float64Array(cellCount(space, scope) * columns) }));
  let column = 0;
  for (const own of parts) for (const terms of own) {
    for (const term of terms) addInto(space, term, tables.find(({ scope }) => term.scope.every((id) => scope.includes(id)))!, column, columns);
    column++;
  }
  const ends = parts.reduce<number[]>((list, own) => [...list, (list[list.length - 1] ?? 0) + own.length], []);

  // Decisions are genes; derived variables follow from them, in the order of their numbers.
  const decisions = variables.filter(({ kind }) => kind === "decision").map(({ id }) => id);
  const needed = neededVariables(variables, scopes);
  const derived = variables.filter((variable) => variable.kind === "derived" && needed.has(variable.id)).flatMap((variable) => (variable.kind === "derived" ? [{
    id: variable.id, parents: Int32Array.from(variable.parents), sizes: Int32Array.from(variable.parents, (id) => variables[id]!.domain.length), table: Int32Array.from(variable.table, (option) => Math.max(0, option)),
  }] : []));
  const places = Int32Array.from(tables.flatMap(({ scope }) => scope));
  const strides = Int32Array.from(tables.flatMap(({ scope }) => scope.map((_, at) => columns * scope.slice(at + 1).reduce((product, id) => product * variables[id]!.domain.length, 1))));
  const starts = Int32Array.from([0, ...tables.reduce<number[]>((list, { scope }) => [...list, (list[list.length - 1] ?? 0) + scope.length], [])]);
  const cells = tables.map((table) => table.cells);
  const assignment = new Int32Array(variables.length);
  const sums = new Float64Array(columns);
  const decisionIds = Int32Array.from(decisions);

  return {
    metrics, genes: decisions.length,
    evaluate(genes, count, into = new Float64Array(count * metrics.length)) {
      for (let row = 0; row < count; row++) {
        const at = row * decisionIds.length;
        for (let gene = 0; gene < decisionIds.length; gene++) assignment[decisionIds[gene]!] = genes[at + gene]!;
        for (let d = 0; d < derived.length; d++) {
          const { id, parents, sizes, table } = derived[d]!;
          let index = 0;
          for (let p = 0; p < parents.length; p++) index = index * sizes[p]! + assignment[parents[p]!]!;
          assignment[id] = table[index]!;
        }
        sums.fill(0);
        for (let t = 0; t < cells.length; t++) {
          let from = 0;
          for (let p = starts[t]!; p < starts[t + 1]!; p++) from += strides[p]! * assignment[places[p]!]!;
          const own = cells[t]!;
          for (let c = 0; c < columns; c++) sums[c]! += own[from + c]!;
        }
        for (let m = 0, c = 0; m < ends.length; m++) {
          let greatest = c < ends[m]! ? sums[c++]! : 0;
          for (; c < ends[m]!; c++) if (sums[c]! > greatest) greatest = sums[c]!;
          into[row * ends.length + m] = greatest;
        }
      }
      return into;
    },
  };
}

/** Variables of the scopes and whatever they follow from. */
function neededVariables(variables: readonly Variable[], scopes: readonly (readonly VariableId[])[]): ReadonlySet<VariableId> {
  const needed = new Set(scopes.flat());
  for (let id = variables.length - 1; id >= 0; id--) {
    const variable = variables[id]!;
    if (variable.kind === "derived" && needed.has(id)) for (const parent of variable.parents) needed.add(parent);
  }
  return needed;
}
