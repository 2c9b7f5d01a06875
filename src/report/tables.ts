/** Tables: the Pareto members, the layers of the chosen network, the facts of the run. They hold what the figures show, in figures. */
import { shownKinds } from "../hw/operator-cost.js";
import { familyOf, type Family } from "./blocks.js";
import type { Fact, ReportInput } from "./input.js";
import { html, nothing, type Markup } from "./markup.js";
import { aimsOf, formatted, shortHash } from "./values.js";

/** Metrics that every report shows, besides the objectives. */
const ALWAYS = ["accuracy", "energy", "latency", "params", "macs"];

function mixBar(mix: Readonly<Record<string, number>> | undefined): Markup {
  if (mix === undefined) return html`–`;
  const families = new Map<Family, number>();
  for (const [operator, count] of Object.entries(mix)) families.set(familyOf(operator), (families.get(familyOf(operator)) ?? 0) + count);
  const counted = (["multiply", "shift", "add", "attention"] as const).map((family) => [family, families.get(family) ?? 0] as const).filter(([, count]) => count > 0);
  const all = counted.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return html`–`;
  let x = 0;
  const pieces = counted.map(([family, count]) => {
    const width = (count / all) * 80;
    const piece = html`<rect class="family ${family}" x="${x}" y="1" width="${width}" height="10"/>`;
    x += width;
    return piece;
  });
  const text = counted.map(([family, count]) => `${String(count)} ${family}`).join(", ");
  return html`<svg class="mix" viewBox="0 0 80 12" width="80" height="12" role="img" aria-label="${text}">${pieces}</svg><span class="mix-text">${text}</span>`;
}

export function paretoTable(input: ReportInput): Markup {
  const { members, objectives, best } = input.document;
  if (members.length === 0) return html`<p class="absent">No trial is within the budgets, so there is no front.</p>`;
  const { first, against } = aimsOf(input);
  const wanted = [...new Set([first.metric, against.metric, ...objectives.map(({ metric }) => metric), ...ALWAYS])];
  const shown = wanted.filter((metric) => metric === "accuracy" || members.some(({ costs }) => costs[metric] !== undefined));
  const mixes = input.chosen?.mixes;
  const row = (member: (typeof members)[number]): Markup => html`<tr class="${member.hash === best ? "best" : ""}"><th scope="row"><code>${shortHash(member.hash)}</code></th><td class="number">${String(member.trial)}</td>${shown.map((metric) => html`<td class="number">${formatted(metric, metric === "accuracy" ? member.accuracy : member.costs[metric])}</td>`)}${mixes === undefined ? nothing : html`<td>${mixBar(mixes[member.hash])}</td>`}<td class="decisions"><details><summary>${String(Object.keys(member.labels).length)} decisions</summary><code>${Object.entries(member.labels).map(([path, label]) => `${path} = ${label}`).join("  ")}</code></details></td></tr>`;
  return html`<div class="scroll"><table><caption>Members of the Pareto front, the best by ${first.metric} first. Accuracy is with inherited weights on the validation part.</caption><thead><tr><th scope="col">network</th><th scope="col" class="number">trial</th>${shown.map((metric) => html`<th scope="col" class="number">${metric}</th>`)}${mixes === undefined ? nothing : html`<th scope="col">layers by arithmetic</th>`}<th scope="col" class="decisions">architecture</th></tr></thead><tbody>${members.map(row)}</tbody></table></div>`;
}

/** Networks that were trained on their own, judged on the test part. */
export function derivedTable({ derived = [], document }: ReportInput): Markup {
  const metrics = ["energy", "latency", "params", "macs", "shifts", "adds"] as const;
  const row = (network: NonNullable<ReportInput["derived"]>[number]): Markup => html`<tr class="${network.hash === document.best ? "best" : ""}"><th scope="row"><code>${shortHash(network.hash)}</code></th><td class="number">${formatted("accuracy", network.test.accuracy)}</td><td class="number">${formatted("accuracy", network.validation.accuracy)}</td>${metrics.map((metric) => html`<td class="number">${formatted(metric, network.costs[metric])}</td>`)}<td>${network.from === "inherited" ? "inherited weights" : "scratch"}, ${String(network.epochs)} epochs</td></tr>`;
  return html`<div class="scroll"><table><caption>Trained on their own and judged on the test part, which the search never sees.</caption><thead><tr><th scope="col">network</th>${["test accuracy", "validation", ...metrics].map((name) => html`<th scope="col" class="number">${name}</th>`)}<th scope="col">trained from</th></tr></thead><tbody>${derived.map(row)}</tbody></table></div>`;
}

export function layerTable({ chosen }: ReportInput): Markup {
  if (chosen === undefined) return nothing;
  const { rows, totals, split } = chosen.cost;
  const kinds = shownKinds(split);
  const cells = (metrics: readonly (readonly [string, number])[]): readonly Markup[] => metrics.map(([metric, value]) => html`<td class="number">${value === 0 ? "–" : formatted(metric, value)}</td>`);
  const body = rows.map((row) => html`<tr><th scope="row"><code>${row.path}</code></th><td>${row.operator}</td><td>${row.chunk}</td><td>${row.shape.join("×")}</td>${cells([["params", row.params], ["macs", row.macs], ["shifts", row.shifts], ["adds", row.adds], ...kinds.map((kind) => ["energy", row.split[kind]] as const), ["energy", row.energy], ["latency", row.latency]])}<td>${row.bound === "none" ? "–" : row.bound}</td></tr>`);
  const foot = html`<tr><th scope="row" colspan="4">all layers</th>${cells([["params", totals.params], ["macs", totals.macs], ["shifts", totals.shifts], ["adds", totals.adds], ...kinds.map((kind) => ["energy", split[kind]] as const), ["energy", totals.energy], ["latency", totals.latency]])}<td></td></tr>`;
  return html`<details class="wide"><summary>The same as a table</summary><div class="scroll"><table class="dense"><caption>Cost of every operator for one inference.</caption><thead><tr>${["node", "operator", "chunk", "shape"].map((name) => html`<th scope="col">${name}</th>`)}${["params", "macs", "shifts", "adds", ...kinds, "energy", "latency"].map((name) => html`<th scope="col" class="number">${name}</th>`)}<th scope="col">bound by</th></tr></thead><tbody>${body}</tbody><tfoot>${foot}</tfoot></table></div></details>`;
}

export function factTable(facts: readonly Fact[]): Markup {
  return html`<table class="facts"><tbody>${facts.map(({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>`;
}
