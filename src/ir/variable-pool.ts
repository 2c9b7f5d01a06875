/**
 * The growing list of variables of a space under elaboration, and arithmetic on the Values over it. Tables stay small: a value whose
 * table is large but takes few distinct values is *materialised*, that is, replaced by a derived variable with those values as its domain.
 * This is what keeps a quantity carried through a long loop as small as the set of values it can have.
 */
import type { Span } from "../diagnostics/model.js";
import type { AttributeValue } from "../ops/operator.js";
import { withoutDependents } from "./dependent-scope.js";
import { Occurrence } from "./occurrence.js";
import type { Decision, DerivedVariable, Value, Variable, VariableId } from "./space.js";
import { cellCount, constantValue, isConstant, keyOf, projection, unionScope } from "./values.js";

/** Tables above this many cells are avoided by materialising operands. */
const COMFORTABLE_CELLS = 4096;
/** Results with at least this many cells are materialised when they take few values. */
const SMALL_CELLS = 256;
/** Running quantities with at least this many cells are materialised between rounds. */
const CARRIED_CELLS = 8;
/** No table is built above this many cells. */
const CELL_LIMIT = 1 << 20;

export interface DecisionParts {
  readonly path: string;
  readonly domain: readonly AttributeValue[];
  readonly labels: readonly string[];
  readonly binding?: Decision["binding"];
  /** Default: always active. */
  readonly guard?: Value<boolean>;
  /** Default: every option may be taken. */
  readonly allowed?: readonly Value<boolean>[];
  readonly span?: Span;
}

/** A table that would have had too many cells, though its operands were made as small as they can be. */
export interface TooWide { readonly name: string; readonly scope: readonly VariableId[]; readonly cells: number }

export class VariablePool {
  private readonly list: Variable[] = [];
  private readonly interned = new Map<string, AttributeValue>();
  /** The objects among them. */
  private readonly canonical = new WeakSet<object>();
  /** Derived variables by parents and table, so that one function is one variable. */
  private readonly known = new Map<string, VariableId>();
  private readonly materialised = new WeakMap<Value, Value>();
  private readonly conjunctions = new WeakMap<Value, WeakMap<Value, Value<boolean>>>();
  private readonly disjunctions = new WeakMap<Value, WeakMap<Value, Value<boolean>>>();
  /** The option of a derived variable that stands for `undefined`. */
  private readonly absent = new Map<VariableId, number>();
  private readonly occurrence = new Occurrence({ variables: this.list });
  private wide: TooWide[] = [];

  get variables(): readonly Variable[] {
    return this.list;
  }

  addDecision(parts: DecisionParts): VariableId {
    const id = this.list.length;
    const yes = constantValue(true);
    this.list.push({
      kind: "decision", id, binding: parts.binding ?? "choose", path: parts.path,
      domain: parts.domain.map((option) => this.intern(option)), labels: parts.labels,
      guard: parts.guard ?? yes, allowed: parts.allowed ?? parts.domain.map(() => yes),
      ...(parts.span ? { span: parts.span } : {}),
    });
    return id;
  }

  /** Guards and allowed options are often known only when everything that reads a decision has been seen. */
  updateDecision(id: VariableId, changes: Partial<Pick<Decision, "guard" | "allowed" | "path" | "labels" | "domain">>): void {
    const decision = this.list[id];
    if (decision?.kind !== "decision") throw new Error(`variable ${id} is not a decision`);
    this.list[id] = { ...decision, ...changes };
  }

  /** What was too wide since the last call; the values concerned are undefined everywhere. */
  takeTooWide(): readonly TooWide[] {
    const taken = this.wide;
    this.wide = [];
    return taken;
  }

  constant<T extends AttributeValue>(cell: T | undefined): Value<T> {
    return constantValue(cell === undefined ? undefined : this.intern(cell));
  }

  /** The value of a variable itself. */
  read(id: VariableId): Value {
    const { domain } = this.list[id]!;
    const absent = this.absent.get(id);
    return this.reduce([id], domain.map((cell, option) => (option === absent ? undefined : cell)));
  }

  map<A extends AttributeValue, T extends AttributeValue>(value: Value<A>, f: (cell: A) => T | undefined, name?: string): Value<T> {
    return this.finish(value.scope, value.cells.map((cell) => (cell === undefined ? undefined : f(cell))), name);
  }

