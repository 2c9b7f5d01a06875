/** Turns the text of one file into an elaborated space, without module loading. */
import { parse } from "../../../src/parser/parse.js";
import type { Declaration } from "../../../src/parser/ast.js";
import type { Definition, Module } from "../../../src/ir/module.js";
import type { Diagnostic } from "../../../src/diagnostics/model.js";
import type { Decision, Space } from "../../../src/ir/space.js";
import { elaborateSpace } from "../../../src/ir/elaborate/elaborate-space.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";

function definitionOf(declaration: Declaration, module: Module): Definition | undefined {
  switch (declaration.kind) {
    case "const": return { kind: "const", declaration, module };
    case "block": return { kind: "block", declaration, module };
    case "space": return { kind: "space", declaration, module };
    case "architecture": return { kind: "architecture", declaration, module };
    case "accelerator": return { kind: "accelerator", declaration, module };
    case "search": return { kind: "search", declaration, module };
    case "import": return undefined;
  }
}

/** `lenient`: syntax errors are left to the recovery of the parser. */
export function moduleOf(text: string, lenient = false): Module {
  const { program, diagnostics } = parse({ file: "test.nas", text });
  if (!lenient && diagnostics.length > 0) throw new Error(diagnostics.map((problem) => `${problem.code} ${problem.title}: ${problem.labels.map((label) => `${label.text} at ${text.slice(label.span.start, label.span.end)}`).join()}`).join("\n"));
  const definitions = new Map<string, Definition>();
  const module: Module = { file: "test.nas", program, lookup: (name) => definitions.get(name), names: () => [...definitions.keys()] };
  for (const declaration of program.declarations) {
    const definition = definitionOf(declaration, module);
    if (definition !== undefined && declaration.kind !== "import") definitions.set(declaration.name.name, definition);
  }
  return module;
}

export interface Elaborated { readonly space: Space | undefined; readonly diagnostics: readonly Diagnostic[]; readonly text: string }

/** Elaborates the first space of the text. */
export function elaborate(text: string, lenient = false): Elaborated {
  const module = moduleOf(text, lenient);
  for (const name of module.names()) {
    const definition = module.lookup(name);
    if (definition?.kind === "space") return { space: undefined, ...elaborateSpace(definition), text };
  }
  if (lenient) return { space: undefined, diagnostics: [], text };
  throw new Error("there is no space in this text");
}

/** The body of a space with a 28x28 grey image `x` and an output `x`. */
export function body(statements: string, declarations = ""): Elaborated {
  return elaborate(`${declarations}\nspace Test {\n  input x: f32[28, 28, 1]\n${statements}\n  output result = x\n}\n`);
}

/** The space, which must be there and without any finding. */
export function sound(elaborated: Elaborated): Space {
  if (elaborated.space === undefined || elaborated.diagnostics.length > 0) throw new Error(report(elaborated).join("\n"));
  return elaborated.space;
}

/** `NAS3104 title | label | why` of each finding. */
export function report({ diagnostics, text }: Elaborated): string[] {
  return diagnostics.map(({ code, title, labels, why }) => `${code} ${title} | ${labels.map((label) => `${text.slice(label.span.start, label.span.end)}: ${label.text}`).join(" | ")}${why === undefined ? "" : ` | ${why}`}`);
}

export const codes = ({ diagnostics }: Elaborated): string[] => diagnostics.map(({ code }) => code);

export const decisionsOf = (space: Space): Decision[] => space.variables.filter((variable) => variable.kind === "decision");
export const pathsOf = (space: Space): string[] => decisionsOf(space).map(({ path }) => path);
export const operatorsOf = (space: Space): string[] => space.nodes.flatMap((node) => (node.kind === "operator" ? [node.operator] : []));
export const countOf = (space: Space): bigint | undefined => spaceQueries(space).count();
