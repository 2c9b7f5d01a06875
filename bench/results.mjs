// Keeps bench/RESULTS.md: one section per benchmark, replaced as a whole when it is run again.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const path = fileURLToPath(new URL("RESULTS.md", import.meta.url));

/** Where and when a section was measured. */
export function circumstances() {
  const [first] = cpus();
  return `Measured ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} x ${first?.model.trim() ?? "unknown processor"}.`;
}

export function writeSection(name, lines) {
  const before = existsSync(path) ? readFileSync(path, "utf8") : "# Results\n\nWritten by `npm run bench -- NAME`; figures are of the machine named in each section.\n";
  const sections = new Map(before.split(/^## /m).slice(1).map((text) => [text.slice(0, text.indexOf("\n")), text.slice(text.indexOf("\n") + 1).trim()]));
  sections.set(name, lines.join("\n").trim());
  const head = before.split(/^## /m)[0].trim();
  writeFileSync(path, `${[head, ...[...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `## ${title}\n\n${text}`)].join("\n\n")}\n`);
}
