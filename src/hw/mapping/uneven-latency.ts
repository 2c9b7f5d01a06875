/**
 * Cycles of an uneven mapping, after ZigZag's latency model (Mei et al., DATE 2022): every tensor moves between two of its memories
 * once a period, in a window of that period; what a port cannot finish in its windows stalls the array. What must be there before
 * the first step, and what leaves after the last, comes before and after.
 */
import type { TensorCounts } from "./counts.js";
import { blockOf, temporalSteps } from "./counts.js";
import type { ResolvedMapping } from "./mapping.js";
import { tileWords, type Problem } from "./problem.js";
import { flowsAt, type Flow, type OutputBits, type UnevenHardware, type UnevenPort } from "./uneven.js";

export interface UnevenLatency { readonly compute: number; readonly stalls: number; readonly onload: number; readonly offload: number }

/** What one port does for one tensor: `count` times a transfer of `cycles`, each within `window` cycles of its `period`. */
interface Transfer { readonly tensor: number; readonly rank: number; readonly kind: Flow["kind"]; readonly port: UnevenPort; readonly cycles: number; readonly window: number; readonly period: number; readonly count: number;
  /** Words a cycle on average, and cycles of the least that must be there for the array to run: what the innermost memory holds. */
  readonly rate: number; readonly least: number }

export function unevenLatency(problem: Problem, hardware: UnevenHardware, mapping: ResolvedMapping, counts: readonly TensorCounts[], bits: OutputBits): UnevenLatency {
  const compute = temporalSteps(mapping);
  const transfers = transfersOf(problem, hardware, mapping, counts, bits, compute);
  const ports = new Map<UnevenPort, Transfer[]>();
  for (const transfer of transfers) ports.set(transfer.port, [...(ports.get(transfer.port) ?? []), transfer]);
  const stalls = Math.max(0, ...[...ports.values()].map(stallsOf));
  const { onload, offload } = loading(problem, mapping, [...ports.values()].flatMap((own) => spreadLoading(problem, own, compute + stalls)));
  return { compute, stalls, onload, offload };
}

/** The temporal loops of one memory, outermost first, that lie outside the next one inwards. */
function ownLoops(mapping: ResolvedMapping, number: number, rank: number): { readonly dimension: number; readonly bound: number }[] {
  const chain = mapping.holdings[number]!;
  return mapping.loops.filter((loop, position) => !loop.spatial && loop.bound > 1 && chain[rank]!.inside[position]! && !(chain[rank - 1]?.inside[position] ?? false));
}

/** Product of the bounds of the outermost loops that fulfil `wanted`. */
function leading(loops: readonly { readonly dimension: number; readonly bound: number }[], wanted: (dimension: number) => boolean): number {
  let product = 1;
  for (const loop of loops) { if (!wanted(loop.dimension)) break; product *= loop.bound; }
  return product;
}

const cyclesInside = (mapping: ResolvedMapping, inside: readonly boolean[]): number =>
  mapping.loops.reduce((product, loop, position) => (loop.spatial || !inside[position]! ? product : product * loop.bound), 1);

/** Where the next tile can come in beside the one in use: by tensor and rank. A tile that is consumed slice by slice needs room for a slice. */
function roomForNext(problem: Problem, hardware: UnevenHardware, mapping: ResolvedMapping, counts: readonly TensorCounts[], widths: (count: TensorCounts) => number): readonly (readonly boolean[])[] {
  const share = (count: TensorCounts, rank: number): number => {
    const slices = leading(ownLoops(mapping, count.tensor, rank), (dimension) => problem.tensors[count.tensor]!.relevant[dimension]!);
    return Math.floor(count.tile * widths(count) / slices) / hardware.memories[count.level]!.sizeBits;
  };
  const chains = problem.tensors.map((_, number) => counts.filter((count) => count.tensor === number));
  const shares = chains.map((chain) => chain.map(share));
  const used = hardware.memories.map((_, level) => chains.reduce((sum, chain, number) => chain.reduce((own, count, rank) => (count.level === level ? own + shares[number]![rank]! : own), sum), 0));
  return chains.map((chain, number) => chain.map((count, rank) => {
    if (used[count.level]! <= 0.5) return true;
    if (shares[number]![rank]! > 1 - used[count.level]!) return false;
    used[count.level]! += shares[number]![rank]!;
    return true;
  }));
}

