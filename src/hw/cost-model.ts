/**
 * The analytical cost of a network on a declared accelerator: one row per operator, rows that sum to the totals. The convention
 * behind the figures in words is `convention.ts`.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import type { Accelerator } from "../ir/plan.js";
import type { Net, NetNode, NetOperator } from "../ir/net.js";
import type { Attributes, Operator, Shape } from "../ops/operator.js";
import { operators } from "../ops/registry.js";
import type { Schedule } from "./pipeline/chunk-schedule.js";
import { sizeChunks, sizedCost, type Sizing } from "./pipeline/chunk-sizing.js";
import { resolveMachine, type Machine } from "./machine.js";
import { acceleratorOf } from "../ir/joint-space.js";
import type { Architecture, Space } from "../ir/space.js";
import type { SplitCost } from "./mask-split.js";
import { metrics, type Metric, type MetricName } from "./metrics.js";
import type { MappedNest, MappingMemory } from "./nest-mapper.js";
import type { PredictedNest, PredictionMemory } from "./predictor/predictor.js";
import { describeConvention } from "./convention.js";
import { peakActivations } from "./activation-memory.js";
import { figuresOf, type NetFigures } from "./net-figures.js";
import { boundaryCost, energyKinds, noEnergy, operatorCost, type Bound, type EnergySplit, type OperatorCost } from "./operator-cost.js";
import { shareMemories, sharesDynamically, withRoom } from "./pipeline/shared-buffer.js";
import { storedWeights, type StoredWeights, type WeightUse } from "./stored-weights.js";
import { formatBits, nodeScale } from "./unit-costs.js";

export type Totals = Readonly<Record<MetricName, number>>;

export interface CostRow {
  readonly path: string;
  /** Operator name, or `input` / `output` for the traffic of the network's own boundary. */
  readonly operator: string;
  readonly chunk: string;
  readonly shape: Shape;
  readonly params: number;
  /** Bytes of the parameters. */
  readonly size: number;
  readonly macs: number;
  readonly bitops: number;
  readonly multiplies: number;
  readonly shifts: number;
  readonly adds: number;
  readonly bytes: number;
  /** Joules: the sum of the split. */
  readonly energy: number;
  readonly split: EnergySplit;
  readonly cycles: number;
  readonly latency: number;
  readonly bound: Bound;
  readonly utilisation: number;
  /** Bytes over the external interface. */
  readonly external: number;
  readonly mappings?: readonly MappedNest[];
  readonly predictions?: readonly PredictedNest[];
  /** Attention under a mask, on an array that splits its work. */
  readonly engines?: SplitCost;
}

export interface NetCost {
  readonly totals: Totals;
  /** What follows from the totals and the network as a whole; not additive, so spaces have no tables of it. */
  readonly figures: NetFigures;
  readonly split: EnergySplit;
  /** In the order of the network. Their sum, in this order, is `totals` exactly (`period` aside). */
  readonly rows: readonly CostRow[];
  /** Busy seconds of each chunk; `period` is the largest (with what it waited), or the time of the external traffic if that is longer. */
  readonly busy: Readonly<Record<string, number>>;
  /** Seconds that the external memory is busy with all traffic. */
  readonly externalTime: number;
  readonly warnings: readonly Diagnostic[];
  /** How arrays came to their sizes, where they are sized for each network; the costs are those on these arrays. */
  readonly sizing?: Sizing;
  /** The schedule that memories are shared by, where that is dynamic, and what the network would cost with fixed parts. */
  readonly shared?: { readonly schedule: Schedule; readonly fixed: Totals };
}

