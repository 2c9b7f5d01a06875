/**
 * The cost tables of a space: one per node over the few variables it depends on, with the node priced for every combination of them,
 * and the tables of single metrics that they add up from.
 */
import { isProblem, type AttributeValue, type Shape } from "../ops/operator.js";
import { operators } from "../ops/registry.js";
import { variantOf } from "../ir/joint-space.js";
import type { InputNode, OperatorNode, Space, Value, VariableId } from "../ir/space.js";
import { energyOf, type CostModel } from "./cost-model.js";
import type { MetricName } from "./metrics.js";
import type { OperatorCost } from "./operator-cost.js";
import type { WeightUse } from "./stored-weights.js";

/** Costs of one node for every combination of the variables in `scope` (mixed radix, last fastest); undefined where inactive. */
export interface NodeCosts {
  readonly path: string;
  readonly operator: string;
  readonly scope: readonly VariableId[];
  /** Absent where the combinations are too many to list; `at` still answers. */
  readonly cells?: readonly (OperatorCost | undefined)[];
  /** `assignment` holds a domain index per variable of the space. */
  at(assignment: readonly number[]): OperatorCost | undefined;
}

export const CELL_LIMIT = 200_000;

/** Reads small tables over a fixed space. */
class Tables {
  private readonly sizes: readonly number[];

  constructor(readonly space: Space) {
    this.sizes = space.variables.map((variable) => variable.domain.length);
  }

  indexIn(value: Value, assignment: readonly number[]): number {
    let index = 0;
    for (const id of value.scope) index = index * this.sizes[id]! + assignment[id]!;
    return index;
  }

  read<T extends AttributeValue>(value: Value<T>, assignment: readonly number[]): T | undefined {
    return value.cells[this.indexIn(value, assignment)];
  }

  scopeOf(values: Iterable<Value>): readonly VariableId[] {
    return [...new Set([...values].flatMap((value) => value.scope))].sort((a, b) => a - b);
  }

  cellCount(scope: readonly VariableId[]): number {
    return scope.reduce((product, id) => product * this.sizes[id]!, 1);
  }

  /** Calls back for every combination of `scope`, in table order, with a full assignment (other variables are 0). */
  combinations<T>(scope: readonly VariableId[], visit: (assignment: readonly number[]) => T): T[] {
    const assignment = this.sizes.map(() => 0);
    const results: T[] = [];
    const count = this.cellCount(scope);
    for (let cell = 0; cell < count; cell++) {
      results.push(visit(assignment));
      for (let position = scope.length - 1; position >= 0; position--) {
        const id = scope[position]!;
        assignment[id] = assignment[id]! + 1;
        if (assignment[id]! < this.sizes[id]!) break;
        assignment[id] = 0;
      }
    }
    return results;
  }

  /** A table where it is small enough, a plain function otherwise. */
  tabulate<T>(scope: readonly VariableId[], evaluate: (assignment: readonly number[]) => T): { readonly cells?: readonly T[]; at(assignment: readonly number[]): T } {
    if (this.cellCount(scope) > CELL_LIMIT) return { at: evaluate };
    const cells = this.combinations(scope, evaluate);
    const sizes = this.sizes;
    return {
      cells,
      at(assignment) {
        let index = 0;
        for (const id of scope) index = index * sizes[id]! + assignment[id]!;
        return cells[index]!;
      },
    };
  }
}

/**
 * Input shapes and attributes of a node under an assignment; undefined where no architecture reaches it. A table also runs over
 * combinations of derived variables that never occur together: there the shape rule disagrees with the recorded shape.
 */
function circumstances(tables: Tables, node: OperatorNode, assignment: readonly number[]): { inputs: Shape[]; attributes: Record<string, AttributeValue>; shape: Shape } | undefined {
  if (tables.read(node.guard, assignment) !== true) return undefined;
  const shape = tables.read(node.shape, assignment);
  const inputs = node.inputs.map((input) => tables.read(tables.space.nodes[input]!.shape, assignment));
  if (shape === undefined || inputs.some((input) => input === undefined)) return undefined;
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(node.attributes)) {
    const bound = tables.read(value, assignment);
    if (bound === undefined) return undefined;
    attributes[name] = bound;
  }
  const derived = operators.get(node.operator)?.shape(inputs as Shape[], attributes);
  if (derived === undefined || isProblem(derived) || derived.shape.join() !== shape.join()) return undefined;
  return { inputs: inputs as Shape[], attributes, shape };
}

