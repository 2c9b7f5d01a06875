/**
 * The chosen network drawn from top to bottom, one row per block: what reads what on the left (residual edges as arcs), the block
 * coloured by its family of arithmetic, its output shape, and where its energy goes.
 */
import { energyKinds, noEnergy, shownKinds, type EnergySplit } from "../hw/operator-cost.js";
import { blocksOf, type Block, type Family } from "./blocks.js";
import { legend } from "./chart.js";
import type { ChosenNetwork } from "./input.js";
import { html, type Markup } from "./markup.js";
import { formatted } from "./values.js";

const WIDTH = 1040;
const HEAD = 30;
const BLOCK = { left: 92, width: 352 };
const SHAPE = 462;
const BAR = { left: 570, right: 960 };

const FAMILY_NAMES: Readonly<Record<Family, string>> = { multiply: "multiplications", shift: "shifts", add: "additions", attention: "attention", pooling: "pooling", join: "joins", other: "other", end: "input, output" };

interface Row { readonly block: Block; readonly top: number; readonly height: number }

function rowsOf(blocks: readonly Block[]): readonly Row[] {
  let top = HEAD;
  return blocks.map((block) => {
    const height = block.family === "join" || block.family === "end" ? 26 : 38;
    const row = { block, top, height };
    top += height + 8;
    return row;
  });
}

function splitOf(block: Block): EnergySplit {
  const split = { ...noEnergy };
  for (const row of block.rows) for (const part of energyKinds) split[part] += row.split[part];
  return split;
}

const totalOf = (split: EnergySplit): number => energyKinds.reduce((sum, part) => sum + split[part], 0);

interface Edge { readonly from: number; readonly to: number; readonly lane: number }

/** Edges that skip blocks, in lanes so that none runs over another. */
function arcs(blocks: readonly Block[]): readonly Edge[] {
  const skipping = blocks.flatMap((block, to) => block.inputs.filter((from) => from !== to - 1).map((from) => ({ from, to }))).sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from);
  const lanes: { readonly from: number; readonly to: number }[][] = [];
  return skipping.map((edge) => {
    let lane = lanes.findIndex((taken) => taken.every((other) => edge.to <= other.from || edge.from >= other.to));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]!.push(edge);
    return { ...edge, lane };
  });
}

const middle = (row: Row): number => row.top + row.height / 2;

function edgeMarks(rows: readonly Row[]): Markup {
  const blocks = rows.map(({ block }) => block);
  const straight = blocks.flatMap((block, to) => (block.inputs.includes(to - 1) ? [html`<line class="edge" x1="${BLOCK.left + 24}" x2="${BLOCK.left + 24}" y1="${rows[to - 1]!.top + rows[to - 1]!.height}" y2="${rows[to]!.top}"/>`] : []));
  const edges = arcs(blocks);
  const lanes = Math.max(1, ...edges.map(({ lane }) => lane + 1));
  const bent = edges.map(({ from, to, lane }) => {
    const x = BLOCK.left - 18 - (lane * (BLOCK.left - 30)) / lanes;
    const [start, end] = [middle(rows[from]!) + 4, middle(rows[to]!) - 4];
    const reach = BLOCK.left - x;
    const bend = Math.min(10, reach, (end - start) / 2);
    return html`<path class="edge" d="M${BLOCK.left} ${start}H${x + bend}Q${x} ${start} ${x} ${start + bend}V${end - bend}Q${x} ${end} ${x + bend} ${end}H${BLOCK.left - 5}"/><path class="arrow" d="M${BLOCK.left} ${end}l-6 -3.5v7z"/>`;
  });
  return html`${straight}${bent}`;
}

const shapeText = (shape: Block["shape"]): string => shape.join("×");

const clipped = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