export interface CostModel {
  readonly accelerator: Accelerator;
  /** Bytes per second. */
  readonly externalBandwidth: number;
  /** The model of one combination of what the accelerator leaves to choose; the model itself where it leaves nothing. */
  variant(index: number): CostModel;
  /** The model of a changed accelerator, with whatever mappings are known. */
  withAccelerator(accelerator: Accelerator): CostModel;
  /** Energy, latency and period are those of whole networks: no sums over operators that are priced alone. */
  readonly coupled: boolean;
  /** The model of the accelerator that an architecture chooses. */
  forArchitecture(space: Space, architecture: Architecture): CostModel;
  /** Whether a choice of the accelerator (by number) can change what an operator costs; without an operator: what the network's boundary costs. */
  dependsOn(choice: number, operator: string | undefined): boolean;
  /** What is counted and what is not, in a few sentences. */
  readonly convention: string;
  readonly metrics: readonly Metric[];
  readonly warnings: readonly Diagnostic[];
  netCost(net: Net): NetCost;
  /** The cost of one operator; remembered by shapes and attributes. Throws on an unknown operator (the checker has refused it). */
  operatorCost(operator: string, inputs: readonly Shape[], attributes: Attributes, output: Shape): OperatorCost;
  boundaryCost(direction: "input" | "output", shape: Shape): OperatorCost;
  /** What the nodes that share a tensor store together. */
  storedWeights(uses: readonly WeightUse[]): StoredWeights;
  /** A warning for each operator of `names` whose arithmetic no chunk runs. */
  unassignedWarnings(names: Iterable<string>): readonly Diagnostic[];
  /** One warning for all layers (by path) that have no mapping. */
  unmappedWarnings(paths: readonly string[]): readonly Diagnostic[];
}

export function energyOf(split: EnergySplit): number {
  return energyKinds.reduce((sum, kind) => sum + split[kind], 0);
}

function findOperator(name: string): Operator {
  const operator = operators.get(name);
  if (operator === undefined) throw new Error(`no operator \`${name}\``);
  return operator;
}

const toRow = (path: string, operator: string, shape: Shape, cost: OperatorCost, { params, size }: Pick<StoredWeights, "params" | "size">): CostRow => ({
  path, operator, shape, params, size,
  chunk: cost.chunk, macs: cost.macs, bitops: cost.bitops, multiplies: cost.multiplies, shifts: cost.shifts, adds: cost.adds, bytes: cost.bytes,
  energy: energyOf(cost.energy), split: cost.energy, cycles: cost.cycles, latency: cost.latency, bound: cost.bound, utilisation: cost.utilisation, external: cost.external, ...(cost.mappings === undefined ? {} : { mappings: cost.mappings }), ...(cost.predictions === undefined ? {} : { predictions: cost.predictions }), ...(cost.engines === undefined ? {} : { engines: cost.engines }),
});

/** Changed accelerators whose models are remembered. */
const OTHERS = 64;

const NOTHING: StoredWeights = { params: 0, size: 0, kept: 0 };

/** What each operator node of a net stores, a shared tensor billed to the first node that uses it. */
function weightsByNode(machine: Machine, net: Net, alone: readonly OperatorCost[]): ReadonlyMap<number, StoredWeights> {
  const groups = new Map<string, NetOperator[]>();
  for (const node of net.nodes) if (node.kind === "operator") groups.set(node.weightKey, [...(groups.get(node.weightKey) ?? []), node]);
  const stored = new Map<number, StoredWeights>();
  for (const nodes of groups.values()) {
    const total = nodes.length === 1
      ? alone[nodes[0]!.id]!
      : storedWeights(machine, nodes.map((node) => ({ operator: findOperator(node.operator), inputs: node.inputs.map((input) => net.nodes[input]!.shape), attributes: node.attributes })));
    nodes.forEach((node, index) => stored.set(node.id, index === 0 ? total : NOTHING));
  }
  return stored;
}

