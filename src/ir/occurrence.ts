/**
 * Which options of several variables ever occur together. Running quantities of a loop follow from each other, and guards leave options
 * out: of all combinations in a table over them most never come up. What does come up is found as a finite automaton would find it: from
 * the variables where the scope's ancestors first have nothing in common, round by round, keeping only the states that are still needed.
 * Never too few: what is too much to follow is taken to occur.
 */
import type { Decision, DerivedVariable, VariableId } from "./space.js";
import { evaluateValue, type VariableScope } from "./values.js";

/** Variables that are followed for one scope. */
const CONE_LIMIT = 96;
/** States times options, over all steps of one scope. */
const WORK_LIMIT = 1 << 14;

type Row = readonly number[];

export class Occurrence {
  /** Per variable the bits of all it follows from, itself included. */
  private readonly ancestors: Uint32Array[] = [];
  private readonly masks = new Map<string, Uint8Array | undefined>();

  constructor(private readonly graph: VariableScope) {}

  /** Per combination of `scope` in table order 1 where it may occur; undefined: as far as is known all do. */
  of(scope: readonly VariableId[]): Uint8Array | undefined {
    if (scope.length < 2) return undefined;
    const key = scope.join();
    if (!this.masks.has(key)) this.masks.set(key, this.find(scope));
    return this.masks.get(key);
  }

  private find(scope: readonly VariableId[]): Uint8Array | undefined {
    const cone = this.coneOf(scope);
    const rows = cone === undefined ? undefined : this.follow(scope, cone);
    if (rows === undefined) return undefined;
    const sizes = scope.map((id) => this.graph.variables[id]!.domain.length);
    const count = sizes.reduce((product, size) => product * size, 1);
    if (rows.length === count) return undefined;
    const mask = new Uint8Array(count);
    for (const row of rows) mask[row.reduce((index, option, position) => index * sizes[position]! + option, 0)] = 1;
    return mask;
  }

  /**
   * The variables to follow, ascending: from those that have no ancestor in common with others (true: all their options occur) to the
   * scope. Undefined where nothing in the scope has to do with anything else.
   */
  private coneOf(scope: readonly VariableId[]): readonly (readonly [id: VariableId, free: boolean])[] | undefined {
    const open = new Set(scope);
    const followed = new Set<VariableId>();
    for (let next = this.entangled(open); next !== undefined && followed.size < CONE_LIMIT; next = this.entangled(open)) {
      open.delete(next);
      followed.add(next);
      for (const parent of this.parentsOf(next)) if (!followed.has(parent)) open.add(parent);
    }
    return followed.size === 0 ? undefined : [...[...followed].map((id) => [id, false] as const), ...[...open].map((id) => [id, true] as const)].sort(([a], [b]) => a - b);
  }

  /** The last variable that follows from something another one follows from as well. */
  private entangled(open: ReadonlySet<VariableId>): VariableId | undefined {
    const ids = [...open].sort((a, b) => b - a);
    return ids.find((id) => this.parentsOf(id).length > 0 && ids.some((other) => other !== id && this.related(id, other)));
  }

  private related(one: VariableId, other: VariableId): boolean {
    const [a, b] = [this.ancestorsOf(one), this.ancestorsOf(other)];
    for (let word = Math.min(a.length, b.length) - 1; word >= 0; word--) if ((a[word]! & b[word]!) !== 0) return true;
    return false;
  }

  /** What the options that may be taken follow from. */
  private parentsOf(id: VariableId): readonly VariableId[] {
    const variable = this.graph.variables[id]!;
    return variable.kind === "derived" ? variable.parents : variable.allowed.flatMap((allowed) => allowed.scope);
  }

  private ancestorsOf(id: VariableId): Uint32Array {
    const known = this.ancestors[id];
    if (known !== undefined) return known;
    const bits = new Uint32Array((id >> 5) + 1);
    bits[id >> 5] = 1 << (id & 31);
    for (const parent of this.parentsOf(id)) this.ancestorsOf(parent).forEach((word, at) => { bits[at] = bits[at]! | word; });
    return (this.ancestors[id] = bits);
  }

  /** The distinct combinations of the scope; undefined where that is too much work. */
  private follow(scope: readonly VariableId[], cone: readonly (readonly [id: VariableId, free: boolean])[]): readonly Row[] | undefined {
    const lastUse = new Map<VariableId, number>(cone.map(([id], step) => [id, step]));
    cone.forEach(([id, free], step) => { if (!free) for (const parent of this.parentsOf(id)) lastUse.set(parent, step); });
    for (const id of scope) lastUse.set(id, Infinity);
    let columns: readonly VariableId[] = [];
    let rows: readonly Row[] = [[]];
    let work = 0;
    const assignment: number[] = [];
    for (const [step, [id, free]] of cone.entries()) {
      const kept = [...columns, id].flatMap((column, position) => (lastUse.get(column)! > step ? [position] : []));
      const sizes = kept.map((position) => this.graph.variables[columns[position] ?? id]!.domain.length);
      // Beyond the numbers that are exact there are too many states anyway.
      if (sizes.reduce((product, size) => product * size, 1) > Number.MAX_SAFE_INTEGER) return undefined;
      const seen = new Set<number>();
      const next: Row[] = [];
      for (const row of rows) {
        for (let position = 0; position < columns.length; position++) assignment[columns[position]!] = row[position]!;
        for (const option of this.optionsOf(id, free, assignment)) {
          if (++work > WORK_LIMIT) return undefined;
          let state = 0;
          for (let position = 0; position < kept.length; position++) state = state * sizes[position]! + (row[kept[position]!] ?? option);
          if (seen.has(state)) continue;
          seen.add(state);
          next.push(kept.map((position) => row[position] ?? option));
        }
      }
      columns = kept.map((position) => columns[position] ?? id);
      rows = next;
    }
    return rows;
  }

  private optionsOf(id: VariableId, free: boolean, assignment: readonly number[]): Iterable<number> {
    const variable = this.graph.variables[id]!;
    if (free) return variable.domain.keys();
    return variable.kind === "derived" ? [this.derived(variable, assignment)] : this.allowed(variable, assignment);
  }

  private derived({ parents, table }: DerivedVariable, assignment: readonly number[]): number {
    let index = 0;
    for (const parent of parents) index = index * this.graph.variables[parent]!.domain.length + assignment[parent]!;
    return Math.max(table[index]!, 0);
  }

  /** A decision that does not matter stands at its first option, allowed or not. Where nothing is allowed, proofs ask what would be if it were. */
  private allowed({ allowed }: Decision, assignment: readonly number[]): readonly number[] {
    const excluded = allowed.map((value) => evaluateValue(this.graph, value, assignment) === false);
    const options = excluded.flatMap((out, option) => (out && option > 0 ? [] : [option]));
    return excluded.includes(false) ? options : excluded.map((_, option) => option);
  }
}
