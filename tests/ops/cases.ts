/**
 * Random cases for the contract suite: attributes drawn from each operator's parameter types, input shapes by trial, kept where the
 * shape rule accepts them. `hints` says what cannot be guessed; an operator without an entry needs none.
 */
import { isCompressed } from "../../src/ops/compression.js";
import { isProblem, type Attributes, type AttributeValue, type Operator, type Parameter, type ParameterType, type Shape } from "../../src/ops/operator.js";
import type { RandomStream } from "../../src/random/stream.js";

export interface Case { readonly inputs: readonly Shape[]; readonly attributes: Attributes; readonly output: Shape }

export interface Hint {
  /** Further input shapes, from the first. */
  readonly inputs?: (first: Shape, random: RandomStream) => readonly Shape[];
  readonly attributes?: (first: Shape, random: RandomStream) => Attributes;
  /** The range of input values, [-1.5, 1.5) unless told. */
  readonly range?: readonly [number, number];
  /** Ranges of single weights. */
  readonly weights?: Readonly<Record<string, readonly [number, number]>>;
  /** Inputs are whole numbers from 0 to below this attribute, and have no gradient. */
  readonly rowsOf?: string;
  /** The stated gradient is not the derivative, always or for some attributes; `surrogates.ts` has its closed form. */
  readonly surrogate?: boolean | ((attributes: Attributes) => boolean);
}

/** Whether the gradient of a case is a stated one. */
export function isStated(name: string, { attributes }: Case): boolean {
  const { surrogate = false } = hints[name] ?? {};
  return typeof surrogate === "boolean" ? surrogate : surrogate(attributes);
}

/** Linear operators are rounded in half of the cases, and then their gradients pass straight through. */
const COMPRESSED: Hint = { surrogate: isCompressed };

const WIDE: Hint = { range: [-9, 9] };

/** The same shape, or one that broadcasts with it. */
const partner = (first: Shape, random: RandomStream): Shape[] => {
  const choice = random.integer(3);
  return [first, choice === 0 ? first : choice === 1 ? first.slice(-1) : first.map((extent) => (random.uniform() < 0.5 ? 1 : extent))];
};

export const hints: Readonly<Record<string, Hint>> = {
  add: { surrogate: true, attributes: (first, random): Attributes => (random.uniform() < 0.5 ? {} : { channels: first.at(-1)!, groups: first.at(-1)! }) },
  // Small, because each weight is moved by itself; a third of the cases attend to a memory of another length.
  attention: {
    inputs: (first, random) => {
      const small = first.map((extent, axis) => (axis < first.length - 1 ? Math.min(extent, 3) : extent));
      return random.integer(3) > 0 ? [small] : [small, [1 + random.integer(4), first.at(-1)!]];
    },
    attributes: (_first, random) => ({ heads: 1 + random.integer(3), dim: random.uniform() < 0.5 ? null : 1 + random.integer(3), value_dim: random.uniform() < 0.5 ? null : 1 + random.integer(3) }),
  },
  concat: { inputs: (first, random) => Array.from({ length: 1 + random.integer(3) }, () => [...first.slice(0, -1), 1 + random.integer(4)]) },
  conv: COMPRESSED,
  dense: COMPRESSED,
  depthwise: COMPRESSED,
  divided_by: { inputs: partner, range: [0.3, 1.5] },
  edge_bias: {
    inputs: (first) => [first.length === 3 ? first : [2, 3, first.at(-1)!]],
    attributes: (first, random) => ({ map: first.length === 3 ? [first[0]!, first[1]!] : [2, 3], kernel: [1 + random.integer(3), 1 + random.integer(3)], stride: 1, padding: "same" }),
  },
  embed: { rowsOf: "vocabulary" },
  hswish: WIDE,
  map_scores: { inputs: (first, random) => [[...first.slice(0, -1), 4 + random.integer(2), 3]], attributes: () => ({ map: [2, 2], distance: 1 }) },
  map_values: { inputs: (first, random) => { const tokens = 4 + random.integer(2); return [[...first.slice(0, -1), tokens, tokens]]; }, attributes: () => ({ map: [2, 2], distance: 1 }) },
  // Queries and keys in as many heads as values, or in one.
  masked_attention: {
    inputs: (_first, random) => {
      const [heads, queries, keys, dim] = [1 + random.integer(2), 1 + random.integer(3), 1 + random.integer(4), 1 + random.integer(3)];
      return [[random.integer(2) > 0 ? heads : 1, queries, dim], [random.integer(2) > 0 ? heads : 1, keys, dim], [heads, keys, 1 + random.integer(3)]];
    },
    attributes: (_first, random) => ({ mask: random.integer(3) === 0 ? "all" : { tag: "banded", arguments: { global: 1, entries: random.integer(2) } } }),
  },
  matmul: { inputs: (first, random) => [first, [...first.slice(0, -2), first.at(-1)!, 1 + random.integer(3)]], attributes: () => ({ transposed: false }) },
  minus: { inputs: partner },
  plus: { inputs: partner },
  position_bias: {
    inputs: (_first, random) => { const [h, w, stride] = [1 + random.integer(2), 1 + random.integer(2), 1 + random.integer(2)]; return [[1 + random.integer(3), h * w, h * w * stride * stride]]; },
    attributes: (_first, random) => ({ map: [1 + random.integer(2), 1 + random.integer(2)], stride: 1 + random.integer(2) }),
  },
  relative_values: { inputs: (first) => [[...first.slice(0, -1), 3, 3]] },
  relu6: WIDE,
  reshape: { attributes: (first, random) => ({ shape: shuffled([...first, 1], random) }) },
  shift: { surrogate: true, weights: { exponent: [-20, 1], filter: [-0.3, 1.2] } },
  times: { inputs: partner },
  transpose: { attributes: (first, random) => ({ order: shuffled(first.map((_, axis) => axis), random) }) },
};

