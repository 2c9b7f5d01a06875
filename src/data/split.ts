/**
 * Splits the training part: validation (and, where the files have none, test) is held out class by class, keyed by the seed.
 * Also the per-channel statistics that images are normalised with.
 */
import { randomStream } from "../random/stream.js";
import { pick, type LabelledImages } from "./labelled-images.js";

export interface HeldOut { readonly kept: LabelledImages; readonly held: LabelledImages }

/**
 * Takes `count` examples out, of each class its share (largest remainders first; ties to the smaller class). Both parts keep the
 * order of the file, and the same seed and purpose always hold out the same examples.
 */
export function holdOut(part: LabelledImages, classes: number, count: number, seed: number, purpose: string): HeldOut {
  const members: number[][] = Array.from({ length: classes }, () => []);
  part.labels.forEach((label, row) => members[label]!.push(row));
  const exact = members.map((rows) => (rows.length * count) / part.count);
  const shares = exact.map(Math.floor);
  const byRemainder = exact.map((share, label) => ({ label, rest: share - Math.floor(share) })).sort((a, b) => b.rest - a.rest || a.label - b.label);
  let missing = count - shares.reduce((sum, share) => sum + share, 0);
  for (const { label } of byRemainder) {
    if (missing === 0) break;
    if (shares[label]! < members[label]!.length) { shares[label]!++; missing--; }
  }
  const taken = new Uint8Array(part.count);
  members.forEach((rows, label) => {
    for (const row of randomStream(seed, `data/${purpose}`, label).shuffle([...rows]).slice(0, shares[label])) taken[row] = 1;
  });
  const held: number[] = [];
  const kept: number[] = [];
  taken.forEach((out, row) => (out === 1 ? held : kept).push(row));
  return { kept: pick(part, kept), held: pick(part, held) };
}

/** Mean and standard deviation per channel, in units of 0..255; a constant channel gets deviation 1. */
export function channelStatistics(part: LabelledImages): { readonly mean: readonly number[]; readonly deviation: readonly number[] } {
  const { channels, images } = part;
  const histogram = Array.from({ length: channels }, () => new Float64Array(256));
  for (let i = 0, channel = 0; i < images.length; i++, channel = channel + 1 === channels ? 0 : channel + 1) histogram[channel]![images[i]!]!++;
  const pixels = images.length / channels;
  const mean = histogram.map((counts) => counts.reduce((sum, n, value) => sum + n * value, 0) / pixels);
  const deviation = histogram.map((counts, channel) => {
    const variance = counts.reduce((sum, n, value) => sum + n * (value - mean[channel]!) ** 2, 0) / pixels;
    return variance > 0 ? Math.sqrt(variance) : 1;
  });
  return { mean, deviation };
}
