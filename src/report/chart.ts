/** The frame of a plot: title and description for readers without eyes on it, grid, axes, and the legend beneath. */
import type { Axis } from "./axis.js";
import { html, type Markup } from "./markup.js";

export interface Area { readonly width: number; readonly height: number; readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

export const areaOf = (width: number, height: number): Area => ({ width, height, left: 62, right: width - 16, top: 14, bottom: height - 48 });

export interface ChartOptions {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly area: Area;
  readonly x: Axis;
  readonly y: Axis;
  readonly marks: Markup;
}

export function chart({ id, title, description, area, x, y, marks }: ChartOptions): Markup {
  const { width, height, left, right, top, bottom } = area;
  const columns = x.ticks.map(({ value, text }) => html`<line class="grid" x1="${x.place(value)}" x2="${x.place(value)}" y1="${top}" y2="${bottom}"/><text class="tick" x="${x.place(value)}" y="${bottom + 18}" text-anchor="middle">${text}</text>`);
  const rows = y.ticks.map(({ value, text }) => html`<line class="grid" x1="${left}" x2="${right}" y1="${y.place(value)}" y2="${y.place(value)}"/><text class="tick" x="${left - 8}" y="${y.place(value) + 4}" text-anchor="end">${text}</text>`);
  const middle = (top + bottom) / 2;
  return html`<svg class="${width > 600 ? "chart wide" : "chart"}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-description"><title id="${id}-title">${title}</title><desc id="${id}-description">${description}</desc>
${columns}${rows}<line class="axis" x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>
<text class="label" x="${(left + right) / 2}" y="${height - 8}" text-anchor="middle">${x.label}</text>
<text class="label" x="16" y="${middle}" text-anchor="middle" transform="rotate(-90 16 ${middle})">${y.label}</text>
${marks}</svg>`;
}

export interface LegendEntry { readonly mark: "dot" | "ring" | "line" | "box" | "dash"; readonly style: string; readonly text: string }

/** `style` is a class of the style sheet. */
export function legend(entries: readonly LegendEntry[]): Markup {
  return html`<ul class="legend">${entries.map(({ mark, style, text }) => html`<li><svg viewBox="0 0 22 12" width="22" height="12" aria-hidden="true">${markOf(mark, style)}</svg>${text}</li>`)}</ul>`;
}

function markOf(mark: LegendEntry["mark"], style: string): Markup {
  switch (mark) {
    case "dot": return html`<circle class="${style}" cx="11" cy="6" r="4.5"/>`;
    case "ring": return html`<circle class="${style}" cx="11" cy="6" r="4"/>`;
    case "line": return html`<line class="${style}" x1="1" x2="21" y1="6" y2="6"/>`;
    case "dash": return html`<line class="${style}" x1="1" x2="21" y1="6" y2="6"/>`;
    case "box": return html`<rect class="${style}" x="4" y="0.5" width="14" height="11" rx="2"/>`;
  }
}
