/** What must hold for every text: spans inside the file, children inside their parents' file, titles short, nothing undefined. */
import type { Diagnostic, Span } from "../../src/diagnostics/model.js";
import { parse } from "../../src/parser/parse.js";

function isSpan(value: object): value is Span {
  return "file" in value && "start" in value && "end" in value;
}

/** Complaints about spans anywhere in a tree of plain data; iterative, because the trees of long files are deep. */
function spanComplaints(root: object, file: string, length: number): string[] {
  const complaints: string[] = [];
  const pending: object[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (isSpan(node)) {
      const sound = node.file === file && Number.isInteger(node.start) && Number.isInteger(node.end) && node.start >= 0 && node.start <= node.end && node.end <= length;
      if (!sound) complaints.push(`span ${JSON.stringify(node)} in a file of ${length}`);
      continue;
    }
    for (const value of Object.values(node)) if (typeof value === "object" && value !== null) pending.push(value as object);
  }
  return complaints;
}

/** Parses and returns what is wrong with the answer; empty when all invariants hold. */
export function brokenInvariants(text: string): readonly string[] {
  const file = "damaged.nas";
  const { program, diagnostics } = parse({ file, text });
  const titles = diagnostics.filter(({ title }: Diagnostic) => title.length > 70 || title === "").map(({ title }) => `title: ${title}`);
  const unlabelled = diagnostics.filter(({ labels }) => labels.length === 0 || labels[0]?.primary !== true).map(({ title }) => `no primary label: ${title}`);
  return [...spanComplaints(program, file, text.length), ...spanComplaints(diagnostics, file, text.length), ...titles, ...unlabelled];
}

/** The tree without its spans, for golden comparisons. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== "span" && key !== "pathSpan").map(([key, inner]) => [key, withoutSpans(inner)]));
}
