/**
 * AceNAS' spaces (dossier 15): sizes, and NAS-Bench-201's own parameter and work columns (the shared data, columns `params_M_c10` and
 * `macs_M_c10` of the table of hardware costs: 0.073306 + 0.028 n1x1 + 0.24304 n3x3 and 7.78305 + 3.93216 n1x1 + 35.38944 n3x3 million).
 * That work counts the ten biases of the classifier; ours does not, unless `as_published(nas_bench_201)` is asked for.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { oneStep } from "./one-step.js";
import { countedAs, countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("15-acenas");
const KINDS = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"];
const table = join(process.env.NASC_SHARED ?? "../shared", "data", "hw-nas-bench-201.csv.gz");

describe("15 acenas", () => {
  it("counts 5^6 cells, and chains that may leave out 15 of their 21 layers", () => {
    expect(spaceQueries(program.spaces.get("NasBench201")!).count()).toBe(15_625n);
    expect(spaceQueries(program.spaces.get("Chain")!).count()).toBe(6n ** 6n * 7n ** 15n);
  });

  it.each([
    ["Cell0", 129_306, 15_647_360], ["Cell1", 802_426, 113_951_360], ["CellLargest", 73_306 + 6 * 243_040, 7_783_040 + 6 * 35_389_440],
  ])("%s has %d parameters and %d MACs", (name, params, macs) => {
    expect(countsOf(program, netNamed(program, name))).toEqual({ params, macs });
  });

  if (!existsSync(table)) console.warn(`SKIPPED: the table of NAS-Bench-201 is not at ${table}; set NASC_SHARED`);
  it.skipIf(!existsSync(table))("has the parameters and the work of the benchmark's cells", () => {
    const rows = gunzipSync(readFileSync(table)).toString("utf8").trim().split("\n").slice(1).filter((_, row) => row % 251 === 0);
    expect(rows.length).toBe(63);
    const space = program.spaces.get("NasBench201")!;
    for (const row of rows) {
      const [, cell, macs, params] = row.split(",");
      const genes = [...cell!.matchAll(/([a-z_0-9]+)~/g)].map((match) => KINDS.indexOf(match[1]!));
      const found = countedAs("as_published(nas_bench_201)", bind(space, genes));
      expect([cell, found.operations / 1e6, found.params / 1e6]).toEqual([cell, Number(macs), Number(params)]);
    }
  });

  it.each([
    ["NasBench201", { DEPTH: "1", SIDE: "16" }], ["Chain", { PROXYLESS_SIDE: "32", PROXYLESS_CLASSES: "10", SHRINK: "8" }],
  ])("%s runs one step at a reduced size", async (space, constants) => {
    expect(await oneStep("15-acenas", space, constants)).toEqual([]);
  }, 300_000);
});
