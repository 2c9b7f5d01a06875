/** How the run went: the supernet's training, the best found so far, and how well the ranker foresaw each generation. */
import { curveLinear, curveStepAfter, line } from "d3-shape";
import { areaOf, chart, legend } from "./chart.js";
import { axisOver } from "./axis.js";
import type { ReportInput } from "./input.js";
import { html, raw, type Markup } from "./markup.js";
import { aimsOf, formatted, isFeasible, shortHash, valueOf } from "./values.js";

type Pair = readonly [number, number];

const WIDTH = 510;
const HEIGHT = 270;

const round = (value: number): number => Math.round(value * 100) / 100;

const pathOf = (points: readonly Pair[], kind: "straight" | "step"): Markup => raw(line<Pair>().x(([x]) => round(x)).y(([, y]) => round(y)).curve(kind === "straight" ? curveLinear : curveStepAfter)([...points]) ?? "");

/** Loss and accuracy over steps, as two plots with one kind of axis each. */
export function trainingCurves(input: ReportInput): Markup {
  const curve = (input.curve ?? []).filter(({ loss, accuracy }) => Number.isFinite(loss) && Number.isFinite(accuracy));
  if (curve.length === 0) return html`<p class="absent">The training curve of the supernet was not recorded.</p>`;
  const area = areaOf(WIDTH, HEIGHT);
  const x = axisOver(curve.map(({ step }) => step), { name: "training step", from: area.left, to: area.right, include: [0], whole: true, mayBeLogarithmic: false });
  const plot = (id: string, metric: "loss" | "accuracy", name: string): Markup => {
    const y = axisOver(curve.map((point) => point[metric]), { name, metric, from: area.bottom, to: area.top, tickCount: 5, mayBeLogarithmic: false });
    const last = curve.at(-1)!;
    const text = (value: number): string => (metric === "accuracy" ? formatted("accuracy", value) : value.toFixed(3));
    const marks = html`<path class="line-a" d="${pathOf(curve.map((point) => [x.place(point.step), y.place(point[metric])]), "straight")}"/>${curve.map((point) => html`<circle class="hit" cx="${x.place(point.step)}" cy="${y.place(point[metric])}" r="5" data-tip="step ${String(point.step)}, epoch ${String(round(point.epoch))}: ${name} ${text(point[metric])}"/>`)}<circle class="end-a" cx="${x.place(last.step)}" cy="${y.place(last[metric])}" r="3.5"/>`;
    return html`<figure>${chart({ id, title: `Training ${name} of the supernet`, description: `From ${text(curve[0]![metric])} to ${text(last[metric])} in ${String(last.step)} steps.`, area, x, y, marks })}</figure>`;
  };
  return html`<div class="pair">${plot("training-loss", "loss", "loss")}${plot("training-accuracy", "accuracy", "accuracy")}</div><p class="caption">Means over stretches of steps; each step trains one sampled path, so this is the accuracy of paths on training batches, with augmentation.</p>`;
}

function bestSoFar(input: ReportInput): Markup {
  const { first } = aimsOf(input);
  const trials = input.trials.flatMap((trial) => { const value = valueOf(trial, first.metric); return trial.state === "complete" && value !== undefined ? [{ trial, value, feasible: isFeasible(trial, input) }] : []; });
  if (trials.length === 0) return html`<p class="absent">No trial was completed.</p>`;
  const area = areaOf(WIDTH, HEIGHT);
  const x = axisOver(trials.map(({ trial }) => trial.number), { name: "trial", from: area.left + 4, to: area.right - 4, include: [0], whole: true, mayBeLogarithmic: false });
  const y = axisOver(trials.map(({ value }) => value), { name: first.metric, metric: first.metric, from: area.bottom - 4, to: area.top + 4, tickCount: 5, mayBeLogarithmic: first.metric !== "accuracy" });
  const steps: Pair[] = [];
  let best: number | undefined;
  for (const { trial, value, feasible } of trials) {
    if (feasible && (best === undefined || (first.direction === "maximize" ? value > best : value < best))) best = value;
    if (best !== undefined) steps.push([x.place(trial.number), y.place(best)]);
  }
  const dots = trials.map(({ trial, value, feasible }) => html`<circle class="trial ${feasible ? "feasible" : "infeasible"}" cx="${x.place(trial.number)}" cy="${y.place(value)}" r="2.4" data-tip="trial ${String(trial.number)} (${shortHash(trial.hash)}), generation ${String(trial.generation)}: ${formatted(first.metric, value)}"/>`);
  const description = best === undefined ? "No trial is within the budgets." : `The best feasible ${first.metric} is ${formatted(first.metric, best)} after ${String(trials.length)} trials.`;
  const marks = html`${dots}<path class="line-a" d="${pathOf(steps, "step")}"/>`;
  return html`<figure>${chart({ id: "best", title: `Best ${first.metric} so far`, description, area, x, y, marks })}${legend([{ mark: "line", style: "line-a", text: "best within the budgets" }, { mark: "dot", style: "trial feasible", text: "each trial" }])}</figure>`;
}

function rankerAgreement(input: ReportInput): Markup {
  const points = input.document.ranker.filter(({ tau, low, high }) => [tau, low, high].every(Number.isFinite));
  if (points.length === 0) return html`<figure class="empty"><p class="absent">No ranker, or too few trials per generation to tell how well it foresaw them.</p></figure>`;
  const area = areaOf(WIDTH, HEIGHT);
  const x = axisOver(points.map(({ generation }) => generation), { name: "generation", from: area.left + 14, to: area.right - 14, whole: true, mayBeLogarithmic: false });
  const y = axisOver(points.flatMap(({ low, high }) => [low, high]), { name: "Kendall’s tau", from: area.bottom, to: area.top, include: [0, 1], tickCount: 5, mayBeLogarithmic: false });
  const bars = points.map(({ generation, tau, low, high, count }) => html`<g data-tip="generation ${String(generation)}: tau ${tau.toFixed(2)} (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}) over ${String(count)} trials"><line class="interval" x1="${x.place(generation)}" x2="${x.place(generation)}" y1="${y.place(low)}" y2="${y.place(high)}"/><circle class="end-b" cx="${x.place(generation)}" cy="${y.place(tau)}" r="4"/></g>`);
  const marks = html`<line class="zero" x1="${area.left}" x2="${area.right}" y1="${y.place(0)}" y2="${y.place(0)}"/><path class="line-b" d="${pathOf(points.map(({ generation, tau }) => [x.place(generation), y.place(tau)]), "straight")}"/>${bars}`;
  const last = points.at(-1)!;
  return html`<figure>${chart({ id: "ranker", title: "Agreement of the ranker with the results, by generation", description: `Kendall’s tau between predicted and judged order; in generation ${String(last.generation)} it is ${last.tau.toFixed(2)}.`, area, x, y, marks })}${legend([{ mark: "line", style: "line-b", text: "predicted against judged order" }, { mark: "line", style: "interval", text: "95 % bootstrap interval" }])}</figure>`;
}

/** Best so far beside the ranker's agreement. */
export function searchCurves(input: ReportInput): Markup {
  return html`<div class="pair">${bestSoFar(input)}${rankerAgreement(input)}</div>`;
}
