/**
 * A space whose every two decisions are constrained, so that no order of elimination helps: 24 decisions of 0..3, and a lower one may
 * not be 0 where a higher one is 3.
 */
import type { Space } from "../../../src/ir/space.js";

export function entangledSpace(): Space {
  const always = { scope: [], cells: [true] };
  const variables = Array.from({ length: 24 }, (_, id) => ({ kind: "decision" as const, id, binding: "choose" as const, path: `d[${id}]`, domain: [0, 1, 2, 3], labels: ["0", "1", "2", "3"], guard: always, allowed: [always, always, always, always] }));
  const constraints = variables.flatMap((a) => variables.slice(a.id + 1).map((b) => ({ condition: { scope: [a.id, b.id], cells: Array.from({ length: 16 }, (_, cell) => cell !== 3) }, text: `d[${a.id}] != 0 or d[${b.id}] != 3` })));
  const shape = { scope: [], cells: [[1]] };
  return { name: "Entangled", variables, constraints, nodes: [{ kind: "input", id: 0, name: "x", element: "f32", shape, guard: always, path: "x" }], inputs: [0], outputs: [{ name: "y", node: 0 }], sharing: "slice" };
}

/** Elementary steps that do not suffice for it. */
export const FEW_STEPS = 1 << 14;
