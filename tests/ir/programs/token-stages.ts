/** Stages over tokens [tokens, channels]. */
import { activation, attentionCall } from "./map-stages.js";
import type { Stage } from "./writer.js";

const attend: Stage = (w) => {
  w.line(`x = x + (x -> layer_norm -> ${attentionCall(w, false)})`);
  return undefined;
};

const widen: Stage = (w) => {
  w.line(w.pick([
    () => `x = x + (x -> dense((${w.value([1, 2])}) * channels(x)) -> ${activation(w)} -> dense(channels(x)))`,
    () => `x = x -> dense(${w.width()}) -> layer_norm`,
  ])());
  return undefined;
};

const cross: Stage = (w) => {
  w.line(`memory${w.stage} = x -> dense(${w.value([4, 8], 0.4)})`);
  w.line(`x = x + attention(x, memory${w.stage}, heads = ${w.wrong() ? w.value([2, 3]) : w.value([1, 2])})`);
  return undefined;
};

const mixing: Stage = (w) => {
  w.line(`x = x -> ${w.alternatives([attentionCall(w, false), "dense(channels(x))", "identity"], w.fresh("mix"))}`);
  return undefined;
};

const loop: Stage = (w) => {
  const rounds = w.between(2, 3);
  w.line(`for j in 1..${w.affords(rounds) ? `choose 1..${rounds}` : rounds} {`);
  w.nested(rounds, () => {
    const ratio = w.value([1, 2], 0.4);
    w.line(`x = x + (x -> dense(${ratio} * channels(x)) -> gelu -> dense(channels(x)))`);
  });
  w.line("}");
  return undefined;
};

const toMap: Stage = (w) => {
  w.line(`x = x -> to_map(${w.wrong() ? "" : "1"})`);
  return "map";
};

export const tokenStages: readonly Stage[] = [attend, attend, widen, cross, mixing, loop, toMap];
