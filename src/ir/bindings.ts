/**
 * `path = label` as people write it (`--fix mix[2]=shift`, an `architecture` declaration, an archived result) resolved to options of a
 * space's decisions. `mix[*]` binds every round; a binding with a whole path overrides a general one.
 */
import { diagnostic, failure, success, type Diagnostic, type Result, type Span } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import { decisionsIn } from "./assignment.js";
import type { Decision, Space } from "./space.js";

export interface Binding { readonly path: string; readonly label: string; readonly pathSpan?: Span; readonly labelSpan?: Span }

export interface FixedOption {
  readonly decision: Decision;
  readonly option: number;
  readonly binding: Binding;
  /** From `[*]`: holds wherever the decision is active, and does not ask that it is. */
  readonly general: boolean;
}

/** Does `mix[*].kernel` (or a path without stars) mean this decision? Repeated names (`mix#2[1]`) and nested rounds count as rounds. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  const parts = pattern.split("[*]").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const whole = new RegExp(`^${parts.join("(?:#\\d+)?(?:\\[[^\\]]+\\])+")}$`);
  return (path) => whole.test(path);
}

const isGeneral = (path: string): boolean => path.includes("[*]");
const plain = (label: string): string => label.replace(/\s+/g, "");

function unknownPath(space: Space, { path, pathSpan }: Binding): Diagnostic {
  const paths = decisionsIn(space).map((decision) => decision.path);
  const near = suggest(path, paths);
  return diagnostic("NAS2060", {
    title: "there is no such decision", ...(pathSpan ? { at: pathSpan, label: "not a decision of the space" } : {}),
    why: `\`${space.name}\` has no decision \`${path}\`${near.length > 0 ? "" : `; it has ${listed(paths)}`}`,
    ...(near.length > 0 ? { help: `did you mean ${near.map((name) => `\`${name}\``).join(" or ")}?` } : {}),
  });
}

function listed(names: readonly string[], limit = 8): string {
  if (names.length === 0) return "none at all";
  const shown = names.slice(0, limit).map((name) => `\`${name}\``).join(", ");
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}

function unknownOption(decision: Decision, { path, label, labelSpan }: Binding): Diagnostic {
  const near = suggest(label, decision.labels, 1);
  return diagnostic("NAS2061", {
    title: "the decision has no such option", ...(labelSpan ? { at: labelSpan, label: "not an option" } : {}),
    why: `\`${path}\` cannot be \`${label}\`; the options of \`${decision.path}\` are ${listed(decision.labels, 24)}`,
    ...(near.length > 0 ? { help: `did you mean \`${near[0]!}\`?` } : {}),
  });
}

const adapted = ({ path, pathSpan }: Binding): Diagnostic => diagnostic("NAS2063", {
  title: "the decision is adapted per input", ...(pathSpan ? { at: pathSpan, label: "bound at inference time" } : {}),
  why: `\`${path}\` is an \`adapt\`: a network keeps all its options, so an architecture does not bind it`, help: "leave the binding out",
});

/** All problems at once. */
export function fixOptions(space: Space, bindings: readonly Binding[]): Result<readonly FixedOption[]> {
  const problems: Diagnostic[] = [];
  const fixed = new Map<Decision, FixedOption>();
  const add = (found: FixedOption): void => {
    const before = fixed.get(found.decision);
    if (before !== undefined && before.general === found.general && before.option !== found.option) {
      const { path, pathSpan } = found.binding;
      problems.push(diagnostic("NAS2065", {
        title: "a decision is bound twice", ...(pathSpan ? { at: pathSpan, label: "again here" } : {}),
        ...(before.binding.pathSpan ? { causes: [{ span: before.binding.pathSpan, text: "bound here" }] } : {}),
        why: `\`${before.binding.path} = ${before.binding.label}\` and \`${path} = ${found.binding.label}\` both bind \`${found.decision.path}\``, help: "keep one of them",
      }));
    } else if (before === undefined || !found.general) fixed.set(found.decision, found);
  };
  const resolve = (binding: Binding): void => {
    const matches = pathMatcher(binding.path);
    const decisions = decisionsIn(space).filter((decision) => matches(decision.path));
    const free = decisions.filter((decision) => decision.binding === "choose");
    const found = free.flatMap((decision): FixedOption[] => {
      const option = decision.labels.findIndex((label) => plain(label) === plain(binding.label));
      return option < 0 ? [] : [{ decision, option, binding, general: isGeneral(binding.path) }];
    });
    if (decisions.length === 0) problems.push(unknownPath(space, binding));
    else if (free.length === 0) problems.push(adapted(binding));
    // A general binding also meets rounds of other choices by that name: it binds those that know the option.
    else if (found.length === 0) problems.push(unknownOption(free[0]!, binding));
    else found.forEach(add);
  };
  bindings.forEach(resolve);
  return problems.length > 0 ? failure(...problems) : success([...fixed.values()].sort((a, b) => a.decision.id - b.decision.id));
}

/** `width=16`, `mix[*] = add`: text to bindings. */
export function parseBindings(texts: readonly string[]): Result<readonly Binding[]> {
  const bindings: Binding[] = [];
  const problems: Diagnostic[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const path = text.slice(0, at).trim();
    const label = text.slice(at + 1).trim();
    if (at < 0 || path === "" || label === "") problems.push(diagnostic("NAS4061", { title: "a binding is not of the form `path=option`", why: `\`${text}\` is not`, help: "write, for example, `width=16` or `mix[2]=shift`" }));
    else bindings.push({ path, label });
  }
  return problems.length > 0 ? failure(...problems) : success(bindings);
}