/** An axis takes whole places: the average use of a partly filled one is for energy, not for time. */
const wholePlaces = (mapping: ResolvedMapping): ResolvedMapping => ({ ...mapping, loops: mapping.loops.map((loop) => ({ ...loop, bound: Math.ceil(loop.bound) })) });

function transfersOf(problem: Problem, hardware: UnevenHardware, averaged: ResolvedMapping, counts: readonly TensorCounts[], bits: OutputBits, compute: number): readonly Transfer[] {
  const mapping = wholePlaces(averaged);
  const flows = counts.map((count) => flowsAt(problem, mapping, { ...count, tile: tileWords(problem.tensors[count.tensor]!, blockOf(problem, mapping, (position) => mapping.holdings[count.tensor]!.find((holding) => holding.level === count.level)!.inside[position]!)) }, bits));
  const widthOf = (count: TensorCounts): number => {
    if (problem.tensors[count.tensor]!.role !== "output") return problem.tensors[count.tensor]!.bits;
    return flows[counts.indexOf(count)]!.find((flow) => flow.kind === "drain")!.bits;
  };
  const room = roomForNext(problem, hardware, averaged, counts, widthOf);
  return counts.flatMap((count, index) => {
    const tensor = problem.tensors[count.tensor]!;
    const chain = mapping.holdings[count.tensor]!;
    const rank = chain.findIndex((holding) => holding.level === count.level);
    const outermost = rank === chain.length - 1;
    // One period of the memory at `at`; arithmetic keeps an operand as long as it does not change.
    const period = (at: number): number => {
      if (at >= 0) return cyclesInside(mapping, chain[at]!.inside);
      return tensor.role === "output" ? 1 : leading(mapping.loops.filter((loop) => !loop.spatial && loop.bound > 1).reverse(), (dimension) => !tensor.relevant[dimension]!);
    };
    const window = (at: number): number => {
      if (at < 0) return period(at);
      return room[count.tensor]![at]! ? period(at) : Math.floor(period(at) / leading(ownLoops(mapping, count.tensor, at), (dimension) => !tensor.relevant[dimension]!));
    };
    const innermost = tileWords(tensor, blockOf(problem, mapping, (position) => chain[0]!.inside[position]!)) * widthOf(counts.find((other) => other.tensor === count.tensor)!);
    return flows[index]!.flatMap((flow): Transfer[] => {
      const upwards = flow.kind === "fill" || flow.kind === "drain";
      const port = hardware.memories[count.level]!.ports.find((candidate) => candidate.carries.some((carried) => carried.tensor === tensor.name && carried.kind === flow.kind));
      if (flow.words === 0 || port === undefined || (upwards && outermost)) return [];
      const at = upwards ? rank : rank - 1;
      return [{ tensor: count.tensor, rank, kind: flow.kind, port, period: period(at), window: window(at), count: compute / period(at), cycles: Math.ceil(flow.burst * flow.bits / port.maximumBits),
        rate: flow.burst / period(at), least: Math.ceil(innermost / port.maximumBits) }];
    });
  });
}

/** Cycles the array waits for one port. Slack of one transfer helps another only where their windows do not coincide. */
function stallsOf(transfers: readonly Transfer[]): number {
  const balances = transfers.map((transfer) => (transfer.cycles - transfer.window) * (transfer.count - 1));
  if (balances.length === 1) return balances[0]!;
  const late = balances.reduce((sum, balance) => sum + Math.max(0, balance), 0);
  const slack = balances.reduce((sum, balance) => sum + Math.min(0, balance), 0);
  const windows = transfers.reduce((sum, transfer) => sum + transfer.window * (transfer.count - 1), 0);
  return late + Math.max(0, slack + windows - windowsTogether(transfers));
}

