/** Reads what chunks whose arrays are sized for each network divide, gives them arrays to start from, and refuses what leaves no room for them. */
import { diagnostic } from "../../diagnostics/model.js";
import type { Chunk, SizedSides } from "../plan.js";
import { arrayFor, arrayStep } from "./array-shape.js";
import { elementArea } from "./chip-area.js";
import { short, type PlanContext } from "./context.js";
import { given } from "./given.js";
import type { SettingGroup } from "./read-settings.js";

/** NASA's budget: the area of so many multiplying elements (dossier 02). */
const ELEMENTS = 168;

/** Which sides of a declared array are sized for each network; a side that is sized reads as 0. */
export function sizedSides([rows, columns]: readonly [number, number]): SizedSides | undefined {
  if (rows > 0 && columns > 0) return undefined;
  return { ...given("rows", rows > 0 ? rows : undefined), ...given("columns", columns > 0 ? columns : undefined) };
}

/** The chunks with an array to start from, equal parts of the area that they divide, and that area in square metres. */
export function balanceChunks(group: SettingGroup, name: string, chunks: readonly Chunk[], technology: number, context: PlanContext): { readonly chunks: readonly Chunk[]; readonly balancedArea?: number } {
  const sized = chunks.filter((chunk) => chunk.sized !== undefined);
  const [first] = sized;
  if (first === undefined) {
    if (group.has("balance")) context.report(diagnostic("NAS5025", { severity: "warning", title: "`balance` has no effect", at: group.first("balance")!.setting.name.span, label: "nothing to divide among", why: `no chunk of \`${short(name)}\` has \`array balanced\``, help: "write `array balanced` for the chunks that are sized for each network, or remove `balance`" }));
    return { chunks };
  }
  const balance = group.inner("balance");
  if (balance.has("elements") && balance.has("area")) {
    context.report(diagnostic("NAS5026", { title: "`balance` says twice what is divided", at: balance.first("area")!.setting.name.span, label: "an area", causes: [{ span: balance.first("elements")!.setting.name.span, text: "the elements whose area it is" }], help: "remove one of the two" }));
  }
  const balancedArea = balance.number("area") ?? balance.numberOr("elements", ELEMENTS) * elementArea(first, technology);
  const least = sized.reduce((sum, chunk) => sum + arrayStep(chunk.sized!) * elementArea(chunk, technology), 0);
  if (least > balancedArea * (1 + 1e-9)) {
    const at = balance.has("area") ? balance.spanOf("area") : balance.has("elements") ? balance.spanOf("elements") : group.spanOf("chunk");
    context.report(diagnostic("NAS5026", { title: `\`${short(name)}\` divides less than its smallest arrays take`, at, label: "too little", why: "every chunk whose array is sized has one element at least, or one row or column where a side is given", help: "raise it, or declare shorter sides" }));
  }
  return { balancedArea, chunks: chunks.map((chunk) => (chunk.sized === undefined ? chunk : { ...chunk, array: arrayFor(Math.max(1, Math.floor((balancedArea / sized.length / elementArea(chunk, technology)) * (1 + 1e-9))), chunk.sized) })) };
}
