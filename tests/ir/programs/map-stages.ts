/** Stages over maps [height, width, channels]. */
import type { Stage, Writer } from "./writer.js";

const ACTIVATIONS = ["relu", "relu6", "hswish", "gelu", "silu", "sigmoid", "tanh", "identity"] as const;

export const activation = (w: Writer): string => w.pick(ACTIVATIONS);

function norm(w: Writer): string {
  return w.pick(["batch_norm", "batch_norm", "layer_norm", `group_norm(${w.wrong() ? w.value([2, 3]) : w.value([1, 2], 0.3)})`]);
}

const tail = (w: Writer): string => `${w.chance(0.6) ? ` -> ${norm(w)}` : ""}${w.chance(0.6) ? ` -> ${activation(w)}` : ""}`;

export function attentionCall(w: Writer, map: boolean): string {
  const heads = w.value(w.wrong() ? [2, 3] : [1, 2, 4], 0.4);
  const kinds = map
    ? ["softmax", "linear", "linear(feature = relu)", "linear(feature = elu)", "local(window = 3)", "axial", "relative"]
    : ["softmax", "linear", "linear(feature = relu)"];
  const [first, second] = w.shuffled(kinds);
  const kind = w.chance(0.3) && w.affords(2) ? `choose { ${first}, ${second} }` : first!;
  return `attention(heads = ${heads}, kind = ${kind}${w.chance(0.2) ? `, dim = ${w.value([2, 3])}` : ""}${w.chance(0.2) ? ", bias = false" : ""})`;
}

/** Keeps the shape of whatever it is applied to. */
function keeping(w: Writer): string {
  return w.pick([
    () => `conv(channels(x), kernel = ${w.value([1, 3, 5], 0.4)}${w.chance(0.2) ? ", bias = true" : ""})`,
    () => `shift(channels(x), kernel = ${w.value([1, 3], 0.3)}, mode = ${w.pick(["q", "ps"])})`,
    () => `add(channels(x), kernel = ${w.value([1, 3], 0.3)})`,
    () => `depthwise(kernel = ${w.value([3, 5], 0.4)})`,
    () => `depthwise(kernel = 3, dilation = ${w.value([1, 2], 0.5)})`,
    () => attentionCall(w, true),
    () => w.pick(["zero", "identity", "tanh"]),
    () => `conv(channels(x), kernel = 3) -> ${norm(w)} -> ${activation(w)}`,
    () => `conv(channels(x), kernel = 3, groups = ${w.wrong() ? w.value([2, 3]) : w.value([1, 2], 0.5)})`,
    () => "channel_shuffle(2)",
    () => "max_pool(3, stride = 1)",
    () => `conv(channels(x), kernel = ${w.wrong() ? w.value([1, 3]) : "1"}, padding = valid)`,
  ])();
}

const operator = (w: Writer): string => w.pick(["conv", "shift", "add"]);

const layer: Stage = (w) => {
  const width = w.width();
  const stride = w.value([1, 2], 0.3);
  const extras = w.pick(["", "", `, dilation = ${stride === "1" ? w.value([1, 2], 0.5) : "1"}`, w.wrong() ? ", padding = valid" : ", padding = pixels(top = 1, bottom = 1, left = 1, right = 1)"]);
  w.line(`x = x -> ${operator(w)}(${width}, kernel = ${w.value(w.wrong() ? [3, 5, 7] : [1, 3], 0.4)}, stride = ${stride}${extras})${tail(w)}`);
  return undefined;
};

const mixing: Stage = (w) => {
  const label = w.fresh("mix");
  const options = w.shuffled([keeping(w), keeping(w), keeping(w)]);
  if (w.chance(0.3)) options[1] += ` if ${w.pick(["height(x) <= 4", "channels(x) >= 8", "width(x) > 3", "channels(x) % 4 == 0"])}`;
  const choice = w.affords(options.length) ? `choose ${label} { ${options.map((each, at) => `${"abc"[at]}: ${each}`).join(", ")} }` : options[0]!.split(" if ")[0]!;
  w.line(w.chance(0.7) ? `x = x + (x -> ${choice})` : `x = x -> ${choice}`);
  return undefined;
};

/** A sum whose sides agree, or agree in all but one combination. */
const join: Stage = (w) => {
  const width = w.width();
  const other = w.wrong() ? w.value([4, 8], 0.8) : width;
  const stride = w.value([1, 2], 0.4);
  w.line(`stride${w.stage} = ${stride}`);
  const left = `(x -> conv(${width}, kernel = 1, stride = stride${w.stage}))`;
  const right = `(x -> ${operator(w)}(${other}, kernel = ${w.value([1, 3], 0.3)}, stride = ${w.wrong() ? "1" : `stride${w.stage}`}))`;
  w.line(`x = ${left} ${w.pick(["+", "-", "*"])} ${right}`);
  return undefined;
};

const loop: Stage = (w) => {
  const deepest = w.between(2, 3);
  const elastic = w.affords(deepest);
  const depth = w.fresh("depth");
  if (elastic) w.line(`${depth} = choose 1..${deepest}`);
  w.line(`for i in 1..${elastic ? depth : deepest} {`);
  w.nested(deepest, () => {
    const options = [keeping(w), keeping(w)];
    const inner = w.affords(2) ? `choose ${w.fresh("round")} { a: ${options[0]}, b: ${options[1]} }` : options[0]!;
    const weights = w.chance(0.2) && !inner.includes(",") ? " weights trunk[i]" : "";
    w.line(w.chance(0.5) ? `x = x + (x -> ${inner}${weights})` : `x = x -> ${inner}${weights}`);
  });
  w.line("}");
  return undefined;
};

