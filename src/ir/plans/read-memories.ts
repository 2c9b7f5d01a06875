/** Reads the `memory` levels of an accelerator, from the outside in, and finds what cannot be built or has no effect. */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import type { MemoryLevel, MemoryPorts, TensorRole } from "../plan.js";
import { formatQuantity } from "../units.js";
import { tensorWords } from "./accelerator-settings.js";
import { short, type PlanContext } from "./context.js";
import { given } from "./given.js";
import { namedParts } from "./named-parts.js";
import type { SettingGroup } from "./read-settings.js";
import { warnWithoutMapper } from "./without-mapper.js";

/** Without a mapper: the external memory, the first buffer and the innermost memory are what costs are made from. */
const MODELLED_LEVELS = 3;

/** How far inside a memory is, by how many copies it has. */
const depth = { chip: 0, row: 1, column: 1, pe: 2 } as const;

interface Level { readonly memory: MemoryLevel; readonly span: Span; readonly sized: boolean; readonly group: SettingGroup }

/** A port of either kind stands in place of one that reads and one that writes. */
function readPorts(group: SettingGroup): MemoryPorts | undefined {
  if (!group.has("ports")) return undefined;
  const ports = group.inner("ports");
  const shared = ports.numberOr("shared", 0);
  const others = shared > 0 ? 0 : 1;
  return { read: ports.has("read") ? ports.numberOr("read", 1) : others, write: ports.has("write") ? ports.numberOr("write", 1) : others, shared };
}

function readLevel(name: string, span: Span, group: SettingGroup): Level {
  const per = group.word("per");
  const holds = tensorWords.flatMap((word): TensorRole[] => (group.list("holds").includes(word.name) ? [word.name] : []));
  const banks = group.number("banks");
  const memory: MemoryLevel = {
    name, width: group.numberOr("width", 64), ...given("size", group.number("size")), ...given("readEnergy", group.number("read")),
    ...given("writeEnergy", group.number("write")), ...given("leak", group.number("leak")), ...given("bandwidth", group.number("bandwidth")),
    ...(per === "row" || per === "column" || per === "pe" ? { per } : {}), ...(holds.length < tensorWords.length ? { holds } : {}),
    ...given("ports", readPorts(group)), ...(group.has("double_buffered") ? { doubleBuffered: group.flag("double_buffered") } : {}),
    ...(banks === undefined || banks === 1 ? {} : { banks }),
  };
  // A size that was written wrongly is not a missing one.
  return { memory, span, sized: group.has("size"), group };
}

/** Exactly the first memory has no size. */
function checkExternal(levels: readonly Level[], name: string, context: PlanContext): void {
  const [outermost, ...inside] = levels;
  if (outermost === undefined) return;
  if (outermost.sized && levels.every(({ sized }) => sized)) {
    context.report(diagnostic("NAS5014", { title: `\`${short(name)}\` has no external memory`, at: outermost.span, label: "the outermost memory has a size", help: "declare the external memory first: `memory dram { width 64bit }`" }));
  } else if (outermost.sized) {
    const external = levels.find(({ sized }) => !sized)!;
    context.report(diagnostic("NAS5015", { title: `\`${short(external.memory.name)}\` is not the outermost memory`, at: external.span, label: "without a size, so external", causes: [{ span: outermost.span, text: "but this one stands outside of it" }], help: "declare the external memory first" }));
  } else {
    for (const level of inside) {
      if (!level.sized) context.report(diagnostic("NAS5015", { title: `memory \`${short(level.memory.name)}\` has no size`, at: level.span, label: "on the chip, so it has a size", causes: [{ span: outermost.span, text: "this is the external memory" }], help: "add `size`, e.g. `size 108KB`" }));
    }
  }
  for (const field of ["per", "holds", "double_buffered", "banks"] as const) {
    if (!outermost.group.has(field)) continue;
    context.report(diagnostic("NAS5017", { title: `the external memory takes no \`${field}\``, at: outermost.group.first(field)!.setting.name.span, label: "it is outside the chip and keeps everything", help: `remove \`${field}\`` }));
  }
}