export function createCostModel(accelerator: Accelerator, mappings: MappingMemory = new Map(), predictions: PredictionMemory = new Map()): CostModel {
  const machine = resolveMachine(accelerator, mappings, predictions);
  const known = new Map<string, OperatorCost>();
  const warnings: Diagnostic[] = machine.estimated
    ? [diagnostic("NAS5002", { severity: "warning", title: `energies at ${machine.technology} nm are estimates`, ...(accelerator.span ? { at: accelerator.span } : {}), label: `scaled by ${nodeScale(machine.technology).toPrecision(3)} from 45 nm`, why: "unit energies are published for 45 nm; other nodes are scaled in proportion" })]
    : [];

  const rooms = new Map<number, Machine>();
  /** The machine while chunks have some part of the memories at hand. */
  const machineWith = (room: number | undefined): Machine => {
    if (room === undefined) return machine;
    let found = rooms.get(room);
    if (found === undefined) rooms.set(room, (found = resolveMachine(withRoom(accelerator, room), mappings)));
    return found;
  };

  const cost = (name: string, inputs: readonly Shape[], attributes: Attributes, output: Shape, room?: number): OperatorCost => {
    const key = JSON.stringify([name, inputs, attributes, output, room]);
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = operatorCost(machineWith(room), findOperator(name), inputs, attributes, output)));
    return found;
  };
  const nodeCost = (net: Net, node: NetNode, room?: number): OperatorCost =>
    node.kind === "input" ? boundaryCost(machine, "input", node.shape) : cost(node.operator, node.inputs.map((input) => net.nodes[input]!.shape), node.attributes, node.shape, room);

  const unassignedWarnings = (names: Iterable<string>): readonly Diagnostic[] => [...new Set(names)].map((name) => diagnostic("NAS5001", {
    severity: "warning",
    title: `no chunk of \`${accelerator.name}\` runs \`${name}\``,
    ...(accelerator.span ? { at: accelerator.span, label: `chunk \`${machine.firstChunk.name}\` takes it` } : {}),
    why: `its arithmetic is priced on the first chunk, \`${machine.firstChunk.name}\` (${machine.firstChunk.precision})`,
    help: `add \`${name}\` to the \`runs\` list of a chunk`,
  }));

  const unmappedWarnings = (paths: readonly string[]): readonly Diagnostic[] => paths.slice(0, 1).map((path) => diagnostic("NAS5004", {
    severity: "warning", title: `${paths.length === 1 ? "a layer has" : `${paths.length} layers have`} no mapping on \`${accelerator.name}\``, ...(accelerator.span ? { at: accelerator.span, label: "its memories are too small" } : {}),
    why: `no tiles of \`${path}\` fit the memories of its chunk; its figures are lower bounds`, help: "make the innermost memories larger, or raise `effort` of the mapper",
  }));

  /** A network whose nodes, then outputs, cost so much each; `end`: when the last layer of a period is done, where that is not when its chunk has been busy. */
  const summed = (net: Net, costs: readonly OperatorCost[], end: number, shared: NetCost["shared"]): NetCost => {
    const stored = weightsByNode(machine, net, costs);
    const rows: CostRow[] = [];
    const busy: Record<string, number> = {};
    const unassigned: string[] = [];
    const unmapped: string[] = [];
    let externalTime = 0;
    const add = (row: CostRow, of: OperatorCost): void => {
      rows.push(row);
      busy[row.chunk] = (busy[row.chunk] ?? 0) + row.latency;
      externalTime += of.externalTime;
    };
    for (const node of net.nodes) {
      const of = costs[node.id]!;
      if (of.unassigned && node.kind === "operator") unassigned.push(node.operator);
      if (of.unmapped === true) unmapped.push(node.path);
      add(node.kind === "input" ? toRow(node.path, "input", node.shape, of, NOTHING) : toRow(node.path, node.operator, node.shape, of, stored.get(node.id) ?? NOTHING), of);
    }
    net.outputs.forEach(({ name, node }, index) => {
      const of = costs[net.nodes.length + index]!;
      add(toRow(name, "output", net.nodes[node]!.shape, of, NOTHING), of);
    });
    const totals = totalsOf(rows, Math.max(...Object.values(busy), externalTime, end));
    const kept = [...stored.values()].reduce((sum, each) => sum + each.kept, 0);
    let figures: NetFigures | undefined;
    const computeFigures = (): NetFigures => figuresOf({ totals, rows, kept, memory: peakActivations(net, machine.firstChunk.widths?.activations ?? formatBits[machine.firstChunk.precision]), clock: machine.clock });
    return {
      // Whoever prices thousands of networks wants the totals only.
      totals, get figures() { return (figures ??= computeFigures()); }, split: splitOf(rows), rows, busy, externalTime, warnings: [...warnings, ...unassignedWarnings(unassigned), ...unmappedWarnings(unmapped)],
      ...(shared === undefined ? {} : { shared }),
    };
  };

  const plainCost = (net: Net): NetCost => {
    const outputs = net.outputs.map(({ node }) => boundaryCost(machine, "output", net.nodes[node]!.shape));
    const alone = [...net.nodes.map((node) => nodeCost(net, node)), ...outputs];
    const fixed = summed(net, alone, 0, undefined);
    if (!sharesDynamically(accelerator)) return fixed;
    const { schedule, costs } = shareMemories(accelerator, alone.map((own, index) => ({ fixed: own, with: (room) => (index < net.nodes.length ? nodeCost(net, net.nodes[index]!, room) : own) })));
    return summed(net, costs, schedule.end, { schedule, fixed: fixed.totals });
  };
  const netCost = (net: Net): NetCost => {
    if (accelerator.balancedArea === undefined) return plainCost(net);
    const sizing = sizeChunks(accelerator, (sized) => withAccelerator(sized).netCost(net));
    return sizedCost(sizing);
  };

  const variants = new Map<number, CostModel>();
  const variant = (index: number): CostModel => {
    const chosen = accelerator.variants?.[index]?.accelerator;
    if (chosen === undefined) return model;
    let found = variants.get(index);
    if (found === undefined) variants.set(index, (found = createCostModel(chosen, mappings, predictions)));
    return found;
  };
  const others = new Map<string, CostModel>();
  const withAccelerator = (other: Accelerator): CostModel => {
    const key = JSON.stringify(other);
    let found = others.get(key);
    // A search sizes thousands of networks: what is dear, the mappings, is known without these.
    if (found === undefined && others.size >= OTHERS) others.clear();
    if (found === undefined) others.set(key, (found = createCostModel(other, mappings, predictions)));
    return found;
  };
  const model: CostModel = {
    accelerator, externalBandwidth: machine.dram.bandwidth, variant, withAccelerator, coupled: [accelerator, ...(accelerator.variants ?? []).map((each) => each.accelerator)].some((each) => each.balancedArea !== undefined || sharesDynamically(each)),
    forArchitecture: (space, architecture) => variant(accelerator.variants?.findIndex((each) => each.accelerator === acceleratorOf(space, accelerator, architecture)) ?? 0),
    dependsOn(choice, operator) {
      const chunk = accelerator.choices?.[choice]?.chunk;
      return chunk === undefined || chunk === (operator === undefined ? machine.firstChunk : machine.chunkOf(operator) ?? machine.firstChunk).name;
    },
    convention: describeConvention(machine), metrics, warnings, netCost, operatorCost: (name, inputs, attributes, output) => cost(name, inputs, attributes, output),
    boundaryCost: (direction, shape) => boundaryCost(machine, direction, shape),
    storedWeights: (uses) => storedWeights(machine, uses), unassignedWarnings, unmappedWarnings,
  };
  return model;
}

function totalsOf(rows: readonly CostRow[], period: number): Totals {
  const totals = { params: 0, size: 0, macs: 0, bitops: 0, multiplies: 0, shifts: 0, adds: 0, bytes: 0, energy: 0, latency: 0, period };
  for (const row of rows) {
    totals.params += row.params;
    totals.size += row.size;
    totals.macs += row.macs;
    totals.bitops += row.bitops;
    totals.multiplies += row.multiplies;
    totals.shifts += row.shifts;
    totals.adds += row.adds;
    totals.bytes += row.bytes;
    totals.energy += row.energy;
    totals.latency += row.latency;
  }
  return totals;
}

function splitOf(rows: readonly CostRow[]): EnergySplit {
  const split = { ...noEnergy };
  for (const row of rows) for (const kind of energyKinds) split[kind] += row.split[kind];
  return split;
}
