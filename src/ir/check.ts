/**
 * The whole check of a program: loads it with its imports, elaborates every space, reads every accelerator, search and architecture.
 * A declaration with errors does not hide the errors of others. Pure and total: no files, no throwing.
 */
import type { Diagnostic, Span } from "../diagnostics/model.js";
import type { Expression } from "../parser/ast.js";
import { evaluateConstant } from "./elaborate/constants.js";
import { elaborateSpace } from "./elaborate/elaborate-space.js";
import type { Definition, Module } from "./module.js";
import { loadProgram, type LoadOptions } from "./modules.js";
import type { Accelerator, CheckedProgram, NamedArchitecture, SearchPlan } from "./plan.js";
import type { PlanContext, Quantity } from "./plans/context.js";
import { readAccelerator } from "./plans/read-accelerator.js";
import { readArchitecture } from "./plans/read-architecture.js";
import { readSearch, resolveReference } from "./plans/read-search.js";
import type { Space } from "./space.js";

export type CheckOptions = LoadOptions;

export interface CheckOutcome {
  /** Present where there is no error. */
  readonly program?: CheckedProgram;
  /** Errors and warnings of every stage: by file (the program itself first), then by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every text that a span may point into, by file. */
  readonly sources: ReadonlyMap<string, string>;
}

type DefinitionOf<K extends Definition["kind"]> = Extract<Definition, { kind: K }>;

/** Evaluates every definition once, however many others refer to it. */
class Checker {
  readonly diagnostics: Diagnostic[] = [];
  private readonly spaces = new Map<Definition, Space | undefined>();
  private readonly accelerators = new Map<Definition, Accelerator>();

  /** `damaged`: files with errors that were found while they were read. */
  constructor(private readonly damaged: ReadonlySet<string>) {}

  private context(module: Module): PlanContext {
    return { module, report: (problem) => this.diagnostics.push(problem), evaluate: (expression) => this.evaluate(expression, module) };
  }

  private evaluate(expression: Expression, module: Module): Quantity | undefined {
    const result = evaluateConstant(expression, module);
    this.diagnostics.push(...(result.ok ? result.warnings : result.diagnostics));
    return result.ok ? { value: result.value.value, dimension: result.value.dimension ?? "count" } : undefined;
  }

  space(definition: DefinitionOf<"space">): Space | undefined {
    if (this.spaces.has(definition)) return this.spaces.get(definition);
    const { space, diagnostics } = elaborateSpace(definition);
    // Where text was skipped or an import failed, an output that is not there is no finding of its own.
    const shaky = this.damaged.has(definition.module.file) || definition.module.names().some((name) => definition.module.lookup(name)?.kind === "broken");
    this.diagnostics.push(...diagnostics.filter(({ code }) => !shaky || code !== "NAS4011"));
    // A space that lost an output to a failed import has no error of its own, but is not the space that was meant.
    const whole = space?.outputs.length === definition.declaration.body.filter(({ kind }) => kind === "output").length;
    const sound = diagnostics.some(({ severity }) => severity === "error") || !whole ? undefined : space;
    this.spaces.set(definition, sound);
    return sound;
  }

  accelerator(definition: DefinitionOf<"accelerator">): Accelerator {
    const known = this.accelerators.get(definition);
    if (known !== undefined) return known;
    const accelerator = readAccelerator(definition.declaration, this.context(definition.module));
    this.accelerators.set(definition, accelerator);
    return accelerator;
  }

  search({ declaration, module }: DefinitionOf<"search">): SearchPlan | undefined {
    return readSearch(declaration, this.context(module), { space: (space) => this.space(space), accelerator: (accelerator) => this.accelerator(accelerator) });
  }

  architecture({ declaration, module }: DefinitionOf<"architecture">): NamedArchitecture | undefined {
    const context = this.context(module);
    const definition = resolveReference("space", declaration.space, context);
    const space = definition === undefined ? undefined : this.space(definition);
    return space === undefined ? undefined : readArchitecture(declaration, space, context);
  }

  constant({ declaration, module, override }: DefinitionOf<"const">): void {
    if (override === undefined) this.evaluate(declaration.value, module);
  }
}

function placeOf({ labels }: Diagnostic): Span | undefined {
  return (labels.find(({ primary }) => primary) ?? labels[0])?.span;
}

/** By file in the order in which files were read, then by place; what has no place comes last. The same finding is told once. */
export function inSourceOrder(diagnostics: readonly Diagnostic[], files: readonly string[]): readonly Diagnostic[] {
  const told = new Set<string>();
  const keyed = diagnostics.flatMap((problem) => {
    const span = placeOf(problem);
    const key = JSON.stringify([problem.code, span ?? null, problem.title]);
    if (told.has(key)) return [];
    told.add(key);
    const file = span === undefined ? -1 : files.indexOf(span.file);
    return [{ problem, file: file < 0 ? files.length : file, start: span?.start ?? Infinity }];
  });
  return keyed.sort((a, b) => a.file - b.file || (a.start === b.start ? 0 : a.start - b.start)).map(({ problem }) => problem);
}

/** Checks a program. `-D` values, imports and every declaration; see `LoadOptions` for how files are read. */
export function checkProgram(options: CheckOptions): CheckOutcome {
  const { module, diagnostics: loading, sources } = loadProgram(options);
  const damaged = loading.flatMap((problem) => (problem.severity === "error" ? placeOf(problem)?.file ?? [] : []));
  const checker = new Checker(new Set(damaged));
  const spaces = new Map<string, Space>();
  const accelerators = new Map<string, Accelerator>();
  const searches = new Map<string, SearchPlan>();
  const architectures = new Map<string, NamedArchitecture>();
  const keep = <T>(map: Map<string, T>, name: string, value: T | undefined): void => void (value !== undefined && map.set(name, value));
  for (const name of module.names()) {
    const definition = module.lookup(name);
    switch (definition?.kind) {
      case "const": checker.constant(definition); break;
      case "space": keep(spaces, name, checker.space(definition)); break;
      case "accelerator": keep(accelerators, name, checker.accelerator(definition)); break;
      case "search": keep(searches, name, checker.search(definition)); break;
      case "architecture": keep(architectures, name, checker.architecture(definition)); break;
      case "block": case "broken": case undefined: break;
      default: { const never: never = definition; void never; }
    }
  }
  const diagnostics = inSourceOrder([...loading, ...checker.diagnostics], [...sources.keys()]);
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return { ...(failed ? {} : { program: { file: options.source.file, spaces, accelerators, searches, architectures } }), diagnostics, sources };
}
