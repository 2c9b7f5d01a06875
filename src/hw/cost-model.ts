/**
 * The analytical cost of a network on a declared accelerator: one row per operator, rows that sum to the totals, and the convention
 * behind the figures in words.
 */
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import type { Accelerator, Chunk, MapperPlan, MaskSplit } from "../ir/plan.js";
import type { Net, NetNode, NetOperator } from "../ir/net.js";
import type { Attributes, Operator, Shape } from "../ops/operator.js";
import { operators } from "../ops/registry.js";
import { ROOM_STEPS, type Schedule } from "./pipeline/chunk-schedule.js";
import { sizeChunks, sizedCost, type Sizing } from "./pipeline/chunk-sizing.js";
import { resolveMachine, type Machine } from "./machine.js";
import { acceleratorOf } from "../ir/joint-space.js";
import { formatQuantity } from "../ir/units.js";
import type { Architecture, Space } from "../ir/space.js";
import type { SplitCost } from "./mask-split.js";
import { formatMetric, metrics, type Metric, type MetricName } from "./metrics.js";
import type { MappedNest, MappingMemory } from "./nest-mapper.js";
import type { PredictedNest, PredictionMemory } from "./predictor/predictor.js";
import { predictedConvention } from "./predictor/convention.js";
import { peakActivations } from "./activation-memory.js";
import { figuresOf, type NetFigures } from "./net-figures.js";
import { boundaryCost, energyKinds, noEnergy, operatorCost, type Bound, type EnergySplit, type OperatorCost } from "./operator-cost.js";
import { shareMemories, sharesDynamically, withRoom } from "./pipeline/shared-buffer.js";
import { storedWeights, type StoredWeights, type WeightUse } from "./stored-weights.js";
import { formatBits, nodeScale } from "./unit-costs.js";
import { vectorConvention } from "./vector-unit.js";

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

function describeConvention(machine: Machine): string {
  const { accelerator, buffer } = machine;
  const precisions = [...new Set(accelerator.chunks.map((chunk) => `${chunk.name} ${chunk.precision}`))].join(", ");
  const node = machine.estimated
    ? `Unit energies are those of 45 nm times ${nodeScale(machine.technology).toPrecision(3)} for ${machine.technology} nm: an estimate.`
    : "Unit energies: 45 nm, 0.9 V.";
  return [
    "One inference, batch 1.",
    `${node} Multiplications and additions by Horowitz (ISSCC 2014), shifts by ShiftAddLLM (2024).`,
    "A convolution point is one multiplication and one accumulation, a shift point one shift and one accumulation, an adder point one subtraction and one accumulation; integer chunks accumulate in int32, floating-point chunks in their own format.",
    `Number formats by chunk: ${precisions || "int8"}. Shift weights, and weights and inputs of layers with a \`precision\`, take their own bits: an integer multiplier's energy goes with the product of both widths, wider operands than the chunk's take several passes, narrower ones fewer only in bricks. A layer writes its output at the chunk's width.`,
    "Weights cut to zero are neither stored (each weight of such a tensor has a bit that says so), nor moved, nor multiplied; their cycles are saved only where the chunk skips zeros.",
    ...accelerator.chunks.flatMap(({ name, maskSplit }) => (maskSplit === undefined ? [] : [splitConvention(name, maskSplit)])),
    ...(accelerator.predictor !== undefined ? predictedConvention(accelerator.predictor, accelerator) : accelerator.mapper === undefined ? compulsoryConvention(buffer?.name, vectorConvention(accelerator)) : mappedConvention(accelerator.mapper, accelerator.chunks, vectorConvention(accelerator))),
    ...chunkConvention(accelerator), staticConvention(accelerator),
  ].join(" ");
}

const splitConvention = (chunk: string, { denseAbove, transfers, convention }: MaskSplit): string =>
  `Under a fixed mask, ${chunk} computes the columns of keys that more than ${denseAbove} queries attend to whole, and of the others the kept entries; two engines share its rows in proportion to work, the slower counts, and loading overlaps with computing. ${transfers === "whole" ? "Loading a row takes whole cycles. " : ""}${convention === "as_published" ? "As published: the mask of the first head counts for all, values and decoding use rows x rows multipliers, decoding is charged for at any number of heads." : "The slowest head counts."}`;

