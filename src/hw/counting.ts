/**
 * Ways of counting a network. Publications say "parameters" and "FLOPs" and count differently: a multiply-add as one or two, norms,
 * biases and activations or not. A counting says which, as switches with names; those that reproduce a publication's figures are presets
 * called `as_published`.
 */
import { diagnostic, failure, success, type Result } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import type { Net, NetOperator } from "../ir/net.js";
import { elements } from "../ops/nests.js";
import type { Operator, WeightSpecification } from "../ops/operator.js";
import { operators } from "../ops/registry.js";
import { sharedParams } from "./stored-weights.js";

/** Operations for each element of a tensor, beside the points of linear operators and attention. */
interface ElementRule {
  readonly operators: readonly string[];
  readonly times: number;
  readonly of: "output" | "input";
  /** Only on tensors of so many axes (2: tokens). */
  readonly axes?: number;
}

export interface Counting {
  readonly name: string;
  /** Operations of one point: a multiply-add, a shift and addition, or an adder's subtraction and addition. */
  readonly multiplyAdd: number;
  /** What stands for a convolution's biases; one published profiler counts the input channels of each group in their place. */
  readonly convolutionBiases: "counted" | "left_out" | "input_channels";
  readonly biases: boolean;
  /** Operators whose parameters do not count. */
  readonly without: readonly string[];
  readonly elementRules: readonly ElementRule[];
}

export interface Counted { readonly params: number; readonly operations: number }

const named = (category: Operator["category"]): readonly string[] => [...operators.values()].filter((operator) => operator.category === category).map(({ name }) => name);

const plain: Counting = { name: "macs", multiplyAdd: 1, convolutionBiases: "counted", biases: true, without: [], elementRules: [] };

/** By name; sources beside those of publications. */
const presets: readonly Counting[] = [
  plain,
  { ...plain, name: "flops", multiplyAdd: 2 },
  // The counter `thop`, as NASA's search uses it (dossier 02): two for each output of a batch norm.
  { ...plain, name: "as_published(thop)", elementRules: [{ operators: ["batch_norm"], times: 2, of: "output" }] },
  // NAS-Bench-201's table (dossier 15): the classifier's additions of biases.
  { ...plain, name: "as_published(nas_bench_201)", elementRules: [{ operators: ["dense"], times: 1, of: "output" }] },
  // MAE-DET's entropy search (dossier 19).
  { ...plain, name: "as_published(mae_det)", elementRules: [{ operators: ["batch_norm"], times: 2, of: "output" }, { operators: ["relu"], times: 1, of: "output" }, { operators: ["average_pool"], times: 1, of: "input" }] },
  // EfficientFormer's profiler (dossier 18): weights of convolutions with input channels in the place of biases, dense layers, layer norm.
  {
    ...plain, name: "as_published(efficientformer)", convolutionBiases: "input_channels", without: ["batch_norm", "scale", "position_bias", "class_token", "position_embedding"],
    elementRules: [{ operators: ["gelu"], times: 1, of: "output", axes: 2 }, { operators: ["layer_norm"], times: 2, of: "input" }, { operators: ["average_pool"], times: 9, of: "output" }],
  },
  // EfficientFormerV2's (dossier 08): the same parameters, plain work.
  { ...plain, name: "as_published(efficientformer_v2)", convolutionBiases: "input_channels", without: ["batch_norm", "scale", "position_bias"] },
];

export const countingNames: readonly string[] = presets.map(({ name }) => name);

const work = (names: () => readonly string[]) => (counting: Counting, times: number): Counting => ({ ...counting, elementRules: [...counting.elementRules, { operators: names(), times, of: "output" }] });
const parametersOf = (names: () => readonly string[]) => (counting: Counting, counted: number): Counting => ({ ...counting, without: counted > 0 ? counting.without.filter((each) => !names().includes(each)) : [...counting.without, ...names()] });

/** `name=number`; 0 and 1 mean no and yes where something is counted or not. */
const switches: Readonly<Record<string, { readonly most: number; readonly set: (counting: Counting, value: number) => Counting }>> = {
  multiply_add: { most: 2, set: (counting, value) => ({ ...counting, multiplyAdd: value }) },
  biases: { most: 1, set: (counting, value) => ({ ...counting, biases: value === 1, convolutionBiases: value === 1 ? "counted" : "left_out" }) },
  norms: { most: 1, set: parametersOf(() => named("normalization")) },
  embeddings: { most: 1, set: parametersOf(() => named("embedding")) },
  scales: { most: 1, set: parametersOf(() => ["scale", "offset"]) },
  norm_work: { most: 16, set: work(() => named("normalization")) },
  activation_work: { most: 16, set: work(() => named("activation")) },
  pooling_work: { most: 1024, set: work(() => named("pooling")) },
  bias_work: { most: 1, set: work(() => ["dense", "conv", "depthwise", "shift"]) },
};

