/** Totals from laid-out tables: the same to the bit as adding node by node, alone and many at once. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCostModel, energyOf } from "../../src/hw/cost-model.js";
import { exactTotals } from "../../src/hw/exact-totals.js";
import { spaceTables, type SpaceTables } from "../../src/hw/node-tables.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { programOf } from "../ir/check/programs.js";

const samples = ["samples/quickstart.nas", "samples/mobile-hybrid.nas", "samples/04-spos.nas", "samples/co-search.nas"];

function setUp(file: string) {
  const [plan] = [...programOf(readFileSync(file, "utf8")).searches.values()];
  const queries = spaceQueries(plan!.space);
  const random = randomStream(2, "exact totals");
  return { space: plan!.space, tables: spaceTables(plan!.space, createCostModel(plan!.accelerator)), queries, architectures: Array.from({ length: 50 }, () => queries.samplePath(random)) };
}

/** One node after the other. */
function plainTotals({ nodes, params, size }: SpaceTables, assignment: readonly number[]) {
  const costs = nodes.flatMap((node) => node.at(assignment) ?? []);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const chunks = [...new Set(costs.map(({ chunk }) => chunk))];
  return {
    params: sum(params.map((term) => term.at(assignment))), size: sum(size.map((term) => term.at(assignment))), macs: sum(costs.map(({ macs }) => macs)), bitops: sum(costs.map(({ bitops }) => bitops)),
    multiplies: sum(costs.map(({ multiplies }) => multiplies)), shifts: sum(costs.map(({ shifts }) => shifts)), adds: sum(costs.map(({ adds }) => adds)), bytes: sum(costs.map(({ bytes }) => bytes)),
    energy: sum(costs.map(({ energy }) => energyOf(energy))), latency: sum(costs.map(({ latency }) => latency)),
    period: Math.max(0, sum(costs.map(({ externalTime }) => externalTime)), ...chunks.map((chunk) => sum(costs.filter((cost) => cost.chunk === chunk).map(({ latency }) => latency)))),
  };
}

describe.each(samples)("totals of %s", (file) => {
  const { space, tables, queries, architectures } = setUp(file);
  const assignmentOf = queries.assignment;
  const plain = architectures.map((architecture) => plainTotals(tables, assignmentOf(architecture)));

  it("are those of adding node by node, to the bit", () => {
    const totals = exactTotals(space, tables, assignmentOf);
    expect(totals(architectures)).toEqual(plain);
    expect(architectures.map((architecture) => totals([architecture])[0])).toEqual(plain);
  });

  it("are the same where some tables are too wide to list", () => {
    const wide = { nodes: tables.nodes.map(({ cells, ...rest }, index) => (index % 3 === 0 || cells === undefined ? rest : { ...rest, cells })), params: tables.params.map(({ scope, at }) => ({ scope, at })), size: tables.size };
    expect(exactTotals(space, wide, assignmentOf)(architectures)).toEqual(plain);
  });
});