function shuffled<T>(list: readonly T[], random: RandomStream): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(random.integer(rest.length), 1)[0]!);
}

function drawValue(type: ParameterType, random: RandomStream): AttributeValue {
  switch (type.kind) {
    case "integer": { const low = type.minimum ?? -2; return Math.min(low + random.integer(6), type.maximum ?? Number.POSITIVE_INFINITY); }
    case "number": { const low = type.minimum ?? -1; return low + random.uniform() * Math.min(1, (type.maximum ?? low + 1) - low); }
    case "boolean": return random.uniform() < 0.5;
    case "pair": { const side = (): number => (type.minimum ?? 0) + random.integer(3); return random.uniform() < 0.5 ? side() : [side(), side()]; }
    case "list": return [];
    case "text": return "";
    case "enumeration": {
      const member = type.members[random.integer(type.members.length)]!;
      return (member.parameters ?? []).length === 0 ? member.name : { tag: member.name, arguments: drawAttributes(member.parameters ?? [], random) };
    }
  }
}

/** A parameter with a default value takes it half of the time. */
function drawAttributes(parameters: readonly Parameter[], random: RandomStream): Record<string, AttributeValue> {
  return Object.fromEntries(parameters.map(({ name, type, defaultValue }) => [name, defaultValue !== undefined && random.uniform() < 0.5 ? defaultValue : drawValue(type, random)]));
}

const CHANNELS = [1, 2, 3, 4, 6];

/** [channels], [tokens, channels] or [height, width, channels], small. */
function drawShape(random: RandomStream): Shape {
  const channels = CHANNELS[random.integer(CHANNELS.length)]!;
  return [...Array.from({ length: random.integer(3) }, () => 1 + random.integer(5)), channels];
}

const TRIES = 400;

/** A case that the shape rule accepts. */
export function drawCase(operator: Operator, random: RandomStream): Case {
  const hint = hints[operator.name];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const first = drawShape(random);
    const inputs = hint?.inputs?.(first, random) ?? Array.from({ length: operator.inputs.minimum }, () => first);
    const attributes = { ...drawAttributes(operator.parameters, random), ...hint?.attributes?.(first, random) };
    const result = operator.shape(inputs, attributes);
    if (!isProblem(result)) return { inputs, attributes, output: result.shape };
  }
  throw new Error(`no case for \`${operator.name}\` in ${TRIES} tries: it needs a hint in tests/ops/cases.ts`);
}