/** Sizes fall and copies multiply from the outside in. */
function checkOrder(levels: readonly Level[], context: PlanContext): void {
  const inside = levels.slice(1);
  inside.forEach((level, index) => {
    const outer = index === 0 ? undefined : inside[index - 1];
    if (outer === undefined) return;
    const per = level.memory.per ?? "chip";
    const outerPer = outer.memory.per ?? "chip";
    if (depth[per] < depth[outerPer] || (depth[per] === depth[outerPer] && per !== outerPer)) {
      context.report(diagnostic("NAS5015", { title: `memory \`${short(level.memory.name)}\` has fewer copies than the one outside it`, at: level.group.has("per") ? level.group.spanOf("per") : level.span, label: `per ${per}`, causes: [{ span: outer.group.spanOf("per"), text: `\`${outer.memory.name}\` is per ${outerPer}` }], help: "declare memories outermost first: of the chip, of a row or a column, of a processing element" }));
    } else if (per === outerPer && outer.memory.size !== undefined && level.memory.size !== undefined && level.memory.size > outer.memory.size && !disjoint(outer.memory, level.memory)) {
      context.report(diagnostic("NAS5015", {
        title: `memory \`${short(level.memory.name)}\` is larger than the one outside it`, at: level.group.spanOf("size"), label: formatQuantity(level.memory.size, "bytes"),
        causes: [{ span: outer.group.spanOf("size"), text: `\`${outer.memory.name}\` has ${formatQuantity(outer.memory.size, "bytes")}` }], help: "declare memories outermost first",
      }));
    }
  });
}

/** One memory inside another of the same size would only copy it. */
function checkSamePlace(levels: readonly Level[], context: PlanContext): void {
  const inside = levels.slice(1);
  inside.forEach((level, index) => {
    const twin = inside.slice(0, index).find(({ memory }) => memory.per === level.memory.per && memory.size !== undefined && memory.size === level.memory.size && !disjoint(memory, level.memory));
    if (twin === undefined || twin.memory.name === level.memory.name) return;
    context.report(diagnostic("NAS5017", {
      title: `\`${short(twin.memory.name)}\` and \`${short(level.memory.name)}\` keep the same tensors in the same place`, at: level.group.spanOf("size"), label: `${formatQuantity(level.memory.size!, "bytes")} per ${level.memory.per ?? "chip"}, like the one outside it`,
      causes: [{ span: twin.group.spanOf("size"), text: "this one" }], help: "remove one of the two, give each tensors of its own with `holds`, or make the inner one smaller",
    }));
  });
}

/** Memories side by side, each for tensors of its own. */
function disjoint(one: MemoryLevel, other: MemoryLevel): boolean {
  return one.holds !== undefined && other.holds !== undefined && !one.holds.some((role) => other.holds!.includes(role));
}

/** Fields that contradict each other within one memory. */
function checkFields({ memory, group, span }: Level, context: PlanContext): void {
  if (memory.size !== undefined && 8 * memory.size < memory.width * (memory.banks ?? 1)) {
    context.report(diagnostic("NAS5017", { title: `memory \`${short(memory.name)}\` is smaller than one access`, at: group.spanOf("size"), label: `${8 * memory.size} bits`, ...(group.has("width") ? { causes: [{ span: group.spanOf("width"), text: `an access is ${memory.width} bits${memory.banks === undefined ? "" : ` of each of ${memory.banks} banks`}` }] } : { why: `an access is ${memory.width} bits` }), help: "`size` is the capacity, `width` the bits of one access" }));
  }
  if (memory.ports !== undefined && memory.ports.read + memory.ports.shared === 0) context.report(diagnostic("NAS5017", { title: `memory \`${short(memory.name)}\` cannot be read`, at: group.first("ports")?.setting.span ?? span, label: "no port reads", help: "give it `read 1` or `shared 1`" }));
  if (memory.ports !== undefined && memory.ports.write + memory.ports.shared === 0) context.report(diagnostic("NAS5017", { title: `memory \`${short(memory.name)}\` cannot be written`, at: group.first("ports")?.setting.span ?? span, label: "no port writes", help: "give it `write 1` or `shared 1`" }));
}

/** What only a mapper looks at. */
function checkUnmapped(levels: readonly Level[], context: PlanContext): void {
  for (const { group } of levels) warnWithoutMapper(["per", "holds", "leak", "ports", "double_buffered", "banks"], group, context);
  if (levels.length <= MODELLED_LEVELS) return;
  for (const level of levels.slice(2, Math.max(2, levels.length - 1))) {
    context.report(diagnostic("NAS5016", { severity: "warning", title: `memory \`${short(level.memory.name)}\` has no influence on costs`, at: level.span, label: "between the buffer and the innermost memory", help: "add `mapper { }` to the accelerator: mapped costs use every level" }));
  }
}

export function readMemories(group: SettingGroup, name: string, mapped: boolean, context: PlanContext): readonly MemoryLevel[] {
  const levels = namedParts(group, "memory", context).map(({ name: level, span, part }) => readLevel(level, span, part.group));
  checkExternal(levels, name, context);
  checkOrder(levels, context);
  checkSamePlace(levels, context);
  for (const level of levels.slice(1)) checkFields(level, context);
  if (!mapped) checkUnmapped(levels, context);
  return levels.map(({ memory }) => memory);
}
