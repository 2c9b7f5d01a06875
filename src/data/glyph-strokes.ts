/**
 * The ten glyphs of the built-in image set, drawn by hand as strokes: digits in two hands each, so that a class is a
 * topology and not a template. Coordinates are in the unit square, x to the right, y down.
 */

/** A polyline: x0, y0, x1, y1, ... */
export type Stroke = readonly number[];
export type Glyph = readonly Stroke[];

/** An arc of an ellipse as a polyline; angles in turns, clockwise from the right. */
function arc(x: number, y: number, radiusX: number, radiusY: number, from: number, to: number, pieces = 10): number[] {
  const points: number[] = [];
  for (let i = 0; i <= pieces; i++) {
    const angle = 2 * Math.PI * (from + ((to - from) * i) / pieces);
    points.push(x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle));
  }
  return points;
}

/** glyphs[class] lists the ways to write it. */
export const glyphHands: readonly (readonly Glyph[])[] = [
  [[arc(0.5, 0.5, 0.28, 0.42, 0, 1, 14)], [[...arc(0.5, 0.5, 0.24, 0.42, -0.15, 0.85, 14)], [0.34, 0.76, 0.66, 0.24]]],
  [[[0.32, 0.26, 0.54, 0.08, 0.54, 0.92]], [[0.36, 0.24, 0.52, 0.08, 0.52, 0.92], [0.3, 0.92, 0.74, 0.92]]],
  [[[...arc(0.48, 0.3, 0.26, 0.22, 0.5, 1.08, 8), 0.24, 0.92, 0.78, 0.92]], [[...arc(0.48, 0.28, 0.24, 0.2, 0.55, 1.15, 8), 0.3, 0.84, 0.2, 0.9, 0.34, 0.8, 0.56, 0.92, 0.8, 0.86]]],
  [[[...arc(0.46, 0.29, 0.26, 0.21, 0.6, 1.2, 8)], [...arc(0.46, 0.7, 0.29, 0.22, 0.78, 1.42, 9)]], [[0.24, 0.1, 0.74, 0.1, 0.46, 0.42], [...arc(0.46, 0.67, 0.28, 0.25, 0.75, 1.42, 9)]]],
  [[[0.64, 0.92, 0.64, 0.08, 0.2, 0.66, 0.84, 0.66]], [[0.3, 0.1, 0.24, 0.52, 0.8, 0.52], [0.68, 0.12, 0.64, 0.92]]],
  [[[0.74, 0.09, 0.32, 0.09, 0.28, 0.46], [...arc(0.48, 0.66, 0.28, 0.26, 0.62, 1.42, 9)]], [[0.3, 0.1, 0.3, 0.44, ...arc(0.46, 0.67, 0.27, 0.25, 0.72, 1.4, 8)], [0.3, 0.1, 0.76, 0.12]]],
  [[[0.66, 0.08, 0.4, 0.3, 0.26, 0.6], arc(0.5, 0.68, 0.25, 0.23, 0, 1, 12)], [[...arc(0.56, 0.5, 0.34, 0.42, 0.86, 0.5, 7), ...arc(0.48, 0.69, 0.25, 0.22, 0.5, 1.48, 10)]]],
  [[[0.22, 0.1, 0.78, 0.1, 0.42, 0.92]], [[0.22, 0.14, 0.76, 0.1, 0.48, 0.92], [0.36, 0.5, 0.74, 0.5]]],
  [[arc(0.5, 0.29, 0.2, 0.2, 0, 1, 12), arc(0.5, 0.71, 0.25, 0.22, 0, 1, 12)], [[0.72, 0.2, 0.5, 0.08, 0.3, 0.24, 0.68, 0.7, 0.5, 0.92, 0.28, 0.74, 0.7, 0.3, 0.72, 0.2]]],
  [[arc(0.5, 0.32, 0.24, 0.23, 0, 1, 12), [0.74, 0.34, 0.66, 0.92]], [arc(0.48, 0.3, 0.23, 0.21, 0, 1, 12), [0.71, 0.3, 0.7, 0.66, ...arc(0.46, 0.7, 0.24, 0.21, 0.05, 0.4, 5)]]],
];
