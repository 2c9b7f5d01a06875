/**
 * Running statistics of batch norm. During stand-alone training: exponential averages in the store. For judging: the pooled statistics of the
 * recalibration batches (cumulative, without start bias), kept apart from the store.
 */
import type { Net, NetOperator } from "../ir/net.js";
import type { Engine } from "./engine.js";
import type { WeightStore } from "./weight-store.js";

/** Share of the old value that an exponential average keeps. */
const MOMENTUM = 0.9;

/** Index into `store.uses(net).weights` of a node's weight. */
function netWeightIndex(store: WeightStore, net: Net, node: NetOperator, weight: string): number {
  const use = store.uses(net).nodes[node.id]!.find(({ name }) => name === weight);
  if (use === undefined || use.specification.role !== "statistic") throw new Error(`\`${node.path}\` observes \`${weight}\`, which is not one of its statistics`);
  return use.index;
}

/** Collects a step's batch statistics; `commit` moves the averages in the store. */
export class RunningStatistics {
  private readonly observed = new Map<string, Float32Array>();
  constructor(private readonly engine: Engine, private readonly store: WeightStore) {}

  observe(net: Net, node: NetOperator, weight: string, value: Float32Array): void {
    this.observed.set(this.store.uses(net).weights[netWeightIndex(this.store, net, node, weight)]!.weight.key, value);
  }

  commit(): void {
    for (const [key, batch] of this.observed) {
      const stored = this.store.weights.get(key)!;
      const running = this.engine.download(stored.tensor);
      const next = Float32Array.from(running, (old, i) => MOMENTUM * old + (1 - MOMENTUM) * batch[i]!);
      this.engine.writeRegion(stored.tensor, this.engine.upload(next, stored.shape), stored.shape.map(() => 0));
    }
    this.observed.clear();
  }
}

/** Recalibrated statistics of one network: values by index into `store.uses(net).weights`. */
export type NetStatistics = ReadonlyMap<number, Float32Array>;

interface NodeSums { readonly sums: Map<string, Float64Array>; readonly indices: Map<string, number>; examples: number }

/**
 * Pools batch statistics over batches, weighted by their size. Variances are pooled about the common mean (law of total variance),
 * so that the result is exactly the statistics of all values seen, however they were cut into batches.
 */
export class PooledStatistics {
  private readonly nodes = new Map<number, NodeSums>();
  constructor(private readonly store: WeightStore, private readonly net: Net) {}

  /** Takes all statistics that one node observed for one batch. */
  add(node: NetOperator, observed: ReadonlyMap<string, Float32Array>, examples: number): void {
    let entry = this.nodes.get(node.id);
    if (entry === undefined) this.nodes.set(node.id, (entry = { sums: new Map(), indices: new Map(), examples: 0 }));
    entry.examples += examples;
    const mean = observed.get("mean");
    for (const [name, values] of observed) {
      let sums = entry.sums.get(name);
      if (sums === undefined) {
        entry.sums.set(name, (sums = new Float64Array(values.length)));
        entry.indices.set(name, netWeightIndex(this.store, this.net, node, name));
      }
      const second = name === "variance" && mean !== undefined;
      for (let i = 0; i < values.length; i++) sums[i]! += examples * (second ? values[i]! + mean[i]! * mean[i]! : values[i]!);
    }
  }

  result(): NetStatistics {
    const statistics = new Map<number, Float32Array>();
    for (const { sums, indices, examples } of this.nodes.values()) {
      const mean = sums.get("mean");
      for (const [name, sum] of sums) {
        const second = name === "variance" && mean !== undefined;
        statistics.set(indices.get(name)!, Float32Array.from(sum, (total, i) => (second ? Math.max(0, total / examples - (mean[i]! / examples) ** 2) : total / examples)));
      }
    }
    return statistics;
  }
}
