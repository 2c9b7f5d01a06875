/**
 * Where published tools disagree, each disagreement is a switch here. `physical` is what hardware does; `asPublished` is what
 * a tool or paper billed, so that its numbers can be reproduced. Nothing else in the model knows a tool by name.
 */

export interface Conventions {
  /** Bill the read that carries a finished (or evicted) output tile to its parent. */
  readonly drainReads: boolean;
  /** Let the same read occupy the memory's port. */
  readonly drainOccupiesPort: boolean;
  /** Bill a read (and a fill) for an output's first touch, whose old value is only a zero. */
  readonly firstTouchReads: boolean;
  /** `innermost`: a sliding window reuses its overlap when the sliding loop is the very next one outside; `none`: never. */
  readonly haloReuse: "innermost" | "none";
  /** Arithmetic keeps an operand while it does not change, without asking the innermost memory for it again. */
  readonly operandsStay: boolean;
  /** A partly used access costs a full one. */
  readonly wholeAccesses: boolean;
  /** A double-buffered memory has half its size for the tiles in use. */
  readonly doubleBufferHalves: boolean;
}

/** The array asks its innermost memories for every operand of every point. */
export type AskingConventions = Conventions & { readonly operandsStay: false };

export const physical: AskingConventions = { drainReads: true, drainOccupiesPort: true, firstTouchReads: false, haloReuse: "innermost", operandsStay: false, wholeAccesses: true, doubleBufferHalves: true };

export type PublishedModel = "timeloop" | "zigzag";

export function asPublished(model: "timeloop"): AskingConventions;
export function asPublished(model: PublishedModel): Conventions;
export function asPublished(model: PublishedModel): Conventions {
  switch (model) {
    case "timeloop": return { ...physical, drainReads: false, drainOccupiesPort: false, doubleBufferHalves: false };
    case "zigzag": return { ...physical, firstTouchReads: true, operandsStay: true, wholeAccesses: false, doubleBufferHalves: false };
  }
}
