/**
 * A labelled image set in memory, already split. Search reads `train` and `validation`; only `derive` and the report touch `test`.
 */

export interface Examples {
  readonly count: number;
  /** count * height * width * channels values, 0..255. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export interface Dataset {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly classes: number;
  readonly train: Examples;
  readonly validation: Examples;
  readonly test: Examples;
  /** Per channel, over the training part, in units of 0..255. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}
