/** Every sample checks without a finding, has a space with members, and architectures that are members. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { checkText, programOf, told } from "./programs.js";

const samples = readdirSync("samples").filter((name) => name.endsWith(".nas"));
const textOf = (name: string): string => readFileSync(join("samples", name), "utf8");

describe("samples", () => {
  it.each(samples)("%s checks without errors and warnings", (name) => {
    expect(told(checkText(textOf(name)))).toEqual([]);
  });

  it.each(samples)("%s has a search with a member of its space", (name) => {
    const program = programOf(textOf(name));
    expect(program.searches.size).toBeGreaterThan(0);
    for (const plan of program.searches.values()) expect(spaceQueries(plan.space).count()! > 0n).toBe(true);
    for (const { space, architecture } of program.architectures.values()) expect(spaceQueries(program.spaces.get(space)!).isMember(architecture)).toBe(true);
  });

  it("mobile-hybrid has 12 blocks to choose from in one or two rounds of two stages, and 2 x 2 widths", () => {
    expect(spaceQueries(programOf(textOf("mobile-hybrid.nas")).spaces.get("MobileHybrid")!).count()).toBe(4n * (12n + 12n ** 2n) ** 2n);
  });
});
