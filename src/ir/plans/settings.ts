/**
 * Every setting of `search` (and, from its own file, `accelerator`): the table that reading, checking, completion, hover and the reference page are made
 * from. To add a setting, add a row here, a field to `plan.ts` and a line to its reader.
 */
import type { Schedule } from "../plan.js";
import { metricDescriptions } from "./metrics.js";
import { count, flag, group, number, share, word } from "./setting-makers.js";
import type { SettingDescription, Word } from "./setting-types.js";

export { acceleratorSettings } from "./accelerator-settings.js";

const metricWords: readonly Word[] = metricDescriptions.map(({ name, summary }) => ({ name, summary }));

// ---- search ----

const schedules: readonly (Word & { readonly name: Schedule })[] = [
  { name: "cosine", summary: "half a cosine down to 0" }, { name: "linear", summary: "a line down to 0" }, { name: "constant", summary: "the rate as it is" },
];

const optimizer = (rate: number, decay: number, own: readonly SettingDescription[]): readonly SettingDescription[] => [
  number("rate", "peak learning rate", { above: 0 }, { defaultValue: rate }),
  ...own,
  number("weight_decay", "weight decay", { minimum: 0 }, { defaultValue: decay }),
  word("schedule", "how the rate falls", schedules, "cosine"),
  number("warmup", "epochs of linear warm-up", { minimum: 0 }, { defaultValue: 0 }),
  number("clip", "bound of the gradient norm; 0 is off", { minimum: 0 }, { defaultValue: 0 }),
];

const betas: readonly SettingDescription[] = [
  number("beta1", "decay of the mean", { minimum: 0, below: 1 }, { defaultValue: 0.9 }),
  number("beta2", "decay of the variance", { minimum: 0, below: 1 }, { defaultValue: 0.999 }),
];

const optimizers: readonly Word[] = [
  { name: "sgd", summary: "gradient descent with momentum", settings: optimizer(0.1, 1e-4, [number("momentum", "momentum", { minimum: 0, below: 1 }, { defaultValue: 0.9 })]) },
  { name: "adam", summary: "Adam", settings: optimizer(1e-3, 0, betas) },
  { name: "adamw", summary: "Adam with decoupled weight decay", settings: optimizer(1e-3, 1e-2, betas) },
];

const training = (epochs: number): readonly SettingDescription[] => [
  count("epochs", "passes over the training part", epochs),
  number("batch", "examples per step", { whole: true, minimum: 1 }, { defaultText: "`batch` of `data`, else 64" }),
  word("optimizer", "how weights are updated", optimizers, "sgd"),
  number("label_smoothing", "share of the target spread over all classes", { minimum: 0, below: 1 }, { defaultValue: 0 }),
  group("augment", "random changes of training images", [
    flag("flip", "mirror half of them", false),
    count("shift", "move by up to so many pixels", 0, 0),
  ]),
];

const laterSampler = (name: string, summary: string): Word => ({ name, summary, insteadYet: "uniform" });
const samplers: readonly Word[] = [
  { name: "uniform", summary: "one uniformly drawn path per step" },
  laterSampler("fair", "every option equally often in each round of steps"),
  laterSampler("sandwich", "the largest, the smallest and random networks in each step"),
  laterSampler("progressive", "from the largest networks to smaller ones"),
  laterSampler("budgeted", "uniform over the networks within the budgets"),
];
const sharings: readonly Word[] = [
  { name: "slice", summary: "smaller candidates take the leading part of one tensor" },
  { name: "separate", summary: "every size has its own tensor" },
  { name: "heterogeneous", summary: "multiplying, shifting and adding layers share one tensor through a transform", insteadYet: "slice" },
  { name: "both_ends", summary: "smaller candidates take the leading and the trailing part of one tensor, and train both at once" },
  { name: "cyclic", summary: "smaller candidates take neighbouring channels of a ring, from a start that is drawn in each step" },
  { name: "chained", summary: "each size takes channels of a ring from where the next smaller size ends" },
  { name: "per_head", summary: "slices head by head", insteadYet: "slice" },
];

const budgetOfTrials: readonly SettingDescription[] = [
  count("population", "networks per generation", 50),
  count("generations", "generations", 20),
];
const explorers: readonly Word[] = [
  {
    name: "evolution", summary: "mutation and crossover of the best networks",
    settings: [
      ...budgetOfTrials,
      number("parents", "best networks that breed", { whole: true, minimum: 1 }, { defaultText: "half of the population" }),
      share("mutation", "probability that a decision is redrawn", 0.1),
      share("crossover", "share of offspring with two parents", 0.5),
      count("proposals", "offspring drawn per evaluation; the ranker keeps the best", 4),
    ],
  },
  { name: "random", summary: "every network drawn anew; the baseline", settings: budgetOfTrials },
];
const rankers: readonly Word[] = [
  {
    name: "lambdarank", summary: "a network that learns to order candidates",
    settings: [{ name: "labels", summary: "what it learns from: `supernet` (inherited accuracy) and costs", type: { kind: "words", words: [{ name: "supernet", summary: "accuracy with inherited weights" }, ...metricWords.filter(({ name }) => name !== "accuracy")] }, defaultValue: ["supernet"] }],
  },
  { name: "none", summary: "candidates in the order they are drawn" },
];

export const searchSettings: readonly SettingDescription[] = [
  { name: "space", summary: "the space to search; `on ACCELERATOR` says for what, else for `Edge` of std/accelerators", type: { kind: "space" }, required: true },
  count("seed", "seed of everything random", 1, 0),
  {
    name: "data", summary: "the examples: `glyphs` is built in, other names are placed by `path` or `--data`", type: { kind: "name" }, defaultValue: "glyphs",
    settings: [
      { name: "path", summary: "file or folder", type: { kind: "text" } },
      number("validation", "examples held out for the search; below 1 a share", { above: 0 }, { defaultValue: 0.1 }),
      count("limit", "use only so many training examples"),
      number("batch", "default batch of `supernet` and `derive`", { whole: true, minimum: 1 }),
    ],
  },
  group("supernet", "how the shared weights are trained and candidates judged", [
    word("sampler", "which network a step trains", samplers, "uniform"),
    word("sharing", "how candidates share weights", sharings, "slice"),
    ...training(10),
    count("recalibration", "training examples to recalibrate batch norm with", 512),
    { ...count("judge", "validation examples to judge a candidate with"), defaultText: "all" },
  ]),
  word("ranker", "what thins out proposals", rankers, "lambdarank"),
  word("explore", "how candidates are proposed", explorers, "evolution"),
  { name: "maximize", summary: "objectives to raise", type: { kind: "words", words: metricWords, open: true }, repeatable: true },
  { name: "minimize", summary: "objectives to lower", type: { kind: "words", words: metricWords, open: true }, repeatable: true },
  { name: "subject to", summary: "budgets: METRIC <= NUMBER or METRIC >= NUMBER", type: { kind: "budgets" }, repeatable: true },
  group("derive", "how the chosen network is trained from scratch", training(20)),
];
