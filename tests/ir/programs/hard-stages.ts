/** Stages over maps that strain the meaning of decisions: used twice, used in part, nested, behind functions, blocks and lists. */
import type { Stage } from "./writer.js";

const nestedChoices: Stage = (w) => {
  const inner = w.affords(2) ? "choose { conv(8, kernel = 1), shift(8, kernel = 3) }" : "conv(8, kernel = 1)";
  const other = w.affords(4) ? `choose { conv(8, kernel = choose { 1, 3 }), add(8, kernel = 3) if ${w.pick(["channels(x) <= 8", "height(x) > 3"])} }` : "add(8, kernel = 1)";
  w.line(`x = x -> ${w.affords(2) ? `choose ${w.fresh("outer")} { a: ${inner}, b: ${other}${w.chance(0.3) ? " if width(x) > 2" : ""} }` : inner}`);
  return undefined;
};

/** A decision that matters only where another one takes a certain option. */
const partlyUsed: Stage = (w) => {
  const name = w.fresh("extra");
  w.line(`${name} = ${w.value([4, 8], 1)}`);
  w.line(`x = x -> ${w.alternatives([`conv(${name}, kernel = 1)`, "conv(6, kernel = 1)", `shift(${name}, kernel = 3) -> conv(${name})`], w.fresh("mix"))}`);
  return undefined;
};

const listState: Stage = (w) => {
  const levels = w.fresh("levels");
  w.line(`${levels} = [x -> conv(4, kernel = 1), x -> shift(4, kernel = ${w.value([1, 3])})]`);
  w.line("for t in 1..2 {");
  w.nested(2, () => w.line(`${levels} = [${levels}[1], ${levels}[0] -> conv(4, kernel = ${w.value([1, 3], 0.7)})]`));
  w.line("}");
  w.line(w.chance(0.5) && w.affords(2) ? `x = ${levels}[choose { 0, 1 }]` : `x = ${levels}[0] + ${levels}[1]`);
  return undefined;
};

const twiceCalled: Stage = (w) => {
  const name = w.fresh("Pair");
  w.blocks.push(`block ${name}(x, out) {
  a = x -> conv(out, kernel = ${w.value([1, 3], 0)})
  b = x -> choose side { p: conv(out, kernel = 3), q: shift(out, kernel = 1) }
  return a, b
}`);
  if (!w.affords(4)) return undefined;
  w.line(`left${w.stage}, right${w.stage} = ${name}(x, 4)`);
  w.line(`x = left${w.stage} ${w.pick(["+", "*"])} right${w.stage}`);
  w.line(`first${w.stage}, second${w.stage} = ${name}(x, ${w.wrong() ? w.value([4, 8], 1) : "4"})`);
  w.line(`x = ${w.chance(0.5) ? `concat(first${w.stage}, second${w.stage})` : `x + second${w.stage}`}`);
  return undefined;
};

const overList: Stage = (w) => {
  w.line(`for c in [4, ${w.pick([6, 8])}] { x = x -> conv(c, kernel = ${w.affords(4) ? "choose { 1, 3 }" : "1"}) }`);
  return undefined;
};

const functionValue: Stage = (w) => {
  const f = w.fresh("f");
  w.line(`${f} = conv(${w.value([4, 8], 0.7)}, kernel = 1) -> relu`);
  w.line(`x = x -> ${f}`);
  return undefined;
};

const blockValue: Stage = (w) => {
  const [a, b] = [w.fresh("Way"), w.fresh("Way")];
  w.blocks.push(`block ${a}(x, out) { return x -> conv(out, kernel = 3) -> relu }`, `block ${b}(x, out) { return x -> depthwise(kernel = 3) -> conv(out, kernel = 1) }`);
  const way = w.fresh("way");
  w.line(`${way} = ${w.affords(2) ? `choose { ${a}, ${b} }` : a}`);
  w.line(`x = x -> ${way}(${w.width()})`);
  if (w.chance(0.4)) w.line(`x = x -> ${way}(4)`);
  return undefined;
};

const branches: Stage = (w) => {
  const flag = w.fresh("flag");
  if (!w.affords(4)) return undefined;
  w.line(`${flag} = choose { false, true }`);
  w.line(w.pick([
    `x = if ${flag} { x -> conv(8, kernel = choose { 1, 3 }) } else { x -> shift(8, kernel = 1) }`,
    `if ${flag} { x = x -> conv(choose { 4, 8 }, kernel = 1) }`,
    `if ${flag} and height(x) > 4 { x = x -> max_pool(2) } else { x = x -> conv(choose { 4, 8 }, kernel = 1) }`,
    `x = x -> conv(if ${flag} { choose { 4, 8 } } else { 12 }, kernel = 1)`,
  ]));
  return undefined;
};

const boundByExtent: Stage = (w) => {
  if (!w.affords(4)) return undefined;
  w.line(w.pick([
    "x = x -> max_pool(choose 1..min(3, height(x)), stride = 1)",
    "x = x -> conv(4 * (choose 1..min(3, floor(channels(x) / 2))), kernel = 1)",
    "for i in 1..min(2, height(x) - 2) { x = x -> conv(channels(x), kernel = choose { 1, 3 }) }",
  ]));
  return undefined;
};

const second: Stage = (w) => {
  w.line(`output ${w.fresh("aux")} = x -> global_pool -> dense(${w.chance(0.5) ? 3 : w.value([3, 4], 0.7)})`);
  return undefined;
};

export const hardStages: readonly Stage[] = [nestedChoices, nestedChoices, partlyUsed, listState, twiceCalled, overList, functionValue, blockValue, branches, branches, boundByExtent, second];