const compulsoryConvention = (buffer: string | undefined, vector: string): readonly string[] => [
  "Traffic is compulsory: every weight, input and output of an operator moves once. Weights come from external memory through the buffer; activations of at most half the buffer stay in it, larger ones make the round trip to external memory.",
  "Each point reads its operands and updates its partial sum in registers beside the processing element.",
  `${vector}.`,
  `Latency is a roofline per operator: points over the filled part of the array, buffer traffic through one read and one write port${buffer === undefined ? "" : ` of ${buffer}`}, external traffic; the slowest counts. No mapping is searched (the accelerator has no \`mapper\`), so energy and latency are lower bounds.`,
];

/** What the arrays and memories of several chunks have to do with each other. */
const chunkConvention = (accelerator: Accelerator): readonly string[] => [
  ...(accelerator.balancedArea === undefined ? [] : ["Arrays are sized for the network: elements in proportion to the points of a chunk over the used share of its array, found anew on the arrays found until they repeat; the least energy times period of these counts."]),
  ...(sharesDynamically(accelerator) ? [`Chunks share the memories of the chip as their layers come: all start a period together, whoever has the least accumulated time issues next, has what the layers running on the others hold and those that start beside it need leave (in whole ${ROOM_STEPS}ths), and never less than its mapping with a fixed part holds.`] : []),
];

const goals: Readonly<Record<MapperPlan["minimize"], string>> = { edp: "energy times latency", energy: "energy", latency: "latency" };

/** What time costs. */
function staticConvention({ staticPower, memories }: Accelerator): string {
  const leaking = memories.filter(({ leak }) => leak !== undefined).map(({ name }) => name);
  return [
    ...(staticPower === undefined ? [] : [`The chip takes ${formatQuantity(staticPower, "power")} as long as a layer runs: of chunks side by side each layer pays the whole of it.`]),
    ...(leaking.length === 0 ? [] : [`Leakage of ${leaking.join(", ")}: of each copy in use, while the layer runs.`]),
    ...(staticPower === undefined && leaking.length === 0 ? ["Leakage is not priced."] : []),
  ].join(" ");
}

/** What the links of arrays cost. */
function networkConvention(chunks: readonly Chunk[]): string {
  const priced = chunks.flatMap(({ name, networkEnergy, precision }) => (networkEnergy === undefined ? [] : [`${formatMetric("energy", networkEnergy)} per ${formatBits[precision]} bits${chunks.length > 1 ? ` on ${name}` : ""}`]));
  if (priced.length === 0) return "Wires and control are not priced.";
  return `The links of an array cost ${priced.join(", ")} for every word that reaches a copy or leaves it${priced.length < chunks.length ? ", those of the other chunks nothing" : ""}. Other wires and control are not priced.`;
}

const mappedConvention = ({ minimize, factors, keepOnChip, convention }: MapperPlan, chunks: readonly Chunk[], vector: string): readonly string[] => [
  `Every layer runs by the mapping with the least ${goals[minimize]} that was found (by layer: proven optimal, or the best found with a bound). Accesses are counted by Timeloop's rules${convention === "physical" ? ", with the reads that carry output tiles out of a memory, and half of a double-buffered memory for the tiles in use" : " alone: no reads for output tiles that leave, double buffering takes no room"}; partly used accesses cost full ones; partial sums move at their own width, results at that of activations.`,
  factors === "padded" ? "Factors in space may leave the last round partly empty; the empty part is moved but not computed." : "Factors divide the loops they cut.",
  ...(convention === "hw_nas_bench" ? ["Pooling is billed as a dense convolution without arithmetic, as HW-NAS-Bench did."] : []),
  keepOnChip ? `Activations of at most a third of the outermost memory of the chip${chunks.length > 1 ? " (of the smallest chunk's part of it)" : ""} stay there between two layers.` : "Activations go to external memory between two layers.",
  `${vector}, priced by its compulsory traffic.`,
  "Latency of a layer is the longest of computing and of the traffic at every port of double-buffered memories, plus the traffic of single-buffered ones; loading the first and storing the last tile overlap with other layers.",
  networkConvention(chunks),
];

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
