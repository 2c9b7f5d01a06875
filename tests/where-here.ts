/** Suites that need something which not every machine has: where it is missing, one skipped test is counted and says why. */
import { describe, it } from "vitest";

/** `missing` says what is missing; undefined where all is here. */
export function whereHere(title: string, missing: string | undefined, suite: () => void): void {
  if (missing === undefined) suite();
  else describe(title, () => { it.skip(`is not tested here: ${missing}`, () => undefined); });
}
