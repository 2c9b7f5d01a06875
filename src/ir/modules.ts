/**
 * From a source to a module: reads what it imports (transitively, each file once), gives every top-level name its definition and
 * applies `-D`. Pure: files come from the caller's `readImport`. Never throws; a name that could not be resolved is `broken`, and
 * whoever meets it stays silent.
 */
import { diagnostic, type Diagnostic, type Source, type Span } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import type { Declaration, ImportDeclaration, Program } from "../parser/ast.js";
import { parse } from "../parser/parse.js";
import { applyOverrides } from "./constant-overrides.js";
import { importedFile, normalizePath, standardFiles } from "./import-paths.js";
import type { Definition, Module } from "./module.js";
import { usedNames } from "./used-names.js";

export interface LoadOptions {
  readonly source: Source;
  /**
   * The text of an import: `path` as written, `importer` the file that it is written in; undefined where there is none.
   * `importedFile(path, importer)` of import-paths.ts says which file is meant.
   */
  readonly readImport: (path: string, importer: string) => string | undefined;
  /** `-D NAME=TEXT`. */
  readonly constants: ReadonlyMap<string, string>;
}

export interface LoadedProgram {
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
  /** Every text that a span may point into, by file. */
  readonly sources: ReadonlyMap<string, string>;
}

type NamedDeclaration = Exclude<Declaration, ImportDeclaration>;

/** A module while it is filled; `definitions` may be replaced by `-D` before anybody looks. */
export class LoadedModule implements Module {
  readonly definitions = new Map<string, Definition>();
  /** The file had syntax errors: names that seem missing may have been lost. */
  damaged = false;

  constructor(readonly file: string, readonly program: Program) {}

  lookup(name: string): Definition | undefined {
    return this.definitions.get(name);
  }

  names(): readonly string[] {
    return [...this.definitions.keys()];
  }

  /** Names that other files may import. */
  declared(): readonly string[] {
    return this.program.declarations.flatMap((declaration) => (declaration.kind === "import" ? [] : [declaration.name.name]));
  }
}

function definitionOf(declaration: NamedDeclaration, module: Module): Definition {
  switch (declaration.kind) {
    case "const": return { kind: "const", declaration, module };
    case "block": return { kind: "block", declaration, module };
    case "space": return { kind: "space", declaration, module };
    case "architecture": return { kind: "architecture", declaration, module };
    case "accelerator": return { kind: "accelerator", declaration, module };
    case "search": return { kind: "search", declaration, module };
  }
}

class Loader {
  readonly diagnostics: Diagnostic[] = [];
  readonly sources = new Map<string, string>();
  readonly finished = new Map<string, LoadedModule>();
  /** Files being loaded, outermost first, with the import that led to each next one. */
  private readonly open: { readonly file: string; through?: Span }[] = [];

  constructor(private readonly options: LoadOptions) {}

  load(source: Source): LoadedModule {
    this.sources.set(source.file, source.text);
    const { program, diagnostics } = parse(source);
    this.diagnostics.push(...diagnostics);
    const module = new LoadedModule(source.file, program);
    module.damaged = diagnostics.some(({ severity }) => severity === "error");
    this.open.push({ file: normalizePath(source.file) });
    const origins = new Map<string, { readonly span: Span; readonly text: string }>();
    this.declare(module, origins);
    for (const declaration of program.declarations) if (declaration.kind === "import") this.import(declaration, module, origins);
    this.open.pop();
    this.finished.set(normalizePath(source.file), module);
    return module;
  }

  private declare(module: LoadedModule, origins: Map<string, { readonly span: Span; readonly text: string }>): void {
    for (const declaration of module.program.declarations) {
      if (declaration.kind === "import") continue;
      const { name, span } = declaration.name;
      const before = origins.get(name);
      if (before !== undefined) {
        this.diagnostics.push(diagnostic("NAS2001", { title: `\`${name}\` is declared twice`, at: span, label: "declared again here", causes: [before], help: "rename one of the two" }));
        continue;
      }
      origins.set(name, { span, text: "first declared here" });
      module.definitions.set(name, definitionOf(declaration, module));
    }
  }

