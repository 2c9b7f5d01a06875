/**
 * The costs of every architecture of a space at once: one table per node over the few variables it depends on. An architecture's cost
 * is a sum of look-ups, and the least and greatest cost of a space are one elimination (`SpaceQueries.extreme`).
 */
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import { isProblem, type AttributeValue, type Shape } from "../ops/operator.js";
import { operators } from "../ops/registry.js";
import { randomStream } from "../random/stream.js";
import type { Architecture, InputNode, OperatorNode, Space, Value, VariableId } from "../ir/space.js";
import { spaceQueries, type SpaceQueries } from "../ir/space-queries.js";
import { energyOf, sharedParams, type CostModel, type Totals, type WeightUse } from "./cost-model.js";
import { metricNames, type MetricName } from "./metrics.js";
import type { OperatorCost } from "./operator-cost.js";

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

export interface CostBounds {
  readonly minimum: { readonly value: number; readonly architecture: Architecture };
  readonly maximum: { readonly value: number; readonly architecture: Architecture };
  /** Both values are attained by their architectures and nothing is beyond them. */
  readonly exact: boolean;
  /** Nothing is beyond the values, though the minimum may not be attained (`period`). False where random architectures were all there was. */
  readonly proven: boolean;
}

export interface SpaceCosts {
  readonly model: CostModel;
  readonly nodes: readonly NodeCosts[];
  readonly warnings: readonly Diagnostic[];
  /** Equal to `model.netCost(bind(space, architecture)).totals` up to rounding. */
  costOf(architecture: Architecture): Totals;
  bounds(metric: MetricName): CostBounds;
}

const CELL_LIMIT = 200_000;
const SAMPLES = 2000;

/** Reads small tables over a fixed space. */
class Tables {
  private readonly sizes: readonly number[];

  constructor(readonly space: Space) {
    this.sizes = space.variables.map((variable) => variable.domain.length);
  }

