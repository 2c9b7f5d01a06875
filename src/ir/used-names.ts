/** Every name that a file refers to, wherever it stands: the ground for telling unused imports. */
import type { Declaration } from "../parser/ast.js";

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Walks plain syntax data; a name expression counts, and so do the identifiers that refer to declarations (`on Edge`, `of Space`). */
function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) collect(element, names);
  } else if (isRecord(value)) {
    if (value["kind"] === "name" && typeof value["name"] === "string") names.add(value["name"]);
    for (const key of ["target", "space"]) {
      const identifier = value[key];
      if (isRecord(identifier) && !("kind" in identifier) && typeof identifier["name"] === "string") names.add(identifier["name"]);
    }
    for (const [key, part] of Object.entries(value)) if (key !== "span" && key !== "pathSpan") collect(part, names);
  }
}

export function usedNames(declarations: readonly Declaration[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const declaration of declarations) if (declaration.kind !== "import") collect(declaration, names);
  return names;
}
