/**
 * Writes random programs: a few stages over a small image or a row of tokens, with choices of every kind, loops, blocks, operators as
 * values, sums that must agree and requirements. Most fit together; some are wrong on purpose in one combination only. The text is a
 * function of the random stream.
 */
import type { RandomStream } from "../../../src/random/stream.js";
import { hardStages } from "./hard-stages.js";
import { mapStages } from "./map-stages.js";
import { tokenStages } from "./token-stages.js";
import { Writer, type Stage } from "./writer.js";

export interface RandomProgram {
  readonly text: string;
  readonly input: "image" | "tokens";
  /** About how many combinations of decisions there are. */
  readonly combinations: number;
}

export interface RandomProgramOptions {
  /** Choices are no longer added above this many combinations. */
  readonly combinations: number;
  /** Share of the stages that may be wrong. */
  readonly mischief: number;
}

const CLASSES = 3;

export function randomProgram(random: RandomStream, options: RandomProgramOptions): RandomProgram {
  const w = new Writer(random, options.combinations, options.mischief);
  const tokens = w.chance(0.15);
  const side = w.pick([6, 7, 8, 9, 12]);
  if (tokens) w.line(`input image: tokens[${w.pick([4, 6, 9])}]`);
  else w.line(`input image: f32[${side}, ${w.chance(0.7) ? side : side + 2}, ${w.pick([1, 2, 3])}]`);
  if (w.chance(0.3)) w.line(`share ${w.pick(["slice", "separate", "both_ends", "cyclic", "chained"])}`);
  w.line(tokens ? `x = image -> embed(${w.pick([5, 11])}, ${w.width()})` : `x = image -> ${w.pick(["conv", "conv", "shift", "add"])}(${w.width()}, kernel = ${w.value([1, 3])})`);
  const stages = w.between(2, 6);
  let onTokens = tokens;
  for (let stage = 0; stage < stages; stage++) {
    const write: Stage = w.pick(onTokens ? tokenStages : w.chance(0.35) ? hardStages : mapStages);
    w.stage = stage;
    const becomes = write(w);
    if (becomes !== undefined) onTokens = becomes === "tokens";
  }
  if (w.widths.length > 1 && w.chance(0.4)) {
    const [a, b] = [w.pick(w.widths), w.pick(w.widths)];
    w.line(w.pick([`require ${a} <= ${b}`, `require ${a} + ${b} <= 24`, `require [${a}, ${b}] in [[4, 4], [4, 8], [8, 8], [12, 8], [8, 4], [6, 6]]`, `require ${a} % 4 == 0 or ${b} >= 8`]));
  }
  w.line(`output classes = x -> ${w.pick(["batch_norm -> ", "layer_norm -> ", "relu -> ", ""])}global_pool${w.chance(0.3) ? `(${w.pick(["average", "max"])})` : ""} -> dense(${CLASSES})`);
  return { text: `${w.blocks.join("\n\n")}${w.blocks.length > 0 ? "\n\n" : ""}space Random {\n${w.lines.join("\n")}\n}\n`, input: tokens ? "tokens" : "image", combinations: w.combinations };
}