  read<T extends AttributeValue>(value: Value<T>, assignment: readonly number[]): T | undefined {
    let index = 0;
    for (const id of value.scope) index = index * this.sizes[id]! + assignment[id]!;
    return value.cells[index];
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

const operatorValues = (space: Space, node: OperatorNode): Value[] => [node.guard, node.shape, ...Object.values(node.attributes), ...node.inputs.map((input) => space.nodes[input]!.shape)];

function operatorNodeCosts(tables: Tables, model: CostModel, node: OperatorNode): NodeCosts {
  const scope = tables.scopeOf(operatorValues(tables.space, node));
  const evaluate = (assignment: readonly number[]): OperatorCost | undefined => {
    const found = circumstances(tables, node, assignment);
    return found && model.operatorCost(node.operator, found.inputs, found.attributes, found.shape);
  };
  return { path: node.path, operator: node.operator, scope, ...tables.tabulate(scope, evaluate) };
}

function boundaryNodeCosts(tables: Tables, model: CostModel, direction: "input" | "output", path: string, shape: Value<readonly number[]>, guard: InputNode["guard"] | undefined): NodeCosts {
  const scope = tables.scopeOf(guard ? [shape, guard] : [shape]);
  const evaluate = (assignment: readonly number[]): OperatorCost | undefined => {
    const extent = tables.read(shape, assignment);
    return extent === undefined || (guard && tables.read(guard, assignment) !== true) ? undefined : model.boundaryCost(direction, extent);
  };
  return { path, operator: direction, scope, ...tables.tabulate(scope, evaluate) };
}

/** A number per combination of a scope, for sums and for elimination. */
interface Term { readonly scope: readonly VariableId[]; readonly cells?: readonly number[]; at(assignment: readonly number[]): number }

const metricOf = (cost: OperatorCost, metric: MetricName): number => (metric === "energy" ? energyOf(cost.energy) : metric === "period" ? 0 : cost[metric]);

function term(node: NodeCosts, value: (cost: OperatorCost) => number): Term {
  const of = (cost: OperatorCost | undefined): number => (cost === undefined ? 0 : value(cost));
  return { scope: node.scope, ...(node.cells ? { cells: node.cells.map(of) } : {}), at: (assignment) => of(node.at(assignment)) };
}

/** Tensors that several nodes share count once: their parameters as tables over the whole group. */
function parameterTerms(tables: Tables, nodes: ReadonlyMap<OperatorNode, NodeCosts>): Term[] {
  const groups = new Map<string, OperatorNode[]>();
  for (const node of nodes.keys()) groups.set(node.weightKey, [...(groups.get(node.weightKey) ?? []), node]);
  return [...groups.values()].map((group): Term => {
    if (group.length === 1) return term(nodes.get(group[0]!)!, (cost) => cost.params);
    const scope = tables.scopeOf(group.flatMap((node) => operatorValues(tables.space, node)));
    return { scope, ...tables.tabulate(scope, (assignment) => sharedParams(group.flatMap((node): WeightUse[] => {
      const found = circumstances(tables, node, assignment);
      const operator = operators.get(node.operator);
      return found && operator ? [{ operator, inputs: found.inputs, attributes: found.attributes }] : [];
    }))) };
  });
}

type AdditiveMetric = Exclude<MetricName, "period">;

export function spaceCosts(space: Space, model: CostModel, queries: SpaceQueries = spaceQueries(space)): SpaceCosts {
  const tables = new Tables(space);
  const operatorNodes = new Map<OperatorNode, NodeCosts>();
  const nodes: NodeCosts[] = [];
  for (const node of space.nodes) {
    if (node.kind === "select") continue;
    const costs = node.kind === "input" ? boundaryNodeCosts(tables, model, "input", node.path, node.shape, node.guard) : operatorNodeCosts(tables, model, node);
    if (node.kind === "operator") operatorNodes.set(node, costs);
    nodes.push(costs);
  }
  for (const output of space.outputs) nodes.push(boundaryNodeCosts(tables, model, "output", output.name, space.nodes[output.node]!.shape, undefined));
  const parameters = parameterTerms(tables, operatorNodes);

  const costOf = (architecture: Architecture): Totals => {
    const assignment = queries.assignment(architecture);
    const totals: Record<MetricName, number> = { params: 0, macs: 0, multiplies: 0, shifts: 0, adds: 0, bytes: 0, energy: 0, latency: 0, period: 0 };
    const busy = new Map<string, number>();
    let external = 0;
    for (const node of nodes) {
      const cost = node.at(assignment);
      if (cost === undefined) continue;
      totals.macs += cost.macs;
      totals.multiplies += cost.multiplies;
      totals.shifts += cost.shifts;
      totals.adds += cost.adds;
      totals.bytes += cost.bytes;
      totals.energy += energyOf(cost.energy);
      totals.latency += cost.latency;
      busy.set(cost.chunk, (busy.get(cost.chunk) ?? 0) + cost.latency);
      external += cost.external;
    }
    for (const parameter of parameters) totals.params += parameter.at(assignment);
    totals.period = Math.max(0, model.externalTime(external), ...busy.values());
    return totals;
  };

  const termsOf = (metric: AdditiveMetric): Term[] => (metric === "params" ? parameters : nodes.map((node) => term(node, (cost) => metricOf(cost, metric))));

  const sampled = (metric: MetricName): CostBounds => {
    const random = randomStream(0, `cost bounds/${metric}`);
    const first = queries.samplePath(random);
    let minimum = { value: costOf(first)[metric], architecture: first };
    let maximum = minimum;
    for (let i = 1; i < SAMPLES; i++) {
      const architecture = queries.samplePath(random);
      const value = costOf(architecture)[metric];
      if (value < minimum.value) minimum = { value, architecture };
      if (value > maximum.value) maximum = { value, architecture };
    }
    return { minimum, maximum, exact: false, proven: false };
  };

  /** Exact extremes of a sum of terms; undefined where the tables are too wide. */
  const extremes = (terms: readonly Term[]): CostBounds | undefined => {
    const listed = terms.flatMap(({ scope, cells }) => (cells === undefined ? [] : [{ scope, cells }]));
    if (listed.length < terms.length) return undefined;
    const minimum = queries.extreme(listed, "minimum");
    const maximum = queries.extreme(listed, "maximum");
    return minimum && maximum ? { minimum, maximum, exact: true, proven: true } : undefined;
  };

  /** A period is a maximum over chunks: its greatest value is exact, its least is proven where some network attains the best bound. */
  const periodBounds = (): CostBounds => {
    const units = [...new Set(nodes.flatMap((node) => (node.cells ?? []).flatMap((cost) => (cost ? [cost.chunk] : []))))];
    const parts = [
      ...units.map((unit) => extremes(nodes.map((node) => term(node, (cost) => (cost.chunk === unit ? cost.latency : 0))))),
      extremes(nodes.map((node) => term(node, (cost) => model.externalTime(cost.external)))),
    ];
    const known = parts.filter((part) => part !== undefined);
    if (known.length < parts.length || known.length === 0) return sampled("period");
    const value = (architecture: Architecture): { value: number; architecture: Architecture } => ({ value: costOf(architecture).period, architecture });
    const maximum = known.map((part) => value(part.maximum.architecture)).reduce((best, next) => (next.value > best.value ? next : best));
    const floor = Math.max(...known.map((part) => part.minimum.value));
    const attained = known.map((part) => value(part.minimum.architecture)).reduce((best, next) => (next.value < best.value ? next : best));
    return { minimum: { value: floor, architecture: attained.architecture }, maximum, exact: attained.value <= floor * (1 + 1e-12), proven: true };
  };

  const remembered = new Map<MetricName, CostBounds>();
  const bounds = (metric: MetricName): CostBounds => {
    let found = remembered.get(metric);
    if (found === undefined) remembered.set(metric, (found = metric === "period" ? periodBounds() : extremes(termsOf(metric)) ?? sampled(metric)));
    return found;
  };

  const wide = nodes.filter((node) => node.cells === undefined);
  const unassigned = nodes.filter((node) => node.cells?.some((cost) => cost?.unassigned === true)).map((node) => node.operator);
  const warnings = [
    ...model.warnings,
    ...model.unassignedWarnings(unassigned),
    ...(wide.length === 0 ? [] : [diagnostic("NAS5003", { severity: "warning", title: `cost bounds of \`${space.name}\` are sampled`, why: `\`${wide[0]!.path}\` depends on ${wide[0]!.scope.length} variables at once, more than ${CELL_LIMIT.toLocaleString("en-US")} combinations` })]),
  ];
  return { model, nodes, warnings, costOf, bounds };
}

/** All metrics' bounds, for tables. */
export function allBounds(costs: SpaceCosts): ReadonlyMap<MetricName, CostBounds> {
  return new Map(metricNames.map((metric) => [metric, costs.bounds(metric)]));
}
