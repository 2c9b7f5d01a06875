/** The plot of all trials: the first objective over the first cost, the front drawn through the trials that nothing beats. */
import { curveStepAfter, curveStepBefore, line } from "d3-shape";
import type { StudyTrial } from "../search/study.js";
import { areaOf, chart, legend, type LegendEntry } from "./chart.js";
import { axisOver, type Axis } from "./axis.js";
import type { ReportInput } from "./input.js";
import { html, raw, type Markup } from "./markup.js";
import { aimsOf, formatted, isFeasible, shortHash, valueOf, type Aim } from "./values.js";

interface Point { readonly trial: StudyTrial; readonly x: number; readonly y: number; readonly kind: "front" | "feasible" | "infeasible" }

function pointsOf(input: ReportInput, first: Aim, against: Aim): readonly Point[] {
  const members = new Set(input.document.members.map(({ trial }) => trial));
  return input.trials.flatMap((trial): Point[] => {
    const x = valueOf(trial, against.metric);
    const y = valueOf(trial, first.metric);
    if (trial.state !== "complete" || x === undefined || y === undefined) return [];
    return [{ trial, x, y, kind: members.has(trial.number) ? "front" : isFeasible(trial, input) ? "feasible" : "infeasible" }];
  });
}

function tip({ trial, x, y }: Point, first: Aim, against: Aim): string {
  const labels = Object.entries(trial.labels).slice(0, 12).map(([path, label]) => `${path} = ${label}`).join(", ");
  return `trial ${trial.number} (${shortHash(trial.hash)}): ${first.metric} ${formatted(first.metric, y)}, ${against.metric} ${formatted(against.metric, x)}. ${labels}`;
}

/** A staircase through the front in the plane of the plot: members that only a third objective keeps lie beside it. */
function staircase(points: readonly Point[], x: Axis, y: Axis, first: Aim, against: Aim): string {
  const better = (a: number, b: number, aim: Aim): boolean => (aim.direction === "maximize" ? a > b : a < b);
  const sorted = points.filter(({ kind }) => kind === "front").sort((a, b) => (better(a.x, b.x, against) ? -1 : better(b.x, a.x, against) ? 1 : better(a.y, b.y, first) ? -1 : 1));
  const steps: Point[] = [];
  for (const point of sorted) if (steps.length === 0 || better(point.y, steps.at(-1)!.y, first)) steps.push(point);
  const path = line<Point>().x((point) => round(x.place(point.x))).y((point) => round(y.place(point.y))).curve(against.direction === "minimize" ? curveStepAfter : curveStepBefore);
  return path(steps) ?? "";
}

const round = (value: number): number => Math.round(value * 100) / 100;

function budgetLine(input: ReportInput, against: Aim, x: Axis, top: number, bottom: number, left: number, right: number): Markup {
  return html`${input.document.budgets.filter(({ metric, bound }) => metric === against.metric && x.place(bound) >= left && x.place(bound) <= right).map(({ bound, text }) => html`<line class="budget" x1="${x.place(bound)}" x2="${x.place(bound)}" y1="${top}" y2="${bottom}"/><text class="note" x="${x.place(bound) - 6}" y="${top + 12}" text-anchor="end">budget ${text}</text>`)}`;
}

export function paretoPlot(input: ReportInput): Markup {
  const { first, against } = aimsOf(input);
  const points = pointsOf(input, first, against);
  if (points.length === 0) return html`<p class="absent">No trial has both ${first.metric} and ${against.metric}.</p>`;
  const area = areaOf(1040, 420);
  const x = axisOver(points.map((point) => point.x), { name: against.metric, metric: against.metric, from: area.left + 8, to: area.right - 8, tickCount: 9 });
  const y = axisOver(points.map((point) => point.y), { name: first.metric, metric: first.metric, from: area.bottom - 6, to: area.top + 6, mayBeLogarithmic: first.metric !== "accuracy" });
  const drawn = (kind: Point["kind"], radius: number): readonly Markup[] => points.filter((point) => point.kind === kind).map((point) => html`<circle class="trial ${kind}" cx="${x.place(point.x)}" cy="${y.place(point.y)}" r="${radius}" data-tip="${tip(point, first, against)}"/>`);
  const best = points.find(({ trial }) => trial.hash === input.document.best);
  const marks = html`${budgetLine(input, against, x, area.top, area.bottom, area.left, area.right)}${drawn("infeasible", 3)}${drawn("feasible", 3.2)}<path class="front-line" d="${raw(staircase(points, x, y, first, against))}"/>${drawn("front", 5)}${best === undefined ? undefined : html`<circle class="chosen" cx="${x.place(best.x)}" cy="${y.place(best.y)}" r="9.5"/>`}`;
  const count = (kind: Point["kind"]): number => points.filter((point) => point.kind === kind).length;
  const entries: LegendEntry[] = [{ mark: "dot", style: "trial front", text: `Pareto front (${count("front")})` }, { mark: "dot", style: "trial feasible", text: `other trials (${count("feasible")})` }];
  if (count("infeasible") > 0) entries.push({ mark: "ring", style: "trial infeasible", text: `over budget (${count("infeasible")})` });
  if (best !== undefined) entries.push({ mark: "ring", style: "chosen", text: `best by ${first.metric}` });
  const description = `${points.length} trials; ${count("front")} on the Pareto front. ${best === undefined ? "" : `The best by ${first.metric} has ${formatted(first.metric, best.y)} at ${against.metric} ${formatted(against.metric, best.x)}.`} The table of Pareto members below holds the same values.`;
  return html`<figure>${chart({ id: "pareto", title: `${first.metric} over ${against.metric} of all trials`, description, area, x, y, marks })}${legend(entries)}</figure>`;
}
