/** Writing HTML and SVG as text: everything that comes from outside is escaped, every number is finite and short. */

/** Text that is markup already. */
export interface Markup { readonly markup: string }

export type Content = Markup | string | number | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** A number for a coordinate: two decimals at most. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) return "0";
  const text = value.toFixed(2).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}

function render(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "string") return escapeText(content);
  if (typeof content === "number") return coordinate(content);
  if ("markup" in content) return content.markup;
  return content.map(render).join("");
}

/** A template whose values are escaped, unless they are markup themselves. Lists are joined. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: parts.reduce((text, part, index) => text + render(values[index - 1]) + part) };
}

/** Markup that was written by hand in this folder (styles, scripts). */
export const raw = (markup: string): Markup => ({ markup });

export const nothing: Markup = { markup: "" };