/** What a node's cost follows from where it is active, and with its guard. */
const settingValues = (space: Space, node: OperatorNode): Value[] => [node.shape, ...Object.values(node.attributes), ...node.inputs.map((input) => space.nodes[input]!.shape)];
const operatorValues = (space: Space, node: OperatorNode): Value[] => [node.guard, ...settingValues(space, node)];

/** Decisions about the accelerator that what an operator (or the boundary) costs depends on. */
const hardwareScope = ({ hardware = [] }: Space, model: CostModel, operator: string | undefined): readonly VariableId[] => hardware.filter((_, choice) => model.dependsOn(choice, operator));

const joined = (scope: readonly VariableId[], more: readonly VariableId[]): readonly VariableId[] => (more.length === 0 ? scope : [...new Set([...scope, ...more])].sort((a, b) => a - b));

/** The cells of a value: `numbers` are equal where cells are equal, over all values; `ranks` count the different ones of this value. */
interface Setting { readonly id: number; readonly numbers: readonly number[]; readonly ranks: readonly number[]; readonly count: number }

/** Tells which nodes and combinations come to the same figures without looking at a shape: each is priced once. */
class Settings {
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<Value, Setting>();

  of(value: Value): Setting {
    let found = this.known.get(value);
    if (found === undefined) this.known.set(value, (found = this.read(value)));
    return found;
  }

  private read({ cells }: Value): Setting {
    const numbers = cells.map((cell) => {
      const text = cell === undefined ? "" : JSON.stringify(cell);
      const found = this.numbers.get(text) ?? this.numbers.size;
      this.numbers.set(text, found);
      return found;
    });
    const seen = new Map<number, number>();
    const ranks = numbers.map((number) => {
      const rank = seen.get(number) ?? seen.size;
      seen.set(number, rank);
      return rank;
    });
    return { id: this.known.size, numbers, ranks, count: seen.size };
  }
}

/** What pricing one space remembers: costs by operator, setting and variant of the accelerator. */
interface Priced {
  readonly settings: Settings;
  readonly costs: Map<string, OperatorCost | undefined>;
  /** Among nodes that read the same values, as the rounds of a loop do, the ranks of these are key enough, and quicker than text. */
  readonly alike: Map<string, Map<number, OperatorCost | undefined>>;
}

/** Looks up what `compute` gave before: missing answers, too, are answers. */
function remembered<K, T>(known: Map<K, T | undefined>, key: K, compute: () => T | undefined): T | undefined {
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found;
  const computed = compute();
  known.set(key, computed);
  return computed;
}

function operatorNodeCosts(tables: Tables, model: CostModel, node: OperatorNode, priced: Priced): NodeCosts {
  const values = settingValues(tables.space, node);
  const scope = joined(tables.scopeOf(operatorValues(tables.space, node)), hardwareScope(tables.space, model, node.operator));
  const price = (assignment: readonly number[]): OperatorCost | undefined => {
    const found = circumstances(tables, node, assignment);
    return found && model.variant(variantOf(tables.space, assignment)).operatorCost(node.operator, found.inputs, found.attributes, found.shape);
  };
  const settings = values.map((value) => priced.settings.of(value));
  const variants = tables.space.hardware === undefined ? 1 : (model.accelerator.variants?.length ?? 1);
  const keyed = settings.reduce((product, { count }) => product * count, variants) <= Number.MAX_SAFE_INTEGER;
  const name = `${node.operator}(${Object.keys(node.attributes).join()})`;
  const shared = (assignment: readonly number[], at: readonly number[], variant: number): OperatorCost | undefined =>
    remembered(priced.costs, `${name}${settings.map(({ numbers }, i) => numbers[at[i]!]!).join()};${variant}`, () => price(assignment));
  const alike = `${name}${settings.map(({ id }) => id).join()}`;
  const own = priced.alike.get(alike) ?? new Map<number, OperatorCost | undefined>();
  priced.alike.set(alike, own);
  const at = values.map(() => 0);
  const evaluate = (assignment: readonly number[]): OperatorCost | undefined => {
    if (tables.read(node.guard, assignment) !== true) return undefined;
    const variant = variants === 1 ? 0 : variantOf(tables.space, assignment);
    let key = variant;
    for (let i = 0; i < values.length; i++) {
      const index = tables.indexIn(values[i]!, assignment);
      at[i] = index;
      key = key * settings[i]!.count + settings[i]!.ranks[index]!;
    }
    return keyed ? remembered(own, key, () => shared(assignment, at, variant)) : shared(assignment, at, variant);
  };
  return { path: node.path, operator: node.operator, scope, ...tables.tabulate(scope, evaluate) };
}

