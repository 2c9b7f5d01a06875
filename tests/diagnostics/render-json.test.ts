/** The machine-readable form of diagnostics: its shape is a promise. */
import { describe, expect, it } from "vitest";
import { diagnostic } from "../../src/diagnostics/model.js";
import { lineStarts, lineText, positionAt } from "../../src/diagnostics/positions.js";
import { renderJson } from "../../src/diagnostics/render-json.js";

describe("diagnostics as JSON", () => {
  it("has the documented shape", () => {
    const text = "a\nbc = 1\n";
    const one = diagnostic("NAS1006", { title: "t", at: { file: "a.nas", start: 2, end: 4 }, label: "l", causes: [{ span: { file: "gone.nas", start: 1, end: 2 }, text: "c" }], help: "h" });
    const output = renderJson([one, diagnostic("NAS1001", { title: "w", severity: "warning", why: "y" })], new Map([["a.nas", text]]));
    expect(output.endsWith("}\n")).toBe(true);
    expect(JSON.parse(output)).toEqual({
      schema: "nasc/1", errors: 1, warnings: 1,
      diagnostics: [
        {
          code: "NAS1006", slug: "unknown-unit", severity: "error", title: "t", help: "h", docs: "nasc explain NAS1006",
          labels: [
            { file: "a.nas", start: { offset: 2, line: 2, column: 1 }, end: { offset: 4, line: 2, column: 3 }, text: "l", primary: true },
            { file: "gone.nas", start: { offset: 1, line: 0, column: 0 }, end: { offset: 2, line: 0, column: 0 }, text: "c", primary: false },
          ],
        },
        { code: "NAS1001", slug: "unexpected-text", severity: "warning", title: "w", why: "y", docs: "nasc explain NAS1001", labels: [] },
      ],
    });
  });
});

describe("positions", () => {
  it("know LF, CRLF and CR", () => {
    const text = "a\nb\r\nc\rd";
    const starts = lineStarts(text);
    expect(starts).toEqual([0, 2, 5, 7]);
    expect([1, 2, 3, 4].map((line) => lineText(text, starts, line))).toEqual(["a", "b", "c", "d"]);
    expect([0, 1, 2, 3, 4, 5, 7, 8].map((offset) => positionAt(starts, offset))).toEqual([
      { line: 1, column: 1 }, { line: 1, column: 2 }, { line: 2, column: 1 }, { line: 2, column: 2 }, { line: 2, column: 3 }, { line: 3, column: 1 }, { line: 4, column: 1 }, { line: 4, column: 2 },
    ]);
  });
});
