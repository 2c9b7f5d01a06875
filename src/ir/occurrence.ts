/**
 * Which options of several variables ever occur together. Running quantities of a loop follow from each other, and guards leave options
 * out: of all combinations in a table over them most never come up. What does come up is found as a finite automaton would find it: from
 * the variables where the scope's ancestors first have nothing in common, round by round, keeping only the states that are still needed.
 * Never too few: what is too much to follow is taken to occur.
 */
import type { VariableId } from "./space.js";
import { cellCount, type VariableScope } from "./values.js";

/** Variables that are followed for one scope. */
const CONE_LIMIT = 96;
/** States times options, over all steps of one scope. */
const WORK_LIMIT = 1 << 14;

/** `free`: all its options occur, whatever the others take. */
type Followed = readonly [id: VariableId, free: boolean];

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
    const states = cone === undefined ? undefined : this.follow(scope, cone);
    if (states === undefined) return undefined;
    const count = cellCount(this.graph, scope);
    if (states.length === count) return undefined;
    const mask = new Uint8Array(count);
    for (const state of states) mask[state] = 1;
    return mask;
  }

  /**
   * The variables to follow, ascending: from those that have no ancestor in common with others to the scope. Undefined where nothing
   * in the scope has to do with anything else.
   */
  private coneOf(scope: readonly VariableId[]): readonly Followed[] | undefined {
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

  /** The distinct combinations of the scope as indices in table order, last variable fastest; undefined where that is too much work. */
  private follow(scope: readonly VariableId[], cone: readonly Followed[]): readonly number[] | undefined {
    const lastUse = new Map<VariableId, number>(cone.map(([id], step) => [id, step]));
    cone.forEach(([id, free], step) => { if (!free) for (const parent of this.parentsOf(id)) lastUse.set(parent, step); });
    for (const id of scope) lastUse.set(id, Infinity);
    const sizeOf = (id: VariableId): number => this.graph.variables[id]!.domain.length;
    // A state is one number: the options of the variables that are still needed, in mixed radix.
    let columns: readonly VariableId[] = [];
    let states: readonly number[] = [0];
    let work = 0;
    for (const [step, [id, free]] of cone.entries()) {
      const known = columns;
      const sizes = known.map(sizeOf);
      const next = [...known, id].filter((column) => lastUse.get(column)! > step);
      // Beyond the numbers that are exact there are too many states anyway.
      if (next.reduce((product, column) => product * sizeOf(column), 1) > Number.MAX_SAFE_INTEGER) return undefined;
      const kept = next.map((column) => ({ position: known.indexOf(column), size: sizeOf(column) }));
      const optionsOf = this.step(id, free, known);
      const seen = new Set<number>();
      const row = new Array<number>(known.length).fill(0);
      for (const state of states) {
        for (let position = sizes.length - 1, rest = state; position >= 0; position--) {
          const size = sizes[position]!;
          const above = Math.floor(rest / size);
          row[position] = rest - above * size;
          rest = above;
        }
        for (const option of optionsOf(row)) {
          if (++work > WORK_LIMIT) return undefined;
          let to = 0;
          for (const { position, size } of kept) to = to * size + (position < 0 ? option : row[position]!);
          seen.add(to);
        }
      }
      columns = next;
      states = [...seen];
    }
    return states;
  }

  /** The options that a variable may take, by those of the known ones. */
  private step(id: VariableId, free: boolean, known: readonly VariableId[]): (row: readonly number[]) => readonly number[] {
    const variable = this.graph.variables[id]!;
    const all = variable.domain.map((_, option) => option);
    if (free) return () => all;
    if (variable.kind === "derived") {
      const at = this.indexOver(variable.parents, known);
      return (row) => [Math.max(variable.table[at(row)]!, 0)];
    }
    // A decision that does not matter stands at its first option, allowed or not. Where nothing is allowed, proofs ask what would be if it were.
    const allowed = variable.allowed.map(({ scope, cells }) => ({ at: this.indexOver(scope, known), cells }));
    return (row) => {
      const open = all.filter((option) => allowed[option]!.cells[allowed[option]!.at(row)] !== false);
      return open.length === 0 ? all : open[0] === 0 ? open : [0, ...open];
    };
  }

  /** Where in a table over `scope` the known options lead. */
  private indexOver(scope: readonly VariableId[], known: readonly VariableId[]): (row: readonly number[]) => number {
    const places = scope.map((id) => ({ position: known.indexOf(id), size: this.graph.variables[id]!.domain.length }));
    return (row) => {
      let index = 0;
      for (const { position, size } of places) index = index * size + row[position]!;
      return index;
    };
  }
}