function boundaryNodeCosts(tables: Tables, model: CostModel, direction: "input" | "output", path: string, shape: Value<readonly number[]>, guard: InputNode["guard"] | undefined): NodeCosts {
  const scope = joined(tables.scopeOf(guard ? [shape, guard] : [shape]), hardwareScope(tables.space, model, undefined));
  const evaluate = (assignment: readonly number[]): OperatorCost | undefined => {
    const extent = tables.read(shape, assignment);
    return extent === undefined || (guard && tables.read(guard, assignment) !== true) ? undefined : model.variant(variantOf(tables.space, assignment)).boundaryCost(direction, extent);
  };
  return { path, operator: direction, scope, ...tables.tabulate(scope, evaluate) };
}

/** A number per combination of a scope, for sums and for elimination. */
export interface Term { readonly scope: readonly VariableId[]; readonly cells?: readonly number[]; at(assignment: readonly number[]): number }

export const metricOf = (cost: OperatorCost, metric: MetricName): number => (metric === "energy" ? energyOf(cost.energy) : metric === "period" ? 0 : cost[metric]);

export function term(node: NodeCosts, value: (cost: OperatorCost) => number): Term {
  const of = (cost: OperatorCost | undefined): number => (cost === undefined ? 0 : value(cost));
  return { scope: node.scope, ...(node.cells ? { cells: node.cells.map(of) } : {}), at: (assignment) => of(node.at(assignment)) };
}

/** Tensors that several nodes share count once: what is stored as tables over the whole group. */
function weightTerms(tables: Tables, model: CostModel, nodes: ReadonlyMap<OperatorNode, NodeCosts>, metric: "params" | "size"): Term[] {
  const groups = new Map<string, OperatorNode[]>();
  for (const node of nodes.keys()) groups.set(node.weightKey, [...(groups.get(node.weightKey) ?? []), node]);
  return [...groups.values()].map((group): Term => {
    if (group.length === 1) return term(nodes.get(group[0]!)!, (cost) => cost[metric]);
    const hardware = metric === "params" ? [] : hardwareScope(tables.space, model, group[0]!.operator);
    const scope = joined(tables.scopeOf(group.flatMap((node) => operatorValues(tables.space, node))), hardware);
    return { scope, ...tables.tabulate(scope, (assignment) => model.variant(variantOf(tables.space, assignment)).storedWeights(group.flatMap((node): WeightUse[] => {
      const found = circumstances(tables, node, assignment);
      const operator = operators.get(node.operator);
      return found && operator ? [{ operator, inputs: found.inputs, attributes: found.attributes }] : [];
    }))[metric]) };
  });
}

export interface SpaceTables { readonly nodes: readonly NodeCosts[]; readonly params: readonly Term[]; readonly size: readonly Term[] }

/** Prices every node of a space under every combination of what it depends on. */
export function spaceTables(space: Space, model: CostModel): SpaceTables {
  const tables = new Tables(space);
  const priced: Priced = { settings: new Settings(), costs: new Map(), alike: new Map() };
  const operatorNodes = new Map<OperatorNode, NodeCosts>();
  const nodes: NodeCosts[] = [];
  for (const node of space.nodes) {
    if (node.kind === "select") continue;
    const costs = node.kind === "input" ? boundaryNodeCosts(tables, model, "input", node.path, node.shape, node.guard) : operatorNodeCosts(tables, model, node, priced);
    if (node.kind === "operator") operatorNodes.set(node, costs);
    nodes.push(costs);
  }
  for (const output of space.outputs) nodes.push(boundaryNodeCosts(tables, model, "output", output.name, space.nodes[output.node]!.shape, undefined));
  return { nodes, params: weightTerms(tables, model, operatorNodes, "params"), size: weightTerms(tables, model, operatorNodes, "size") };
}
