/** The report as a page: complete, well-formed, escaped, free of what is not a number, and the same every time. */
import { describe, expect, it } from "vitest";
import type { ReportInput } from "../../src/report/input.js";
import { renderReport, sizeText } from "../../src/report/render.js";
import { documentOf, trialsOf, wholeInput } from "./fixtures.js";

const VOID = new Set(["meta", "!doctype", "circle", "line", "rect", "path"]);

/** The tags that are opened and not closed, or closed and not opened. */
function unbalanced(page: string): readonly string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const body = page.replace(/<style>[\s\S]*?<\/style>|<script>[\s\S]*?<\/script>/g, "");
  for (const [, close, name, rest] of body.matchAll(/<(\/?)([!a-zA-Z0-9]+)((?:"[^"]*"|[^">])*)>/g)) {
    if (close === "/") { if (open.pop() !== name) wrong.push(`</${name}>`); }
    else if (!VOID.has(name!.toLowerCase()) && !rest!.endsWith("/")) open.push(name!);
  }
  return [...wrong, ...open];
}

/** What a reader can see: text and the values of attributes. */
const visible = (page: string): string => page.replace(/<style>[\s\S]*?<\/style>|<script>[\s\S]*?<\/script>/g, "");

const charts = (page: string): number => [...page.matchAll(/<svg class="chart/g)].length;

describe("the report", () => {
  const whole = wholeInput();
  const page = renderReport(whole);

  it("draws every figure and table of a whole search", () => {
    expect(charts(page)).toBe(6);
    for (const id of ["pareto", "best", "ranker", "training-loss", "training-accuracy", "layers"]) expect(page).toContain(`id="${id}-title"`);
    expect([...page.matchAll(/<desc /g)].length).toBe(6);
    expect([...page.matchAll(/class="trial front"/g)].length).toBe(whole.document.members.length + 1);
    expect([...page.matchAll(/<th scope="row"><code>[0-9a-f]{12}<\/code>/g)].length).toBe(whole.document.members.length);
    for (const text of ["nasc derive runs/Main", "How costs are counted", "tfjs-wasm 4.22.0", "shift 5×5", "axial attention, 4 heads", "1.2 × 10¹⁰"]) expect(page).toContain(text);
  });

  it("is one well-formed file that asks nobody for anything", () => {
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/(?:src|href)=|url\(|@import|https?:/);
  });

  it("is the same every time", () => {
    expect(renderReport(wholeInput())).toBe(page);
  });

  it("shows no value that is not one", () => {
    const holes: ReportInput = { ...whole, curve: [{ step: 1, epoch: 0, loss: NaN, accuracy: NaN, rate: 0.1 }, { step: 2, epoch: 0, loss: 1, accuracy: 0.5, rate: 0.1 }], trials: whole.trials.map((trial) => (trial.number % 3 === 0 ? { ...trial, accuracy: undefined, costs: {} } : trial.number % 3 === 1 ? { ...trial, accuracy: NaN, costs: { energy: Infinity } } : trial)) };
    for (const text of [visible(page), visible(renderReport(holes))]) expect(text).not.toMatch(/NaN|undefined|Infinity|null|\[object/);
  });

  it("escapes whatever a program can name", () => {
    const evil = `"><script>alert(1)</script>`;
    const trials = whole.trials.map((trial) => ({ ...trial, labels: { [evil]: evil } }));
    const hostile = renderReport({
      ...whole, trials, document: { ...documentOf(trials), search: evil, space: evil, accelerator: evil }, missing: [evil], convention: evil,
      facts: [{ name: evil, value: evil }], commands: [{ command: `nasc derive ${evil}`, purpose: evil }],
      chosen: { ...whole.chosen!, net: { ...whole.chosen!.net, name: evil, nodes: whole.chosen!.net.nodes.map((node) => ({ ...node, path: evil })) } },
    });
    expect([...hostile.matchAll(/<script>/g)].length).toBe(1);
    expect(unbalanced(hostile)).toEqual([]);
  });

  it("says what it cannot show", () => {
    const document = documentOf(trialsOf(40, 20));
    const bare = renderReport({ document: { ...document, ranker: [] }, trials: trialsOf(40, 20), missing: ["the training curve of the supernet"] });
    expect(charts(bare)).toBe(2);
    for (const text of ["What is missing", "was not recorded", "No ranker", "It is not drawn here"]) expect(bare).toContain(text);
    const empty = renderReport({ document: { ...document, members: [], best: null, ranker: [] }, trials: [] });
    expect(charts(empty)).toBe(0);
    expect(empty).toContain("No trial");
    for (const text of [bare, empty]) { expect(unbalanced(text)).toEqual([]); expect(visible(text)).not.toMatch(/NaN|undefined|Infinity|null|\[object/); }
  });

  it("tells trials within the budgets from those over them", () => {
    const over = whole.trials.filter((trial) => trial.state === "complete" && trial.costs.energy! > 2.2e-6).length;
    expect(over).toBeGreaterThan(10);
    expect(page).toContain(`over budget (${over})`);
    expect(page).toContain("budget energy &lt;= 2.2uJ");
  });
});

describe("sizes of spaces", () => {
  it("are written in digits while these say something", () => {
    expect([1n, 1234n, 123456789n, 1234567890n, 98765432109876543210n].map(sizeText)).toEqual(["1", "1 234", "123 456 789", "1.2 × 10⁹", "9.8 × 10¹⁹"]);
  });
});
