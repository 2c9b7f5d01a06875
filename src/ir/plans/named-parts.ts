/** The parts of an accelerator that have a name (`memory`, `chunk`), with names checked to be distinct. */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import { short, type PlanContext } from "./context.js";
import type { ReadSetting, SettingGroup } from "./read-settings.js";

export interface NamedPart { readonly name: string; readonly span: Span; readonly part: ReadSetting }

export function namedParts(group: SettingGroup, kind: "memory" | "chunk", context: PlanContext): readonly NamedPart[] {
  const out: NamedPart[] = [];
  for (const part of group.all(kind)) {
    if (typeof part.value !== "string") continue;
    const name = part.value;
    const span = part.setting.values[0]?.span ?? part.setting.span;
    const before = out.find((each) => each.name === name);
    if (before === undefined) out.push({ name, span, part });
    else context.report(diagnostic("NAS5011", { title: `two ${kind === "memory" ? "memories" : "chunks"} are called \`${short(name)}\``, at: span, label: "named again", causes: [{ span: before.span, text: "first named here" }], help: "rename one of the two" }));
  }
  return out;
}