/** A level that falls and drives stride, width and candidates (language-cases 2). */
const carried: Stage = (w) => {
  if (!w.affords(2 ** 3)) return layer(w);
  const level = w.fresh("level");
  w.line(`${level} = 2`);
  w.line("for k in 1..2 {");
  w.nested(2, () => {
    w.line(`down = choose { 0, 1 }${w.chance(0.4) ? ` if ${level} > 0` : ""}`);
    w.line(`${level} = ${level} - down`);
    w.line(`x = x -> ${operator(w)}([12, 8, 4${w.wrong() ? "" : ", 6"}][${level}${w.chance(0.15) && w.wrong() ? " + 1" : ""}], kernel = 3, stride = 2 ^ down)`);
    if (w.affords(2)) w.line(`x = x -> choose { p: conv(channels(x), kernel = 1) if ${level} <= 1, q: shift(channels(x), kernel = 1) }`);
  });
  w.line("}");
  if (w.chance(0.5)) w.line(w.pick([`require [count(${level} == 2), count(${level} == 1), count(${level} == 0)] in [[1, 1, 0], [0, 1, 1], [0, 2, 0]]`, `require ${level} <= 1`, `require height(x) <= 4`, `require ${level} >= 1 for every ${level}`]));
  return undefined;
};

const block: Stage = (w) => {
  const name = w.fresh("Block");
  const kernels = w.chance(0.5) ? "3" : "1";
  w.blocks.push(`block ${name}(x, out, op, kernel = ${kernels}, stride = 1) {
  y = x -> op(out, kernel = kernel, stride = stride) -> batch_norm -> relu -> op(out, kernel = 1)
  short = if stride == 1 and channels(x) == out { x } else { x -> op(out, kernel = 1, stride = stride) -> batch_norm }
  return ${w.pick(["y + short", "relu(y + short)", w.wrong() ? "y + x" : "short + y"])}
}`);
  const kind = w.affords(2) ? "choose { conv, shift }" : operator(w);
  const width = w.width();
  const op = w.fresh("kind");
  w.line(`${op} = ${kind}`);
  w.line(`x = x -> ${name}(${width}, ${op}${w.chance(0.4) ? `, kernel = ${w.value([1, 3])}` : ""}${w.chance(0.4) ? `, stride = ${w.value([1, 2])}` : ""})`);
  return undefined;
};

const operatorValue: Stage = (w) => {
  const kind = w.fresh("kind");
  w.line(`${kind} = ${w.affords(3) ? `choose { conv, shift, add${w.chance(0.3) ? " if channels(x) <= 8" : ""} }` : operator(w)}`);
  w.line(`x = x -> ${kind}(${w.width()}, kernel = ${w.value([1, 3])})${tail(w)}`);
  return undefined;
};

const halves: Stage = (w) => {
  const parts = w.wrong() ? w.value([2, 3], 0.7) : "2";
  w.line(w.pick([
    () => `x = concat(x -> split(${parts}, 0), x -> split(${parts}, 1) -> conv(channels(x) / 2, kernel = ${w.value([1, 3])}))`,
    () => `x = concat(x -> conv(4, kernel = ${w.value([1, 3])}), x -> shift(${w.value([4, 8], 0.4)}, kernel = 1)) -> conv(${w.value([4, 8], 0.4)}, kernel = 1)`,
    () => `x = concat(x -> slice(0, 2), x -> depthwise(kernel = ${w.value([3, 5])}) -> slice(2)) -> channel_shuffle(2)`,
  ])());
  return undefined;
};

const pool: Stage = (w) => {
  w.line(w.pick([
    () => `x = x -> ${w.pick(["max_pool", "average_pool"])}(${w.value([2, 3], 0.4)}${w.chance(0.5) ? ", stride = 2" : ""})`,
    () => `x = x -> upsample(${w.value([1, 2], 0.4)}) -> max_pool(2)`,
    () => `x = x -> ${w.affords(2) ? "choose { conv(8, kernel = 3, stride = 2), max_pool(2) -> conv(8, kernel = 1) }" : "max_pool(2)"}`,
  ])());
  return undefined;
};

const arithmetic: Stage = (w) => {
  w.line(w.pick([
    () => `x = x * (x -> global_pool -> dense(channels(x)) -> sigmoid)`,
    () => `x = x -> scale(${w.value([1, 2])}, learned = ${w.pick(["true", "false"])}) -> offset(1)`,
    () => `x = 0.5 * x - 1`,
    () => `x = -x / (1 + (x -> sigmoid))`,
    () => `x = x -> dropout(0.2)`,
    () => `x = x + (x -> conv(channels(x)) -> drop_path(${w.value([0.1, 0.2], 0.5)}))`,
    () => `if height(x) > ${w.pick([2, 4, 6])} { x = x -> conv(8, kernel = 3, stride = 2) } else { x = x -> conv(${w.value([8, 4], 0.3)}, kernel = 1) }`,
  ])());
  return undefined;
};

const toTokens: Stage = (w) => {
  w.line(w.pick([
    () => "x = x -> to_tokens -> position_embedding",
    () => `x = x -> patches(${w.wrong() ? w.value([2, 3]) : "1"}) -> dense(${w.value([4, 8], 0.4)}) -> position_embedding`,
  ])());
  return "tokens";
};

export const mapStages: readonly Stage[] = [layer, layer, mixing, mixing, join, loop, carried, block, operatorValue, halves, pool, arithmetic, toTokens];
