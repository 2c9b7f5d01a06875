/**
 * A period of a chunked accelerator drawn in time: a lane for each chunk with its layers in the order in which they are issued, how much of
 * the chip's memories each of them holds, the traffic of all chunks as a whole, and what the period hangs on. As a part of a page, or as a
 * picture of its own.
 */
import type { CostRow } from "../hw/cost-model.js";
import { EXTERNAL, type Pipeline } from "../hw/pipeline/pipeline.js";
import { axisOver } from "./axis.js";
import { familyOf, type Family } from "./blocks.js";
import { escapeText, html, raw, type Markup } from "./markup.js";
import { formatted } from "./values.js";

const WIDTH = 1040;
const LEFT = 150;
const RIGHT = 900;
const TOP = 46;
const LANE = 40;
const GAP = 12;
/** Of the 12-unit type of the figure. */
const LETTER = 6.2;

type Paint = Family | "external" | "held" | "axis" | "grid" | "limit" | "ink" | "soft";

/** How things are painted: by classes of the page's style sheet, or by attributes that any viewer of pictures knows. */
type Painter = (paint: Paint) => Markup;

const COLOURS: Readonly<Record<Paint, string>> = {
  multiply: "#0072b2", shift: "#e69f00", add: "#009e73", attention: "#cc79a7", pooling: "#8d99a4", join: "#8d99a4", other: "#8d99a4", end: "#59646e",
  external: "#1f5f8b", held: "#1d2329", axis: "#7b8791", grid: "#e3e7ea", limit: "#c2410c", ink: "#1d2329", soft: "#59646e",
};
const STROKES: ReadonlySet<Paint> = new Set<Paint>(["axis", "grid", "limit"]);

const byAttributes: Painter = (paint) => raw(STROKES.has(paint) ? `stroke="${COLOURS[paint]}"${paint === "limit" ? ' stroke-dasharray="4 4"' : ""}` : `fill="${COLOURS[paint]}"`);

const byClasses: Painter = (paint) => {
  switch (paint) {
    case "external": return raw('class="part dram"');
    case "held": return raw('class="held"');
    case "axis": case "grid": return raw(`class="${paint}"`);
    case "limit": return raw('class="budget"');
    case "ink": return raw('class="first"');
    case "soft": return raw('class="tick"');
    default: return raw(`class="family ${paint}"`);
  }
};

interface Lane { readonly name: string; readonly below: string; readonly busy: number; readonly waited: number }

const titles: Readonly<Record<string, string>> = { vector: "vector unit", "-": "input, output" };

/** Chunks as they are declared, then whatever else is busy. */
function lanesOf({ chunks, schedule }: Pipeline): readonly Lane[] {
  const others = [...new Set(schedule.issues.map(({ unit }) => unit))].filter((unit) => !chunks.some(({ name }) => name === unit));
  return [
    ...chunks.map(({ name, array, busy, waited }): Lane => ({ name, below: array[0] * array[1] === 0 ? "no elements" : array.join(" × "), busy, waited })),
    ...others.map((name): Lane => ({ name, below: "", busy: schedule.issues.reduce((sum, { unit, start, end }) => (unit === name ? sum + end - start : sum), 0), waited: 0 })),
  ];
}

/** A path where it fits, else its last part, which says most, else as much of that as there is room for. */
function clipped(path: string, width: number): string {
  const letters = Math.floor(width / LETTER);
  if (path.length <= letters) return path;
  const last = path.slice(path.lastIndexOf("/") + 1);
  return last.length <= letters ? last : letters < 5 ? "" : `${last.slice(0, letters - 1)}…`;
}

