/**
 * CSV files with one image per row: pixels row by row (colour: channels last) and one label column. The label is the column headed
 * `label` or `class`; without a header it is the last column, or the first where only that one looks like labels.
 */
import { failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import type { LabelledImages } from "./labelled-images.js";
import { dataProblem, grouped } from "./problems.js";
import type { DataFile } from "./read-file.js";

/** A CSV file as numbers, before pixels are stretched to 0..255 (train and test must be stretched alike). */
export interface CsvTable {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
  readonly labelColumn: number;
  readonly largestPixel: number;
}

interface Cells { readonly rows: number; readonly columns: number; readonly values: Float64Array; readonly header: readonly string[] | undefined }

function readCells(file: DataFile): Cells | Diagnostic {
  const lines = new TextDecoder().decode(file.bytes).split(/\r?\n/);
  while (lines.length > 0 && lines[lines.length - 1]!.trim() === "") lines.pop();
  const first = lines[0]?.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"|"$/g, ""));
  if (first === undefined) return dataProblem("NAS6008", file.path, "is empty", "the file has no row");
  const header = first.some((cell) => cell !== "" && Number.isNaN(Number(cell))) ? first : undefined;
  const start = header ? 1 : 0;
  const rows = lines.length - start;
  if (rows === 0) return dataProblem("NAS6008", file.path, "is empty", "the file has a header and no row");
  const columns = first.length;
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const cells = lines[row + start]!.split(/[,;\t]/);
    if (cells.length !== columns) return dataProblem("NAS6009", file.path, "has a row of another length", `line ${grouped(row + start + 1)} has ${cells.length} columns; expected ${columns} as in line 1`);
    for (let column = 0; column < columns; column++) {
      const text = cells[column]!.trim();
      const value = text === "" ? Number.NaN : Number(text);
      if (!Number.isFinite(value)) return dataProblem("NAS6011", file.path, "has a cell that is not a number", `line ${grouped(row + start + 1)}, column ${column + 1}: found ${JSON.stringify(text.slice(0, 20))}`, "replace names of classes by the numbers 0, 1, ...");
      values[row * columns + column] = value;
    }
  }
  return { rows, columns, values, header };
}

/** Whole numbers 0..k-1 with k >= 2, each of which occurs. */
function looksLikeLabels(cells: Cells, column: number): boolean {
  const seen = new Set<number>();
  for (let row = 0; row < cells.rows; row++) seen.add(cells.values[row * cells.columns + column]!);
  if (seen.size < 2 || seen.size > 256) return false;
  for (let label = 0; label < seen.size; label++) if (!seen.has(label)) return false;
  return true;
}

function labelColumn(cells: Cells): number {
  const named = cells.header?.findIndex((name) => /^(label|labels|class|target|y)$/i.test(name)) ?? -1;
  if (named >= 0) return named;
  const last = cells.columns - 1;
  return !looksLikeLabels(cells, last) && looksLikeLabels(cells, 0) ? 0 : last;
}

/** Height, width and channels of an image of `pixels` numbers, where it is square. */
function imageSize(pixels: number): { readonly side: number; readonly channels: number } | undefined {
  for (const channels of [1, 3]) {
    const side = Math.round(Math.sqrt(pixels / channels));
    if (side > 0 && side * side * channels === pixels) return { side, channels };
  }
  return undefined;
}

/** Reads and checks every cell; `labelFrom` (the training table) fixes the label column of a test table. */
export function readCsvTable(file: DataFile, labelFrom?: CsvTable): Result<CsvTable> {
  const cells = readCells(file);
  if ("code" in cells) return failure(cells);
  const { rows, columns, values } = cells;
  if (labelFrom !== undefined && labelFrom.columns !== columns) return failure(dataProblem("NAS6009", file.path, "has rows of another length", `found ${columns} columns; ${labelFrom.path} has ${labelFrom.columns}`));
  const label = labelFrom?.labelColumn ?? labelColumn(cells);
  if (imageSize(columns - 1) === undefined) return failure(dataProblem("NAS6009", file.path, "does not hold square images", `${columns} columns leave ${columns - 1} pixels; expected a square, or three times a square`));
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      const line = row + (cells.header ? 2 : 1);
      if (column === label) {
        if (!Number.isInteger(value)) return failure(dataProblem("NAS6011", file.path, "has a label that is not whole", `line ${grouped(line)}, column ${column + 1}: found ${value}`));
        if (value < 0 || value > 255) return failure(dataProblem("NAS6007", file.path, "has a label out of range", `line ${grouped(line)}, column ${column + 1}: found ${value}; expected 0..255`));
      } else {
        if (value < 0 || value > 255) return failure(dataProblem("NAS6011", file.path, "has a pixel out of range", `line ${grouped(line)}, column ${column + 1}: found ${value}; expected 0..255`));
        if (value > largest) largest = value;
      }
    }
  }
  return success({ path: file.path, rows, columns, values, labelColumn: label, largestPixel: largest });
}

/** Pixels up to 1 or up to 16 are stretched to 0..255; others are taken as they are. */
export function pixelScale(largest: number): number {
  return largest <= 1 ? 255 : largest <= 16 ? 255 / 16 : 1;
}

/** The table as images; `scale` is that of the training table. */
export function imagesOfTable(table: CsvTable, scale: number): LabelledImages {
  const { rows, columns, values, labelColumn: label } = table;
  const { side, channels } = imageSize(columns - 1)!;
  const images = new Uint8Array(rows * (columns - 1));
  const labels = new Uint8Array(rows);
  let next = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      if (column === label) labels[row] = value;
      else images[next++] = Math.min(255, Math.round(value * scale));
    }
  }
  return { path: table.path, height: side, width: side, channels, count: rows, images, labels };
}