  /**
   * f over all combinations. A cell of the result is undefined where an operand is or where f says so. The result depends only on
   * variables that matter, and equal cells are one object. `name` is for derived variables that come about.
   */
  combine<T extends AttributeValue, const A extends readonly Value[]>(values: A, f: (...cells: CellsOf<A>) => T | undefined, name?: string): Value<T> {
    const strict = (cells: readonly (AttributeValue | undefined)[]): T | undefined => (cells.includes(undefined) ? undefined : f(...(cells as unknown as CellsOf<A>)));
    return this.combineLoose(values, strict, name);
  }

  /** As `combine`, but f also sees undefined cells and decides itself. The array it gets is reused. */
  combineLoose<T extends AttributeValue>(values: readonly Value[], f: (cells: readonly (AttributeValue | undefined)[]) => T | undefined, name?: string): Value<T> {
    if (values.every(isConstant)) return this.constant(f(values.map(({ cells }) => cells[0])));
    const operands = this.narrow(values);
    const scope = unionScope(operands.map((value) => value.scope));
    const count = cellCount(this, scope);
    if (count > CELL_LIMIT) {
      this.wide.push({ name: name ?? "value", scope, cells: count });
      return constantValue<T>(undefined);
    }
    const indices = operands.map((value) => projection(this, scope, value.scope));
    const cells = new Array<T | undefined>(count);
    const row: (AttributeValue | undefined)[] = operands.map(() => undefined);
    for (let cell = 0; cell < count; cell++) {
      for (let i = 0; i < row.length; i++) row[i] = operands[i]!.cells[indices[i]![cell]!];
      cells[cell] = f(row);
    }
    return this.finish(scope, cells, name);
  }

  /** combine(initial, first) with step, then with the second and so on: running sums and counts stay small this way. */
  fold<T extends AttributeValue, A extends AttributeValue>(values: readonly Value<A>[], initial: T, step: (state: T, cell: A) => T | undefined, name?: string): Value<T> {
    return values.reduce((state, value) => this.carry(this.combine([state, value], step, name), name), this.constant(initial));
  }

  /** False wherever some operand is false, even where others are undefined. */
  and(...values: readonly Value<boolean>[]): Value<boolean> {
    return this.junction(values, false);
  }

  /** True wherever some operand is true, even where others are undefined. */
  or(...values: readonly Value<boolean>[]): Value<boolean> {
    return this.junction(values, true);
  }

  not(value: Value<boolean>): Value<boolean> {
    return this.map(value, (cell) => !cell);
  }

  /** `condition ? yes : no`, undefined where the taken side is. */
  choose<T extends AttributeValue>(condition: Value<boolean>, yes: Value<T>, no: Value<T>, name?: string): Value<T> {
    const [constant] = condition.cells;
    if (condition.scope.length === 0 && constant !== undefined) return constant ? yes : no;
    return this.combineLoose<T>([condition, yes, no], ([test, ifTrue, ifFalse]) => (test === undefined ? undefined : (test ? ifTrue : ifFalse) as T | undefined), name);
  }

  /** The cell of `list[selector]`; undefined where that operand is. */
  select<T extends AttributeValue>(selector: Value<number>, list: readonly Value<T>[], name?: string): Value<T> {
    const [constant] = selector.cells;
    if (selector.scope.length === 0 && constant !== undefined) return list[constant] ?? constantValue<T>(undefined);
    return this.combineLoose<T>([selector, ...list], ([at, ...cells]) => (typeof at === "number" ? cells[at] as T | undefined : undefined), name);
  }

  /** Is it `expected` in every combination? */
  always<T extends AttributeValue>(value: Value<T>, expected: T): boolean {
    const cell = this.intern(expected);
    return value.cells.every((other) => other === cell);
  }

  /** The distinct defined cells, in table order. */
  distinct<T extends AttributeValue>(value: Value<T>): T[] {
    return [...new Set(value.cells)].filter((cell): cell is T => cell !== undefined);
  }