function marks(pipeline: Pipeline, rows: readonly CostRow[], paint: Painter): { readonly body: Markup; readonly height: number } {
  const { schedule, period, externalTime, limitedBy } = pipeline;
  const lanes = lanesOf(pipeline);
  const height = TOP + (lanes.length + 1) * (LANE + GAP) + 34;
  const x = axisOver([0, period], { name: "time", metric: "period", from: LEFT, to: RIGHT, mayBeLogarithmic: false });
  const bottom = height - 40;
  const grid = x.ticks.map(({ value, text }) => html`<line ${paint("grid")} x1="${x.place(value)}" x2="${x.place(value)}" y1="${TOP - 6}" y2="${bottom}"/><text ${paint("soft")} font-size="11" x="${x.place(value)}" y="${bottom + 16}" text-anchor="middle">${text}</text>`);
  const share = (seconds: number): string => `${formatted("latency", seconds)}, ${period === 0 ? 0 : Math.round((100 * seconds) / period)} %`;
  const drawn = lanes.map((lane, index) => {
    const top = TOP + index * (LANE + GAP);
    const own = schedule.issues.filter(({ unit }) => unit === lane.name).map(({ layer, start, end, held, room }) => {
      const row = rows[layer]!;
      const [from, width] = [x.place(start), Math.max(0.3, x.place(end) - x.place(start))];
      const bar = Math.max(0.3, width - (width > 3 ? 0.8 : width > 1 ? 0.3 : 0));
      const tip = `${row.path} on ${lane.name}, ${formatted("latency", row.latency)} from ${formatted("latency", start)}${held > 0 ? `; holds ${Math.round(100 * held)} % of the chip's memories, ${Math.round(100 * room)} % at hand` : ""}`;
      const text = clipped(row.path, bar - 6);
      const family = row.operator === "input" || row.operator === "output" ? "end" : familyOf(row.operator);
      return html`<g data-tip="${tip}"><rect ${paint(family)} fill-opacity="0.55" x="${from}" y="${top}" width="${bar}" height="${LANE}"/>${held > 0 ? html`<rect ${paint("held")} fill-opacity="0.45" x="${from}" y="${top + LANE * (1 - Math.min(1, held))}" width="${bar}" height="${LANE * Math.min(1, held)}"/>` : undefined}${text === "" ? undefined : html`<text ${paint("ink")} font-size="11" x="${from + 3}" y="${top + 14}">${text}</text>`}</g>`;
    });
    const waited = lane.waited > 0 ? html`<text ${paint("soft")} font-size="11" x="${RIGHT + 12}" y="${top + 33}">waits ${formatted("latency", lane.waited)}</text>` : undefined;
    return html`<text ${paint("ink")} font-size="12" x="${LEFT - 12}" y="${top + 17}" text-anchor="end">${titles[lane.name] ?? lane.name}</text><text ${paint("soft")} font-size="11" x="${LEFT - 12}" y="${top + 32}" text-anchor="end">${lane.below}</text>${own}<text ${paint("soft")} font-size="11" x="${RIGHT + 12}" y="${top + 18}">${share(lane.busy)}</text>${waited}`;
  });
  const top = TOP + lanes.length * (LANE + GAP);
  const outside = html`<text ${paint("ink")} font-size="12" x="${LEFT - 12}" y="${top + 17}" text-anchor="end">${EXTERNAL}</text><text ${paint("soft")} font-size="11" x="${LEFT - 12}" y="${top + 32}" text-anchor="end">all traffic</text><rect ${paint("external")} fill-opacity="0.55" x="${LEFT}" y="${top}" width="${x.place(externalTime) - LEFT}" height="${LANE}"/><text ${paint("soft")} font-size="11" x="${RIGHT + 12}" y="${top + 18}">${share(externalTime)}</text>`;
  const at = x.place(period);
  const feet = schedule.issues.some(({ held }) => held > 0);
  const body = html`<text ${paint("soft")} font-size="12" x="${LEFT}" y="16">one period, every chunk at work on another input${feet ? "; the dark foot of a layer is the part of the chip's memories that it holds" : ""}</text>
<text ${paint("ink")} font-size="12" x="${at}" y="${TOP - 12}" text-anchor="end">period ${formatted("period", period)}, limited by ${titles[limitedBy] ?? limitedBy}</text>
${grid}<line ${paint("axis")} x1="${LEFT}" x2="${RIGHT}" y1="${bottom}" y2="${bottom}"/>${drawn}${outside}<line ${paint("limit")} x1="${at}" x2="${at}" y1="${TOP - 8}" y2="${bottom}"/>
<text ${paint("soft")} font-size="12" x="${(LEFT + RIGHT) / 2}" y="${height - 6}" text-anchor="middle">${x.label}</text>`;
  return { body, height };
}

const descriptionOf = ({ chunks, period, latency, limitedBy }: Pipeline): string =>
  `${chunks.map(({ name, busy }) => `${name} is busy for ${formatted("latency", busy)}`).join(", ")}. A result comes every ${formatted("period", period)}, limited by ${limitedBy}; one input takes ${formatted("latency", latency)}.`;

/** The figure as a part of a page. */
export function timelineFigure(pipeline: Pipeline, rows: readonly CostRow[]): Markup {
  const { body, height } = marks(pipeline, rows, byClasses);
  return html`<figure><svg class="chart wide" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="timeline-title timeline-description"><title id="timeline-title">What runs when on the chunks</title><desc id="timeline-description">${descriptionOf(pipeline)}</desc>${body}</svg></figure>`;
}

/** A picture of its own: an SVG document. */
export function timelinePicture(pipeline: Pipeline, rows: readonly CostRow[], title: string): string {
  const { body, height } = marks(pipeline, rows, byAttributes);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="Helvetica, Arial, sans-serif"><title>${escapeText(title)}</title><desc>${escapeText(descriptionOf(pipeline))}</desc><rect width="${WIDTH}" height="${height}" fill="#ffffff"/>\n${body.markup}</svg>\n`;
}