function blockMarks({ block, top, height }: Row): Markup {
  const { title, folded, path, family } = block;
  const params = block.rows.reduce((sum, row) => sum + row.params, 0);
  const macs = block.rows.reduce((sum, row) => sum + row.macs + row.shifts, 0);
  const tip = `${path}: ${title}${folded.length === 0 ? "" : `, then ${folded.join(", ")}`}; output ${shapeText(block.shape)}; ${formatted("params", params)} parameters, ${formatted("macs", macs)} multiply- or shift-accumulates, ${formatted("energy", totalOf(splitOf(block)))}, ${formatted("latency", block.rows.reduce((sum, row) => sum + row.latency, 0))}`;
  const small = height < 30;
  const whole = folded.length === 0 ? title : `${title} · ${folded.join(" · ")}`;
  const second = small ? undefined : html`<text class="second" x="${BLOCK.left + 14}" y="${top + 31}">${clipped(path, 54)}</text>`;
  const text = small
    ? html`<text class="first" x="${BLOCK.left + 14}" y="${top + 17}">${clipped(family === "end" ? `${title} ${path}` : whole, 48)}</text>`
    : html`<text class="first" x="${BLOCK.left + 14}" y="${top + 16}">${title}<tspan class="folded">${folded.length === 0 ? "" : clipped(` · ${folded.join(" · ")}`, Math.max(2, 48 - title.length))}</tspan></text>`;
  return html`<g data-tip="${tip}"><rect class="block" x="${BLOCK.left}" y="${top}" width="${small ? 150 : BLOCK.width}" height="${height}" rx="5"/><rect class="family ${family}" x="${BLOCK.left}" y="${top}" width="6" height="${height}" rx="2.5"/>${text}${second}</g><text class="shape" x="${SHAPE}" y="${top + height / 2 + 4}">${shapeText(block.shape)}</text>`;
}

function barMarks({ block, top, height }: Row, largest: number): Markup {
  const split = splitOf(block);
  const total = totalOf(split);
  if (total === 0) return html``;
  let x = BAR.left;
  const thick = Math.min(16, height - 8);
  const y = top + (height - thick) / 2;
  const pieces = energyKinds.map((part) => {
    const width = largest === 0 ? 0 : (split[part] / largest) * (BAR.right - BAR.left);
    const piece = width < 0.05 ? undefined : html`<rect class="part ${part}" x="${x}" y="${y}" width="${width}" height="${thick}" data-tip="${block.path} (${block.title}), ${part}: ${formatted("energy", split[part])} of ${formatted("energy", total)}"/>`;
    x += width;
    return piece;
  });
  return html`${pieces}<text class="tick" x="${x + 6}" y="${y + thick / 2 + 4}">${formatted("energy", total)}</text>`;
}

/** The figure with its legends. */
export function layerFigure(chosen: ChosenNetwork): Markup {
  const rows = rowsOf(blocksOf(chosen));
  const last = rows.at(-1);
  if (last === undefined) return html``;
  const height = last.top + last.height + 10;
  const largest = Math.max(...rows.map(({ block }) => totalOf(splitOf(block))));
  const used = (Object.keys(FAMILY_NAMES) as Family[]).filter((family) => rows.some(({ block }) => block.family === family));
  const total = formatted("energy", chosen.cost.totals.energy);
  const description = `${rows.length} blocks from input to output. ${rows.filter(({ block }) => block.family !== "end").map(({ block }) => block.title).join(", ")}. One inference takes ${total}.`;
  return html`<figure><svg class="chart layers" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="layers-title layers-description"><title id="layers-title">The layers of ${chosen.net.name} and their energy</title><desc id="layers-description">${description}</desc>
<text class="label" x="${BLOCK.left}" y="16">layer</text><text class="label" x="${SHAPE}" y="16">output shape</text><text class="label" x="${BAR.left}" y="16">energy of one inference, ${total} in all</text><line class="axis" x1="${BAR.left}" x2="${BAR.left}" y1="${HEAD - 4}" y2="${height - 6}"/>
${edgeMarks(rows)}${rows.map(blockMarks)}${rows.map((row) => barMarks(row, largest))}</svg>
<div class="legends">${legend(used.map((family) => ({ mark: "box", style: `family ${family}`, text: FAMILY_NAMES[family] })))}${legend(shownKinds(chosen.cost.split).map((part) => ({ mark: "box", style: `part ${part}`, text: part })))}</div></figure>`;
}
