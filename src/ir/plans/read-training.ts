/** Reads the training settings that `supernet` and `derive` share. */
import { diagnostic } from "../../diagnostics/model.js";
import type { OptimizerPlan, Schedule, TrainPlan } from "../plan.js";
import type { PlanContext } from "./context.js";
import type { SettingGroup } from "./read-settings.js";

const DEFAULT_BATCH = 64;

const kinds: readonly OptimizerPlan["kind"][] = ["sgd", "adam", "adamw"];
const schedules: readonly Schedule[] = ["constant", "cosine", "linear"];

function readOptimizer(training: SettingGroup): OptimizerPlan {
  const group = training.inner("optimizer");
  return {
    kind: kinds.find((kind) => kind === training.word("optimizer")) ?? "sgd",
    rate: group.numberOr("rate", 0.1),
    // What a kind does not have stands at the value that leaves it out.
    momentum: group.numberOr("momentum", 0), beta1: group.numberOr("beta1", 0.9), beta2: group.numberOr("beta2", 0.999),
    weightDecay: group.numberOr("weight_decay", 0), schedule: schedules.find((schedule) => schedule === group.word("schedule")) ?? "cosine",
    warmup: group.numberOr("warmup", 0), clip: group.numberOr("clip", 0),
  };
}

/** `batch` is the one of `data`, used where the group has none. */
export function readTraining(group: SettingGroup, name: string, batch: number | undefined, context: PlanContext): TrainPlan {
  const epochs = group.numberOr("epochs", 10);
  const optimizer = readOptimizer(group);
  if (optimizer.warmup > epochs) {
    const inner = group.inner("optimizer");
    context.report(diagnostic("NAS2028", {
      title: "the warm-up is longer than the training", at: inner.spanOf("warmup"), label: `${optimizer.warmup} epochs of warm-up`,
      ...(group.has("epochs") ? { causes: [{ span: group.spanOf("epochs"), text: `\`${name}\` trains for ${epochs}` }] } : { why: `\`${name}\` trains for ${epochs} epochs` }), help: "lower `warmup` or raise `epochs`",
    }));
  }
  const augment = group.inner("augment");
  return {
    epochs, batch: group.number("batch") ?? batch ?? DEFAULT_BATCH, optimizer, labelSmoothing: group.numberOr("label_smoothing", 0),
    augment: { flip: augment.flag("flip"), shift: augment.numberOr("shift", 0) },
  };
}