  private import(declaration: ImportDeclaration, module: LoadedModule, origins: Map<string, { readonly span: Span; readonly text: string }>): void {
    const target = this.target(declaration, module.file);
    const used = usedNames(module.program.declarations);
    for (const { imported, local } of declaration.names) {
      const before = origins.get(local.name);
      if (before !== undefined) {
        this.diagnostics.push(diagnostic("NAS2002", {
          title: `\`${local.name}\` is imported, but the name is taken`, at: local.span, label: "imported here", causes: [before],
          help: `give the import another name: \`${imported.name} as ${imported.name}2\``,
        }));
        continue;
      }
      origins.set(local.name, { span: local.span, text: "imported here" });
      module.definitions.set(local.name, target === undefined ? { kind: "broken" } : this.exported(imported.name, imported.span, declaration, target));
      if (!used.has(local.name) && !module.damaged) {
        this.diagnostics.push(diagnostic("NAS2007", { severity: "warning", title: `\`${local.name}\` is imported but never used`, at: local.span, label: "not used in this file", help: "remove it from the import" }));
      }
    }
  }

  private exported(name: string, at: Span, declaration: ImportDeclaration, target: LoadedModule): Definition {
    const found = target.declared().includes(name) ? target.lookup(name) : undefined;
    if (found !== undefined) return found;
    if (target.damaged) return { kind: "broken" };
    const near = suggest(name, target.declared());
    const passedOn = target.lookup(name) !== undefined;
    this.diagnostics.push(diagnostic("NAS2006", {
      title: `\`${declaration.from.value}\` declares no \`${name}\``, at, label: passedOn ? "imported there, not declared" : "not declared there",
      ...(near.length === 0 ? { why: `it declares ${target.declared().map((each) => `\`${each}\``).join(", ") || "nothing"}` } : {}),
      ...(passedOn ? { help: "import it from the file that declares it" } : near.length > 0 ? { help: `did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?` } : {}),
    }));
    return { kind: "broken" };
  }

  /** The module behind an import, loaded if this is its first use. */
  private target(declaration: ImportDeclaration, importer: string): LoadedModule | undefined {
    const { value: path, span } = declaration.from;
    const file = importedFile(path, importer);
    if (file === undefined) {
      this.diagnostics.push(diagnostic("NAS2005", { title: "the import path has an unknown form", at: span, label: "neither `std/...` nor `./...`", help: `write \`"std/${path.replace(/^.*[/\\]/, "") || "blocks"}"\` for the standard library or \`"./${path.replaceAll("\\", "/").replace(/^\/+/, "")}"\` for a file beside this one` }));
      return undefined;
    }
    const finished = this.finished.get(file);
    if (finished !== undefined) return finished;
    const start = this.open.findIndex((each) => each.file === file);
    if (start >= 0) return this.cycle(declaration, this.open.slice(start));
    const text = this.options.readImport(path, importer);
    if (text === undefined) {
      this.diagnostics.push(diagnostic("NAS2004", { title: `\`${path}\` cannot be read`, at: span, label: `no file \`${file}\``, ...(path.startsWith("std/") ? { help: `the standard library has ${standardFiles.map((name) => `\`std/${name}\``).join(", ")}` } : { help: "paths are relative to the importing file" }) }));
      return undefined;
    }
    this.open[this.open.length - 1]!.through = span;
    return this.load({ file, text });
  }

  private cycle(declaration: ImportDeclaration, chain: readonly { readonly file: string; readonly through?: Span }[]): undefined {
    const causes = chain.slice(0, -1).flatMap(({ through }, index) => (through === undefined ? [] : [{ span: through, text: `which imports \`${chain[index + 1]!.file}\` here` }]));
    const files = [...chain.map(({ file }) => file), chain[0]!.file];
    this.diagnostics.push(diagnostic("NAS2003", {
      title: "files import each other in a circle", at: declaration.from.span, label: `\`${chain[0]!.file}\` is still being read`, causes,
      why: files.map((file) => `\`${file}\``).join(" -> "), help: "move what they share into a file that both import",
    }));
    return undefined;
  }
}

/** Loads a program with everything that it imports. */
export function loadProgram(options: LoadOptions): LoadedProgram {
  const loader = new Loader(options);
  const module = loader.load(options.source);
  const overridden = applyOverrides(module, [...loader.finished.values()], options.constants);
  loader.diagnostics.push(...overridden.diagnostics);
  for (const { file, text } of overridden.sources) loader.sources.set(file, text);
  return { module, diagnostics: loader.diagnostics, sources: loader.sources };
}
