/** Parts of the report by themselves: axes with readable ticks, blocks of a network, the data of a folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { axisOver } from "../../src/report/axis.js";
import { blocksOf } from "../../src/report/blocks.js";
import { collectReport, operatorMix } from "../../src/report/collect.js";
import { renderReport } from "../../src/report/render.js";
import { openStudy } from "../../src/search/study.js";
import { chosenCost, chosenNet, curveOf, documentOf, trialsOf } from "./fixtures.js";

describe("axes", () => {
  it("take one unit with a prefix for all ticks", () => {
    const axis = axisOver([4e-7, 3.2e-6], { name: "energy", metric: "energy", from: 0, to: 100 });
    expect(axis.label).toBe("energy (µJ)");
    expect(axis.ticks.map(({ text }) => text)).toContain("1.5");
    expect(axisOver([1e4, 9e4], { name: "params", metric: "params", from: 0, to: 100 }).label).toBe("params (thousands)");
    expect(axisOver([0.7, 0.94], { name: "accuracy", metric: "accuracy", from: 0, to: 100 }).ticks.map(({ text }) => text)).toContain("75");
  });

  it("become logarithmic where the values are far apart, unless some are not positive", () => {
    const wide = axisOver([1e-7, 4e-5], { name: "energy", metric: "energy", from: 0, to: 100 });
    expect(wide.logarithmic).toBe(true);
    expect(wide.ticks.map(({ text }) => text)).toEqual(["0.1", "0.3", "1", "3", "10", "30"]);
    expect(axisOver([0, 4e-5], { name: "energy", metric: "energy", from: 0, to: 100 }).logarithmic).toBe(false);
  });

  it("place every value between their ends and have few ticks, whatever the data", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { maxLength: 20 }), (values) => {
      const axis = axisOver(values, { name: "x", from: 10, to: 200 });
      const places = [...values, ...axis.ticks.map(({ value }) => value)].map((value) => axis.place(value));
      expect(places.every((place) => place >= 9.99 && place <= 200.01)).toBe(true);
      expect(axis.ticks.length).toBeLessThan(24);
    }));
  });
});

describe("blocks of a network", () => {
  const net = chosenNet();
  const blocks = blocksOf({ hash: "a", net, cost: chosenCost(net) });

  it("fold normalisations and activations into the layer before them", () => {
    expect(blocks.map(({ title }) => title)).toEqual(["input", "conv 3×3, stride 2", "conv 5×5", "+", "shift 3×3", "+", "add 3×3", "+", "axial attention, 4 heads", "+", "shift 5×5", "+", "global_pool", "dense", "output"]);
    expect(blocks[1]!.folded).toEqual(["batch_norm", "relu"]);
    expect(blocks[3]!.inputs).toEqual([1, 2]);
  });

  it("keep all of the cost", () => {
    const sum = blocks.flatMap(({ rows }) => rows).reduce((total, row) => total + row.energy, 0);
    expect(sum).toBeCloseTo(chosenCost(net).totals.energy, 15);
  });

  it("count the operators that do arithmetic", () => {
    expect(operatorMix(net)).toMatchObject({ conv: 2, shift: 2, add: 1, attention: 1, dense: 1 });
  });
});

describe("the folder of a search", () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "nasc-report-")); });
  afterEach(() => rmSync(folder, { recursive: true }));

  const trials = trialsOf(12, 4);
  const document = documentOf(trials);

  function record(curve: string | undefined): void {
    const study = openStudy(folder, { identity: document.identity, mode: "create", codeVersion: "0.1.0" });
    if (!study.ok) throw new Error(JSON.stringify(study.diagnostics));
    for (const trial of trials) study.value.record(trial);
    if (curve !== undefined) study.value.note("supernet curve", curve);
    study.value.close();
  }

  it("gives trials, front and curve without the program", () => {
    record(JSON.stringify(curveOf(5)));
    writeFileSync(join(folder, "pareto.json"), JSON.stringify(document));
    const collected = collectReport(folder);
    if (!collected.ok) throw new Error(JSON.stringify(collected.diagnostics));
    expect(collected.value.trials).toEqual(trials);
    expect(collected.value.curve).toEqual(curveOf(5));
    expect(collected.value.missing).toEqual([expect.stringContaining("program of this run")]);
  });

  it("finds derived networks, the most accurate first, and names files it cannot read", () => {
    record(JSON.stringify(curveOf(5)));
    writeFileSync(join(folder, "pareto.json"), JSON.stringify(document));
    mkdirSync(join(folder, "derived"));
    const network = (hash: string, accuracy: number): string => JSON.stringify({ schema: "nasc/1", kind: "derived", hash, from: "scratch", labels: {}, test: { accuracy, loss: 1 }, validation: { accuracy, loss: 1 }, costs: {}, epochs: 2, seed: 1 });
    writeFileSync(join(folder, "derived/a.json"), network("a", 0.5));
    writeFileSync(join(folder, "derived/b.json"), network("b", 0.75));
    writeFileSync(join(folder, "derived/c.json"), "{}");
    const collected = collectReport(folder);
    if (!collected.ok) throw new Error(JSON.stringify(collected.diagnostics));
    expect(collected.value.derived?.map(({ hash }) => hash)).toEqual(["b", "a"]);
    expect(collected.value.missing?.some((text) => text.includes("derived/c.json"))).toBe(true);
    const page = renderReport(collected.value);
    expect(page).toContain("75.00 %");
    expect(page).not.toMatch(/>undefined|NaN/);
  });

  it.each(["not json", "[1]", undefined])("says so where the curve is %s", (curve) => {
    record(curve);
    writeFileSync(join(folder, "pareto.json"), JSON.stringify(document));
    const collected = collectReport(folder);
    expect(collected.ok && collected.value.missing?.[0]).toContain("training curve");
  });

  it("fails where there is no study, and without a plan where the search has not ended", () => {
    expect(collectReport(folder)).toMatchObject({ ok: false, diagnostics: [{ code: "NAS7008" }] });
    record(undefined);
    expect(collectReport(folder)).toMatchObject({ ok: false, diagnostics: [{ code: "NAS7008" }] });
  });
});
