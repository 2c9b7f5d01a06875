/**
 * ViTAS against dossier 07, "Search space" and "Searched nets", checks 07.3 and 07.8, and the counts of 07.4; checks 07.1 and 07.2, its ways
 * to share, are in tests/runtime/train/channel-starts.test.ts. Parameters: everything that is
 * trained, biases, norms, class token and positions included. MACs ("true MACs" of the dossier): patches, dense layers and both products of
 * attention at patches + 1 tokens, the classifier once.
 */
import { describe, expect, it } from "vitest";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { checkText, programOf, told } from "../ir/check/programs.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample, textOfSample } from "./sample.js";

const NAME = "07-vitas";
const SMALL = { SIDE: "32", FINE: "8", MIDDLE: "16", COARSE: "32", BASE: "40", LEAST: "0" };
const program = readSample(NAME);
const asCounted = readSample(NAME, { AS_COUNTED: "true" });
const countOf = (space: string): bigint | undefined => spaceQueries(program.spaces.get(space)!).count();

describe("07 vitas", () => {
  it("counts 30 (400^0 + ... + 400^16) networks, 30 * 400^13 of the large space, and 4000 cells", () => {
    const chains = Array.from({ length: 17 }, (_, depth) => 400n ** BigInt(depth)).reduce((sum, count) => sum + count);
    expect(countOf("ViTAS")).toBe(30n * chains);
    expect(countOf("ViTAS_Large")).toBe(30n * 400n ** 13n);
    expect(countOf("Cells")).toBe(10n * 400n);
  });

  it("counts 5726623061 networks of heads and depth alone, where blocks are left out at the end (07, check 4)", () => {
    expect(countOf("Operators")).toBe(5_726_623_061n);
  });

  it("counts 15 networks in the place of 27 sequences of three blocks of two kinds or none (07, check 4)", () => {
    const small = programOf("space S {\n  input x: f32[4, 4, 2]\n  depth = choose 0..3\n  for i in 1..depth { x = x -> (choose kind { conv, shift })(2) }\n  output y = x\n}");
    expect(spaceQueries(small.spaces.get("S")!).count()).toBe(15n);
  });

  // Dossier 07, table "Searched nets, decoded and recomputed".
  it.each([
    ["A", 833_487_568, 3_679_478], ["B", 958_618_176, 4_400_248], ["C", 1_265_114_864, 6_048_414], ["E", 2_653_906_672, 12_550_598],
    ["F", 4_898_506_168, 22_540_277], ["DeiT_Ti", 1_253_683_200, 5_717_416], ["DeiT_S", 4_598_882_304, 22_050_664],
  ])("%s takes %d MACs and has %d parameters (07, check 3)", (name, macs, params) => {
    const counts = countsOf(program, netNamed(program, name));
    expect([counts.macs, counts.params]).toEqual([macs, params]);
  });

  // The same table, column "repo FLOPs".
  it.each([
    ["A", 858_652_480], ["B", 990_624_768], ["C", 1_303_042_496], ["E", 2_706_797_632], ["F", 4_930_994_656], ["DeiT_Ti", 1_284_003_840], ["DeiT_S", 4_648_906_752],
  ])("%s takes %d MACs as the published code counts: no class token, the classifier for every patch (07, check 3)", (name, macs) => {
    expect(countsOf(asCounted, netNamed(asCounted, name)).macs).toBe(macs);
  });

  it("has every width of every network divided by its heads, and reports a width that is not (07, check 8)", () => {
    // 1320 / 10 / 3 = 44 channels of queries, which 3 heads do not divide.
    const text = textOfSample(NAME);
    const part = (from: string, to: string): string => text.slice(text.indexOf(from), text.indexOf(to));
    const cells = `${part("import { HeadsOf", "/// Up to sixteen")}\n${part("/// Twelve blocks", "/// Heads and depth")}`;
    expect(told(checkText(cells))).toEqual([]);
    const findings = told(checkText(cells.replace("const INNER = 1440", "const INNER = 1320")));
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every((finding) => /heads/.test(finding))).toBe(true);
  });

  it("runs one step of 20 networks at a reduced size", async () => {
    expect(await oneStep(NAME, "Cells", SMALL, 20)).toEqual([]);
  }, 60_000);
});
