/** Plain text tables: columns padded to their widest cell, numbers to the right. */

export interface Column { readonly title: string; readonly align?: "left" | "right" }

/** Lines of a table with a header and a rule under it. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) => rows.reduce((widest, row) => Math.max(widest, (row[index] ?? "").length), title.length));
  const line = (cells: readonly string[]): string => columns.map(({ align }, index) => {
    const cell = cells[index] ?? "";
    return align === "right" ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!);
  }).join("  ").trimEnd();
  return [line(columns.map(({ title }) => title)), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)];
}

/** Whole numbers with thousands separators. */
export function grouped(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** 75 s -> `1:15`, 3700 s -> `1:01:40`. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
