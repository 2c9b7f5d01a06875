/** Reads `vector { ... }` of an accelerator. */
import type { VectorPlan } from "../plan.js";
import { formatWords } from "./accelerator-settings.js";
import { given } from "./given.js";
import type { SettingGroup } from "./read-settings.js";

export function readVector(group: SettingGroup): VectorPlan | undefined {
  if (!group.has("vector")) return undefined;
  const vector = group.inner("vector");
  return {
    lanes: vector.numberOr("lanes", 64), precision: formatWords.find(({ name }) => name === vector.word("precision"))?.name ?? "fp16", fuse: vector.flag("fuse"),
    ...given("addEnergy", vector.number("add")), ...given("multiplyEnergy", vector.number("multiply")), ...given("specialEnergy", vector.number("special")),
  };
}
