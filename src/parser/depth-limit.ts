/**
 * Refuses trees so deep that the recursion of later stages would exhaust the stack: hundreds of pipe stages, calls or `else if`s in a row.
 * (Brackets are limited before parsing, operators while precedence is settled.) The walk itself does not recurse.
 */
import { diagnostic } from "../diagnostics/model.js";
import type { Diagnostic } from "../diagnostics/model.js";
import type { Declaration } from "./ast.js";

/** Levels of objects and arrays. 200 nested choices with calls inside need about 1000. */
const depthLimit = 2000;

/** Whether plain data is nested more deeply than later stages can follow. */
function isTooDeep(root: object): boolean {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthLimit) return true;
    const next: object[] = [];
    for (const node of level) for (const value of Object.values(node)) if (typeof value === "object" && value !== null) next.push(value as object);
    level = next;
  }
  return false;
}

/** The declarations that are not too deep; the others are reported to `diagnostics`. */
export function withinDepth(declarations: readonly Declaration[], diagnostics: Diagnostic[]): readonly Declaration[] {
  return declarations.filter((declaration) => {
    if (!isTooDeep(declaration)) return true;
    const at = declaration.kind === "import" ? declaration.span : declaration.name.span;
    const name = declaration.kind === "import" ? "import" : declaration.name.name;
    diagnostics.push(diagnostic("NAS1007", {
      title: `\`${name.length > 30 ? `${name.slice(0, 27)}...` : name}\` is nested too deeply`, at, label: "an expression in it has too many steps in a row",
      help: "name parts of it with assignments or blocks",
    }));
    return false;
  });
}
