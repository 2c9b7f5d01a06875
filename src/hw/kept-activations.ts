/** What it is worth to keep activations on the chip between two layers: the same network priced with all of them going out and coming back. */
import type { Net } from "../ir/net.js";
import type { CostModel, NetCost } from "./cost-model.js";

/** The cost of `bound` without keeping anything; nothing where the accelerator keeps nothing of this network (whose cost is `net`) anyway. */
export function withoutKeeping(model: CostModel, bound: Net, net: NetCost): NetCost | undefined {
  const accelerator = net.sizing?.accelerator ?? model.accelerator;
  if (accelerator.mapper?.keepOnChip !== true || !net.rows.some(({ mappings = [] }) => mappings.some(({ onChip }) => onChip.length > 0))) return undefined;
  return model.withAccelerator({ ...accelerator, mapper: { ...accelerator.mapper, keepOnChip: false } }).netCost(bound);
}
