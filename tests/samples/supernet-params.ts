/** The trained numbers that a supernet stores: every named tensor once, at the size that serves all its candidates. */
import type { Space } from "../../src/ir/space.js";
import { spaceRequests } from "../../src/runtime/allocation.js";
import { sharingStrategy } from "../../src/runtime/sharing.js";

export function supernetParams(space: Space): number {
  const strategy = sharingStrategy(space.sharing);
  let sum = 0;
  for (const specifications of spaceRequests(space).values()) {
    if (specifications[0]!.role !== "parameter") continue;
    for (const shape of strategy.allocate(specifications.map(({ shape }) => shape)).values()) sum += shape.reduce((product, extent) => product * extent, 1);
  }
  return sum;
}