  /** The decisions that a value follows from, through derived variables; guards are not followed. */
  ancestors(value: Value): Set<VariableId> {
    const found = new Set<VariableId>();
    const seen = new Set<VariableId>();
    const open = [...value.scope];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const variable = this.list[id]!;
      if (variable.kind === "decision") found.add(id);
      else open.push(...variable.parents);
    }
    return found;
  }

  /** The same value as the identity table of one derived variable; unchanged where that would not be smaller. */
  materialise<T extends AttributeValue>(value: Value<T>, name?: string): Value<T> {
    const done = this.materialised.get(value);
    if (done) return done as Value<T>;
    const options = new Map<T | undefined, number>();
    for (const cell of value.cells) if (cell !== undefined && !options.has(cell)) options.set(cell, options.size);
    if (value.cells.includes(undefined)) options.set(undefined, options.size);
    if (options.size === value.cells.length || value.scope.length === 0) return value;
    const table = value.cells.map((cell) => options.get(cell)!);
    const domain = [...options.keys()];
    const id = this.derive({ name: name ?? `v${this.list.length}`, parents: value.scope, table, domain: domain.map((cell) => cell ?? null) }, domain.indexOf(undefined));
    const result: Value<T> = { scope: [id], cells: domain };
    this.materialised.set(value, result);
    return result;
  }

  /** A running quantity between two rounds: a variable of its own as soon as that at least halves its table. */
  carry<T extends AttributeValue>(value: Value<T>, name?: string): Value<T> {
    const { cells } = value;
    return cells.length >= CARRIED_CELLS && new Set(cells).size * 2 <= cells.length ? this.materialise(value, name) : value;
  }

  private derive(parts: Pick<DerivedVariable, "name" | "parents" | "table" | "domain">, absent: number): VariableId {
    const key = `${parts.parents.join()}|${parts.table.join()}|${parts.domain.map(keyOf).join()}|${absent}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const id = this.list.length;
    this.list.push({ kind: "derived", id, ...parts });
    this.known.set(key, id);
    if (absent >= 0) this.absent.set(id, absent);
    return id;
  }

  /** Materialises operands, those that shrink most first, until their joint table is comfortable or nothing shrinks any more. */
  private narrow(values: readonly Value[]): Value[] {
    const operands = [...values];
    const size = (): number => cellCount(this, unionScope(operands.map((value) => value.scope)));
    if (size() <= COMFORTABLE_CELLS) return operands;
    const shrinkage = new Map(operands.map((value) => [value, value.cells.length / new Set(value.cells).size]));
    const order = [...shrinkage.keys()].sort((a, b) => shrinkage.get(b)! - shrinkage.get(a)!);
    for (const value of order) {
      if (shrinkage.get(value)! <= 1) break;
      // Materialising can only hurt where the others keep the same variables anyway.
      const before = size();
      const trial = operands.map((operand) => (operand === value ? this.materialise(operand) : operand));
      const after = cellCount(this, unionScope(trial.map((operand) => operand.scope)));
      if (after < before || before > CELL_LIMIT) operands.splice(0, operands.length, ...trial);
      if (size() <= COMFORTABLE_CELLS) break;
    }
    return operands;
  }

  private finish<T extends AttributeValue>(scope: readonly VariableId[], cells: readonly (T | undefined)[], name: string | undefined): Value<T> {
    const written = withoutDependents(this, { scope, cells: cells.map((cell) => (cell === undefined ? undefined : this.intern(cell))) });
    const reduced = this.occurring(this.reduce(written.scope, written.cells));
    if (reduced.cells.length < SMALL_CELLS) return reduced;
    return new Set(reduced.cells).size * 4 <= reduced.cells.length ? this.materialise(reduced, name) : reduced;
  }

  /**
   * The same function wherever an architecture can come: cells for combinations that never occur hold nothing that does not occur, and
   * variables that make a difference there only are dropped.
   */
  private occurring<T extends AttributeValue>(value: Value<T>): Value<T> {
    const occurs = this.occurrence.of(value.scope);
    if (occurs === undefined) return value;
    const real = new Set(value.cells.filter((_, at) => occurs[at] === 1));
    const [stand] = real;
    let { scope } = value;
    let table: OccurringCells<T | undefined> = { cells: value.cells.map((cell, at) => (occurs[at] === 1 || real.has(cell) ? cell : stand)), occurs };
    for (let position = scope.length - 1, inner = 1; position >= 0; position--) {
      const options = this.list[scope[position]!]!.domain.length;
      const joined = withoutAxis(table, options, inner);
      if (joined === undefined) { inner *= options; continue; }
      table = joined;
      scope = scope.filter((_, index) => index !== position);
    }
    return this.reduce(scope, table.cells);
  }

  /** Drops the variables that make no difference. Cells must be interned. */
  private reduce<T extends AttributeValue>(scope: readonly VariableId[], cells: readonly (T | undefined)[]): Value<T> {
    let keptScope = [...scope];
    let kept = cells;
    for (let position = keptScope.length - 1, inner = 1; position >= 0; position--) {
      const options = this.list[keptScope[position]!]!.domain.length;
      if (indifferent(kept, options, inner)) {
        kept = kept.filter((_, index) => Math.floor(index / inner) % options === 0);
        keptScope = keptScope.filter((_, index) => index !== position);
      } else inner *= options;
    }
    return { scope: keptScope, cells: kept };
  }

  /** -0 becomes 0, and structurally equal cells become one object, so that cells compare with ===. */
  private intern<T extends AttributeValue>(cell: T): T {
    if (typeof cell === "number") return (cell === 0 ? 0 : cell) as T;
    if (typeof cell !== "object" || cell === null || this.canonical.has(cell)) return cell;
    const key = keyOf(cell);
    const known = this.interned.get(key);
    if (known !== undefined) return known as T;
    this.interned.set(key, cell);
    this.canonical.add(cell);
    return cell;
  }

  private junction(values: readonly Value<boolean>[], dominant: boolean): Value<boolean> {
    const open = [...new Set(values)].filter((value) => value.scope.length > 0 || value.cells[0] !== !dominant);
    if (open.some((value) => value.scope.length === 0 && value.cells[0] === dominant)) return constantValue(dominant);
    const [first, ...rest] = open;
    if (first === undefined) return constantValue(!dominant);
    return rest.reduce((state, value) => this.pair(state, value, dominant), first);
  }

  /** The nodes of one alternative join the same conditions over and over. */
  private pair(a: Value<boolean>, b: Value<boolean>, dominant: boolean): Value<boolean> {
    const memory = dominant ? this.disjunctions : this.conjunctions;
    const known = memory.get(a) ?? new WeakMap<Value, Value<boolean>>();
    memory.set(a, known);
    let joined = known.get(b);
    if (joined === undefined) known.set(b, (joined = this.combineLoose<boolean>([a, b], ([one, other]) => (one === dominant || other === dominant ? dominant : one === undefined || other === undefined ? undefined : !dominant))));
    return joined;
  }
}

/** The cell types of a tuple of values. */
export type CellsOf<A extends readonly Value[]> = { [I in keyof A]: A[I] extends Value<infer T> ? T : never };

/** A table, and where the combinations of its cells occur. */
interface OccurringCells<T> { readonly cells: readonly T[]; readonly occurs: Uint8Array }

/** The table without a variable that makes no difference in what occurs; undefined where it makes one. */
function withoutAxis<T>({ cells, occurs }: OccurringCells<T>, options: number, inner: number): OccurringCells<T> | undefined {
  const joined: T[] = [];
  const known = new Uint8Array(cells.length / options);
  for (let at = 0; at < known.length; at++) {
    const start = Math.floor(at / inner) * inner * options + (at % inner);
    joined.push(cells[start]!);
    for (let option = 0, cell = start; option < options; option++, cell += inner) {
      if (occurs[cell] === 0) continue;
      if (known[at] === 1 && !Object.is(joined[at], cells[cell])) return undefined;
      joined[at] = cells[cell]!;
      known[at] = 1;
    }
  }
  return { cells: joined, occurs: known };
}

function indifferent(cells: readonly unknown[], options: number, inner: number): boolean {
  const block = options * inner;
  for (let start = 0; start < cells.length; start += block) {
    for (let i = 0; i < inner; i++) {
      const first = cells[start + i];
      for (let at = start + i + inner; at < start + block; at += inner) if (!Object.is(cells[at], first)) return false;
    }
  }
  return true;
}