/** `flops`, `as_published(thop)`, `biases=0,norm_work=2`, or a preset and switches. Errors: NAS9009. */
export function readCounting(text: string): Result<Counting> {
  let counting = plain;
  const parts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
  for (const [position, part] of parts.entries()) {
    const [key, value] = part.split("=").map((side) => side.trim());
    const preset = value === undefined ? presets.find(({ name }) => name === part) : undefined;
    const known = value === undefined ? undefined : switches[key!];
    if (preset !== undefined && position === 0) { counting = preset; continue; }
    const number = Number(value);
    if (known === undefined || value === "" || !Number.isInteger(number) || number < 0 || number > known.most) return failure(wrongPart(part, preset !== undefined, known?.most));
    counting = { ...known.set(counting, number), name: `${counting.name}, ${key}=${number}` };
  }
  return success(counting);
}

function wrongPart(part: string, late: boolean, most: number | undefined): ReturnType<typeof diagnostic> {
  const near = suggest(part.split("=")[0]!, [...countingNames, ...Object.keys(switches)]);
  return diagnostic("NAS9009", {
    title: `\`${part}\` is no way of counting`,
    why: late ? "a preset stands first, switches behind it" : most === undefined ? `presets are ${countingNames.join(", ")}; switches ${Object.keys(switches).join(", ")}` : `it takes a whole number from 0 to ${most}`,
    help: most !== undefined || late || near.length === 0 ? "for example --counting flops, or --counting norms=0,bias_work=1" : `did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?`,
  });
}

/** One sentence; printed beside the figures. */
export function describeCounting({ name, multiplyAdd, convolutionBiases, biases, without, elementRules }: Counting): string {
  const left = [...(biases ? [] : ["biases"]), ...without];
  const rules = elementRules.filter(({ times }) => times > 0).map(({ operators: of, times, of: where, axes }) => `${times} for each element of the ${where} of ${of.join(", ")}${axes === undefined ? "" : ` with ${axes} axes`}`);
  return `${name}: a point of a linear operator or of attention (multiply-add, shift-add, adder) is ${multiplyAdd} operation${multiplyAdd === 1 ? "" : "s"}${rules.length === 0 ? ", nothing else is counted" : `; ${rules.join("; ")}`}. `
    + `Parameters are what is trained${left.length === 0 ? "" : `, without ${left.join(", ")}`}${convolutionBiases === "input_channels" ? "; a convolution has its input channels by group in the place of biases" : ""}.`;
}

const isBias = ({ name }: WeightSpecification): boolean => name === "bias" || name.endsWith("_bias");
const isConvolution = (name: string): boolean => name === "conv" || name === "depthwise";

/** The operator with the parameters that count. */
function counted(operator: Operator, { biases, convolutionBiases, without }: Counting): Operator {
  if (without.includes(operator.name)) return { ...operator, weights: () => [] };
  const keepsBias = biases && !(isConvolution(operator.name) && convolutionBiases !== "counted");
  return keepsBias ? operator : { ...operator, weights: (inputs, attributes) => operator.weights(inputs, attributes).filter((weight) => !isBias(weight)) };
}

/** Counts a network; a tensor that several nodes share counts once. */
export function countNet(net: Net, counting: Counting): Counted {
  const groups = new Map<string, { readonly node: NetOperator; readonly operator: Operator; readonly inputs: readonly (readonly number[])[] }[]>();
  let [params, operations] = [0, 0];
  for (const node of net.nodes) {
    if (node.kind !== "operator") continue;
    const operator = operators.get(node.operator)!;
    const inputs = node.inputs.map((input) => net.nodes[input]!.shape);
    groups.set(node.weightKey, [...(groups.get(node.weightKey) ?? []), { node, operator, inputs }]);
    const { nests } = operator.workload(inputs, node.attributes, node.shape);
    for (const { operation, points } of nests) if (["multiply_accumulate", "shift_accumulate", "add_accumulate"].includes(operation)) operations += counting.multiplyAdd * points;
    for (const { operators: of, times, of: where, axes } of counting.elementRules) {
      const shape = where === "output" ? node.shape : inputs[0]!;
      if (of.includes(node.operator) && (axes === undefined || shape.length === axes)) operations += times * elements(shape);
    }
  }
  for (const uses of groups.values()) {
    const [{ node, inputs, operator }] = [uses[0]!];
    params += sharedParams(uses.map((use) => ({ operator: counted(use.operator, counting), inputs: use.inputs, attributes: use.node.attributes })));
    if (counting.convolutionBiases !== "input_channels" || !isConvolution(node.operator)) continue;
    const groupsOf = operator.name === "depthwise" ? inputs[0]!.at(-1)! : Number(node.attributes.groups ?? 1);
    params += inputs[0]!.at(-1)! / groupsOf;
  }
  return { params, operations };
}
