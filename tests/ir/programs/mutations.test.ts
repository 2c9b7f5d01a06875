/** The check survives damaged programs; a million of them in `tests/slow/mutations.test.ts`. */
import { describe, expect, it } from "vitest";
import { checkMutants } from "./mutants.js";

const COUNT = 1500;

describe("damaged programs", () => {
  it("are checked without throwing, and every frame lies inside its file", () => {
    const { complaints, parsed, accepted } = checkMutants(3, 0, COUNT, () => 0);
    expect(complaints.slice(0, 5)).toEqual([]);
    expect(parsed).toBeGreaterThan(COUNT / 10);
    expect(accepted).toBeGreaterThan(COUNT / 50);
  });
});
