/**
 * The report: one HTML file that explains a search to whoever opens it, without network, in light, dark and print. The same input
 * gives the same bytes.
 */
import { searchCurves, trainingCurves } from "./curves.js";
import type { Fact, ReportInput } from "./input.js";
import { layerFigure } from "./layer-figure.js";
import { html, nothing, raw, type Markup } from "./markup.js";
import { paretoPlot } from "./pareto-plot.js";
import { timelineFigure } from "./timeline-figure.js";
import { script, style } from "./style.js";
import { derivedTable, factTable, layerTable, paretoTable } from "./tables.js";
import { aimsOf, formatted, shortHash } from "./values.js";

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `12 345`, or `1.2 × 10¹⁵` where digits say nothing any more. */
export function sizeText(size: bigint): string {
  const digits = size.toString();
  if (digits.length <= 9) return digits.replace(/\B(?=(\d{3})+$)/g, " ");
  return `${digits[0]}.${digits[1]} × 10${[...String(digits.length - 1)].map((digit) => RAISED[Number(digit)]).join("")}`;
}

function cards(input: ReportInput): Markup {
  const { document, trials, spaceSize } = input;
  const { first, against } = aimsOf(input);
  const best = document.members.find(({ hash }) => hash === document.best);
  const value = (metric: string): string => formatted(metric, metric === "accuracy" ? best?.accuracy : best?.costs[metric]);
  const entries: (readonly [string, string])[] = best === undefined ? [] : [[value(first.metric), first.metric === "accuracy" ? "best accuracy, inherited weights" : `${first.metric} of the best network`], [value(against.metric), `its ${against.metric}`]];
  const derived = input.derived?.find(({ hash }) => hash === document.best);
  if (derived !== undefined) entries.push([formatted("accuracy", derived.test.accuracy), "its test accuracy, derived"]);
  entries.push([String(document.members.length), "on the Pareto front"], [String(trials.length), "architectures judged"]);
  if (spaceSize !== undefined) entries.push([sizeText(spaceSize), "architectures in the space"]);
  return html`<ul class="cards">${entries.map(([figure, text]) => html`<li><b>${figure}</b><span>${text}</span></li>`)}</ul>`;
}

function factsOf(input: ReportInput): readonly Fact[] {
  const { document } = input;
  return [
    { name: "objectives", value: document.objectives.map(({ metric, direction }) => `${direction} ${metric}`).join(", ") },
    ...(document.budgets.length === 0 ? [] : [{ name: "budgets", value: document.budgets.map(({ text }) => text).join(", ") }]),
    ...(input.spaceSize === undefined ? [] : [{ name: "architectures in the space", value: input.spaceSize.toString() }]),
    ...(input.facts ?? []),
    { name: "trials", value: `${document.counts.trials}, of which ${document.counts.feasible} within the budgets and ${document.counts.failed} failed` },
    { name: "seed", value: String(document.identity.seed) },
    { name: "engine", value: document.versions.engine },
    { name: "versions", value: `nasc ${document.versions.nasc}, node ${document.versions.node}` },
    { name: "identity", value: `space ${document.identity.space}, plan ${document.identity.plan}, data ${document.identity.data}` },
  ];
}

function bestSection(input: ReportInput): Markup {
  const { chosen, document } = input;
  if (chosen === undefined) return html`<h2>The best network</h2><p class="absent">It is not drawn here: only the program that was run knows its layers.</p>`;
  return html`<h2>The best network, <code>${shortHash(chosen.hash)}</code></h2><p class="lead">${chosen.net.name}: one row per layer. Normalisations and activations stand with the layer they follow.${document.best === chosen.hash ? "" : " It is not the best by the first objective, but the one asked for."}</p>${layerFigure(chosen)}${chosen.pipeline === undefined ? nothing : html`<p class="lead">What runs when, with every chunk at work on another input:</p>${timelineFigure(chosen.pipeline, chosen.cost.rows)}`}${layerTable(input)}`;
}

function nextSection({ commands, missing }: ReportInput): Markup {
  const next = commands === undefined || commands.length === 0 ? nothing : html`<h2>What to do next</h2>${commands.map(({ command, purpose }) => html`<p>To ${purpose}:</p><pre><code>${command}</code></pre>`)}`;
  const absent = missing === undefined || missing.length === 0 ? nothing : html`<h2>What is missing</h2><ul>${missing.map((text) => html`<li>${text}</li>`)}</ul>`;
  return html`${next}${absent}`;
}

/** Draws the report. */
export function renderReport(input: ReportInput): string {
  const { document } = input;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${document.search}: search report</title><style>${raw(style)}</style></head>
<body><main>
<header><h1>Search ${document.search}</h1><p class="lead">over the space <b>${document.space}</b> on the accelerator <b>${document.accelerator}</b>, seed ${String(document.identity.seed)}</p>${cards(input)}</header>
<section><h2>The Pareto front</h2>${paretoPlot(input)}</section>
<section><h2>Members of the front</h2>${paretoTable(input)}</section>
${(input.derived ?? []).length === 0 ? nothing : html`<section><h2>Derived networks</h2>${derivedTable(input)}</section>`}
<section>${bestSection(input)}</section>
<section><h2>How the search went</h2>${searchCurves(input)}</section>
<section><h2>Training of the supernet</h2>${trainingCurves(input)}</section>
<section>${nextSection(input)}</section>
<section><h2>What was run</h2><div class="scroll">${factTable(factsOf(input))}</div></section>
${input.convention === undefined ? nothing : html`<section><h2>How costs are counted</h2><p class="lead">${input.convention}</p></section>`}
</main><div id="tip" role="status" aria-hidden="true"></div><script>${raw(`${script}</script>`)}</body></html>
`;
  return page.markup;
}
