/**
 * The built-in image set: ten hand-written-like glyphs under random affine geometry, vertex jitter, pen width and ink, with
 * clutter strokes, a background slope, occlusion and noise. Every image is a pure function of (seed, part, index).
 */
import { randomStream, type RandomStream } from "../random/stream.js";
import { glyphHands } from "./glyph-strokes.js";
import type { LabelledImages } from "./labelled-images.js";

export const GLYPH_CLASSES = 10;
const SIDE = 28;
const NOISE_TABLE = 1 << 14;

/** Adds a straight pen stroke: full ink inside the width, one pixel of falloff, kept at the maximum where strokes cross. */
function drawSegment(ink: Float32Array, x0: number, y0: number, x1: number, y1: number, halfWidth: number, strength: number): void {
  const reach = halfWidth + 1;
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach));
  const right = Math.min(SIDE - 1, Math.floor(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach));
  const bottom = Math.min(SIDE - 1, Math.floor(Math.max(y0, y1) + reach));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const inverse = 1 / (dx * dx + dy * dy + 1e-9);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) * inverse));
      const offX = x - x0 - along * dx;
      const offY = y - y0 - along * dy;
      const cover = reach - Math.sqrt(offX * offX + offY * offY);
      if (cover <= 0) continue;
      const value = cover >= 1 ? strength : cover * strength;
      const at = y * SIDE + x;
      if (value > ink[at]!) ink[at] = value;
    }
  }
}

/** Draws the strokes of one glyph through a random affine map, each vertex moved a little. */
function drawGlyph(ink: Float32Array, label: number, random: RandomStream): void {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const hands = glyphHands[label]!;
  const glyph = hands[random.integer(hands.length)]!;
  const angle = between(-0.38, 0.38);
  const shear = between(-0.3, 0.3);
  const scaleX = between(10, 21);
  const scaleY = between(13, 23);
  const centreX = SIDE / 2 - 0.5 + between(-3.5, 3.5);
  const centreY = SIDE / 2 - 0.5 + between(-3, 3);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const jitter = between(0, 0.9);
  const halfWidth = between(0.15, 1.3);
  const strength = between(110, 235);
  for (const stroke of glyph) {
    let lastX = 0;
    let lastY = 0;
    for (let i = 0; i < stroke.length; i += 2) {
      const v = (stroke[i + 1]! - 0.5) * scaleY;
      const u = (stroke[i]! - 0.5) * scaleX + shear * v;
      const x = centreX + cos * u - sin * v + between(-jitter, jitter);
      const y = centreY + sin * u + cos * v + between(-jitter, jitter);
      if (i > 0) drawSegment(ink, lastX, lastY, x, y, halfWidth, strength);
      lastX = x;
      lastY = y;
    }
  }
}

/** Short stray strokes, fainter than most glyphs. */
function drawClutter(ink: Float32Array, random: RandomStream): void {
  for (let count = random.integer(4); count > 0; count--) {
    const x = random.uniform() * SIDE;
    const y = random.uniform() * SIDE;
    const angle = random.uniform() * 2 * Math.PI;
    const length = 3 + 6 * random.uniform();
    drawSegment(ink, x, y, x + length * Math.cos(angle), y + length * Math.sin(angle), 0.1 + 0.9 * random.uniform(), 60 + 130 * random.uniform());
  }
}

/** Draws `count` glyphs, classes in turn and then shuffled, so that every class occurs equally often (up to one). */
export function drawGlyphs(count: number, seed: number, part: "train" | "test"): LabelledImages {
  const root = randomStream(seed, `data/glyphs/${part}`);
  const normals = new Float32Array(NOISE_TABLE);
  const noiseSource = root.child("noise");
  for (let i = 0; i < NOISE_TABLE; i++) normals[i] = noiseSource.normal();
  const order = root.child("order").shuffle(Array.from({ length: count }, (_, index) => index % GLYPH_CLASSES));
  const labels = Uint8Array.from(order);
  const images = new Uint8Array(count * SIDE * SIDE);
  const ink = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < count; row++) {
    const random = root.child("image", row);
    ink.fill(0);
    drawGlyph(ink, labels[row]!, random);
    drawClutter(ink, random);
    const level = 50 * random.uniform();
    const slopeX = (random.uniform() - 0.5) * 2.4;
    const slopeY = (random.uniform() - 0.5) * 2.4;
    const noise = 8 + 30 * random.uniform();
    const start = random.integer(NOISE_TABLE);
    const stride = 2 * random.integer(NOISE_TABLE / 2) + 1;
    const gapX = random.integer(SIDE);
    const gapY = random.integer(SIDE);
    const gap = random.integer(6);
    for (let y = 0, at = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++, at++) {
        const hidden = x >= gapX && x < gapX + gap && y >= gapY && y < gapY + gap;
        const value = (hidden ? 0 : ink[at]!) + level + slopeX * (x - SIDE / 2) + slopeY * (y - SIDE / 2) + noise * normals[(start + at * stride) & (NOISE_TABLE - 1)]!;
        images[row * SIDE * SIDE + at] = value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value);
      }
    }
  }
  return { path: "glyphs", height: SIDE, width: SIDE, channels: 1, count, images, labels };
}
