/** The report: one self-contained HTML file that explains a search. */
import type { ReportInput } from "./input.js";

/** Draws the report; the same input gives the same bytes. */
export function renderReport(input: ReportInput): string {
  return `<!doctype html><title>${input.document.search}</title>`;
}