/** Cycles at which at least one transfer may use the port. Periods are products of the same loops from the innermost on, so each divides the longer ones. */
function windowsTogether(transfers: readonly Transfer[]): number {
  const always = transfers.find((transfer) => transfer.window === transfer.period);
  if (always !== undefined) return always.period * always.count;
  const sorted = [...transfers].sort((a, b) => a.period - b.period);
  /** Cycles below `until` outside the windows of the first `number` transfers. */
  const closed = (number: number, until: number): number => {
    if (number === 0) return until;
    const { period, window } = sorted[number - 1]!;
    const rest = until % period;
    const whole = closed(number - 1, period) - closed(number - 1, window);
    return Math.floor(until / period) * whole + (rest > window ? closed(number - 1, rest) - closed(number - 1, window) : 0);
  };
  const longest = sorted[sorted.length - 1]!;
  return (longest.period - closed(sorted.length, longest.period)) * longest.count;
}

/**
 * What crosses a port once in the layer need not be there whole before the first step (or leave whole after the last): all but what the
 * innermost memory holds moves while the array works, as far as the port has cycles to spare, the longest transfer first.
 */
function spreadLoading(problem: Problem, transfers: readonly Transfer[], working: number): readonly Transfer[] {
  const sums = transfers.filter((transfer) => problem.tensors[transfer.tensor]!.role === "output" && (transfer.kind === "read" || transfer.kind === "fill"));
  const moved = transfers.filter((transfer) => !sums.includes(transfer));
  const taken = moved.reduce((rate, transfer) => (transfer.count > 1 ? rate + Math.ceil(transfer.rate) : rate), 0);
  let spare = moved.length === 0 ? 0 : Math.max(0, (1 - taken / moved[0]!.port.maximumBits) * working);
  const shortened = new Map<Transfer, Transfer>();
  for (const transfer of moved.filter(({ count }) => count === 1).sort((a, b) => b.cycles - a.cycles)) {
    const during = Math.min(Math.max(0, transfer.cycles - transfer.least), spare);
    spare -= during;
    shortened.set(transfer, { ...transfer, cycles: transfer.cycles - during });
  }
  return moved.map((transfer) => shortened.get(transfer) ?? transfer);
}

/** The first tiles on their way in, memory by memory, and the last ones on their way out. A link takes as long as its slower end. */
function loading(problem: Problem, mapping: ResolvedMapping, transfers: readonly Transfer[]): { readonly onload: number; readonly offload: number } {
  const at = (tensor: number, rank: number, kind: Flow["kind"]): Transfer | undefined => transfers.find((one) => one.tensor === tensor && one.rank === rank && one.kind === kind);
  const inputs = problem.tensors.flatMap((tensor, number) => (tensor.role === "output" ? [] : [number]));
  const shared = (transfer: Transfer | undefined): boolean =>
    transfer !== undefined && inputs.length > 1 && inputs.every((number) => transfer.port.carries.some((carried) => carried.tensor === problem.tensors[number]!.name));
  const links = (number: number, inner: Flow["kind"], outer: Flow["kind"]) => mapping.holdings[number]!.slice(1).map((_, rank) => {
    const ends = [at(number, rank, inner), at(number, rank + 1, outer)];
    return { cycles: Math.max(...ends.map((end) => end?.cycles ?? 0)), shared: ends.every(shared) };
  });
  const parts = inputs.map((number) => {
    const own = links(number, "fill", "read");
    const sum = (wanted: boolean): number => own.reduce((total, link) => (link.shared === wanted ? total + link.cycles : total), 0);
    return { shared: sum(true), own: sum(false) };
  });
  const onload = parts.length === 1 ? parts[0]!.shared + parts[0]!.own : Math.min(...parts.flatMap((first, index) => parts.flatMap((second, other) =>
    (index === other ? [] : [first.shared + Math.max(second.shared + second.own, first.own)]))));
  const output = problem.tensors.findIndex((tensor) => tensor.role === "output");
  return { onload, offload: links(output, "drain", "update").reduce((total, link) => total + link.cycles, 0) };
}
