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

/** Spans that reach out of the span of the node around them; for texts without errors. */
export function strayingSpans(root: object): readonly string[] {
  const straying: string[] = [];
  const visit = (node: object, around: Span): void => {
    const own = "span" in node && typeof node.span === "object" && node.span !== null && isSpan(node.span) ? node.span : around;
    if (own.start < around.start || own.end > around.end) straying.push(`${JSON.stringify(own)} in ${JSON.stringify(around)}`);
    for (const [key, value] of Object.entries(node)) if (key !== "span" && key !== "pathSpan" && typeof value === "object" && value !== null) visit(value as object, own);
  };
  visit(root, { file: "", start: 0, end: Number.POSITIVE_INFINITY });
  return straying;
}
