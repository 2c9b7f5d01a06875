/** Fields that only a mapper looks at, declared where there is none. */
import { diagnostic } from "../../diagnostics/model.js";
import type { PlanContext } from "./context.js";
import type { SettingGroup } from "./read-settings.js";

/** A warning for each of `fields` that `group` has. */
export function warnWithoutMapper(fields: readonly string[], group: SettingGroup, context: PlanContext): void {
  for (const field of fields) {
    if (group.has(field)) context.report(diagnostic("NAS5021", { severity: "warning", title: `\`${field}\` has no effect without a mapper`, at: group.first(field)!.setting.name.span, label: "not looked at", why: "without `mapper` costs are lower bounds: every tensor moves once", help: "add `mapper { }` to the accelerator" }));
  }
}
