/**
 * Linear attention: out_i = phi(q_i) S / max(phi(q_i) z, epsilon) with S = sum_j phi(k_j) v_j^T and z = sum_j phi(k_j), linear in the
 * number of tokens. Causal sums run over the tokens so far, computed in blocks: inside a block the masked quadratic form, between
 * blocks the running S and z, so that time stays linear and memory is one S per block instead of one per token.
 */
import { joinHeads, laterKeys, splitHeads, type AttentionContext, type AttentionKind, type AttentionSize } from "./attention-kind.js";
import { numberOf, symbolOf } from "./attributes.js";
import { contraction } from "./contraction.js";
import { writtenShape } from "./guard.js";
import { applyFeature, featureMembers, featuresPerChannel, featureWork, needsMap, type Feature } from "./linear-features.js";
import type { Attributes, OperatorProblem, Shape } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { Workload } from "./workload.js";

/** Tokens of a causal block. */
const BLOCK = 64;

function featureOf(settings: Attributes): Feature {
  const { tag } = symbolOf(settings, "feature");
  return featureMembers.find(({ name }) => name === tag)?.name ?? "elu";
}

/** Unnormalised output and normaliser of the tokens of one block (or of all). */
interface Sums<T> { readonly numerator: T; readonly denominator: T }

/** Attention to everything that `state` and `normalizer` summarise: q [n,h,t,f], S [n,h,f,e], z [n,h,1,f]. */
function readState<T extends Tensor>(library: TensorLibrary<T>, q: T, state: T, normalizer: T): Sums<T> {
  return { numerator: library.matMul(q, state), denominator: library.matMul(q, normalizer, false, true) };
}

function everything<T extends Tensor>(library: TensorLibrary<T>, q: T, k: T, v: T): Sums<T> {
  return readState(library, q, library.matMul(k, v, true, false), library.sum(k, [2], true));
}

/** The masked quadratic form: later keys weigh 0 (not minus infinity: there is no exponential). */
function quadratic<T extends Tensor>(library: TensorLibrary<T>, q: T, k: T, v: T, length: number): Sums<T> {
  const seen = library.subtract(library.scalar(1), laterKeys(library, length));
  const weights = library.multiply(library.matMul(q, k, false, true), seen);
  return { numerator: library.matMul(weights, v), denominator: library.sum(weights, [3], true) };
}

function causalSums<T extends Tensor>(library: TensorLibrary<T>, q: T, k: T, v: T, length: number): Sums<T> {
  if (length <= BLOCK) return quadratic(library, q, k, v, length);
  const numerators: T[] = [];
  const denominators: T[] = [];
  let state: T | undefined;
  let normalizer: T | undefined;
  for (let start = 0; start < length; start += BLOCK) {
    const count = Math.min(BLOCK, length - start);
    const [qb, kb, vb] = [q, k, v].map((x) => library.slice(x, [0, 0, start, 0], [-1, -1, count, -1])) as [T, T, T];
    const inside = quadratic(library, qb, kb, vb, count);
    const before = state === undefined || normalizer === undefined ? undefined : readState(library, qb, state, normalizer);
    numerators.push(before === undefined ? inside.numerator : library.add(inside.numerator, before.numerator));
    denominators.push(before === undefined ? inside.denominator : library.add(inside.denominator, before.denominator));
    if (start + count === length) break;
    const added = library.matMul(kb, vb, true, false);
    const weight = library.sum(kb, [2], true);
    state = state === undefined ? added : library.add(state, added);
    normalizer = normalizer === undefined ? weight : library.add(normalizer, weight);
  }
  return { numerator: library.concat(numerators, 2), denominator: library.concat(denominators, 2) };
}

function linearAttend<T extends Tensor>({ library, queries, keys, values, size, causal, settings }: AttentionContext<T>): T {
  const feature = featureOf(settings);
  const longest = Math.max(size.queries, size.keys);
  const features = (x: T, tokens: number): T => applyFeature(library, feature, splitHeads(library, x, tokens, size.heads, size.dim), { tokens, longest, map: size.map });
  const [q, k] = [features(queries, size.queries), features(keys, size.keys)];
  const v = splitHeads(library, values, size.keys, size.heads, size.valueDim);
  const { numerator, denominator } = causal ? causalSums(library, q, k, v, size.queries) : everything(library, q, k, v);
  const epsilon = library.scalar(numberOf(settings, "epsilon"));
  return joinHeads(library, library.divide(numerator, library.maximum(denominator, epsilon)), size.queries, size.heads, size.valueDim);
}

/** Features of a map know where a pixel stands on it. */
function linearProblem(inputs: readonly Shape[], settings: Attributes): OperatorProblem | undefined {
  const feature = featureOf(settings);
  if (!needsMap(feature) || (inputs.length === 1 && inputs[0]?.length === 3)) return undefined;
  return {
    problem: `\`${feature}\` needs a map and no second input`, detail: `the inputs are ${inputs.map(writtenShape).join(" and ")}`,
    help: "on a sequence use `feature = cos`, or make a map of the tokens by `to_map`", parameter: "kind",
  };
}

/** H (T + U) (E + 1) F multiply-accumulates with feature width F (a multiple of D) and one division per output. */
function linearWork({ heads, queries, keys, dim, valueDim }: AttentionSize, settings: Attributes): Workload {
  const kind = featureOf(settings);
  const width = featuresPerChannel(kind) * dim;
  const outputs = heads * queries * valueDim;
  return {
    nests: [
      contraction("state", { h: heads, u: keys, e: valueDim, f: width }, [
        { name: "V", role: "input", over: ["h", "u", "e"] },
        { name: "K", role: "input", over: ["h", "u", "f"] },
        { name: "S", role: "output", over: ["h", "f", "e"] },
      ]),
      contraction("normalizer", { h: heads, u: keys, f: width }, [
        { name: "K", role: "input", over: ["h", "u", "f"] },
        { name: "z", role: "output", over: ["h", "f"] },
      ]),
      contraction("mix", { h: heads, t: queries, e: valueDim, f: width }, [
        { name: "Q", role: "input", over: ["h", "t", "f"] },
        { name: "S", role: "input", over: ["h", "f", "e"] },
        { name: "O", role: "output", over: ["h", "t", "e"] },
      ]),
      contraction("normalization", { h: heads, t: queries, f: width }, [
        { name: "Q", role: "input", over: ["h", "t", "f"] },
        { name: "z", role: "input", over: ["h", "f"] },
        { name: "N", role: "output", over: ["h", "t"] },
      ]),
    ],
    vectors: [
      featureWork(kind, heads * (queries + keys) * dim),
      { name: "division", specials: outputs, compares: heads * queries, readWords: outputs + heads * queries, writeWords: outputs, fusible: true },
    ],
  };
}

export const linearKind: AttentionKind = {
  member: {
    name: "linear",
    summary: "Attention through feature maps instead of an exponential; linear in the number of tokens.",
    parameters: [
      {
        name: "feature", summary: "The feature map of queries and keys.", defaultValue: "elu",
        type: { kind: "enumeration", members: featureMembers },
      },
      { name: "epsilon", summary: "Least value of the normaliser.", type: { kind: "number", minimum: 1e-12 }, defaultValue: 1e-6 },
    ],
  },
  source: "Katharopoulos et al., Transformers are RNNs, ICML 2020; Qin et al., cosFormer, ICLR 2022, equations 9 to 14",
  crossAttention: true,
  problem: linearProblem,
  attend: linearAttend,
  workload: linearWork,
};
