/** The tables of settings: complete, consistent with themselves, with the cost model and with the standard library. */
import { describe, expect, it } from "vitest";
import { metricNames as computedMetrics, metrics as computed } from "../../../src/hw/metrics.js";
import { metricDescriptions } from "../../../src/ir/plans/metrics.js";
import { inRange, settingForm } from "../../../src/ir/plans/read-value.js";
import type { SettingDescription } from "../../../src/ir/plans/setting-types.js";
import { acceleratorSettings, searchSettings } from "../../../src/ir/plans/settings.js";

/** Every table, with the place that it belongs to. */
function tables(place: string, table: readonly SettingDescription[]): { place: string; table: readonly SettingDescription[] }[] {
  return [{ place, table }, ...table.flatMap((setting) => [
    ...(setting.settings ? tables(`${place} ${setting.name}`, setting.settings) : []),
    ...(setting.type.kind === "word" ? setting.type.words.flatMap((word) => (word.settings ? tables(`${place} ${setting.name} ${word.name}`, word.settings) : [])) : []),
  ])];
}

const all = [...tables("accelerator", acceleratorSettings), ...tables("search", searchSettings)];
const settings = all.flatMap(({ place, table }) => table.map((setting) => ({ place: `${place} ${setting.name}`, setting })));

describe("the tables of settings", () => {
  it("have distinct names and a summary for everything", () => {
    for (const { place, table } of all) expect(new Set(table.map(({ name }) => name)).size, place).toBe(table.length);
    for (const { place, setting } of settings) expect(setting.summary.length, place).toBeGreaterThan(0);
    for (const { place, setting } of settings) if ("words" in setting.type) for (const word of setting.type.words) expect(word.summary, `${place} ${word.name}`).not.toBe("");
  });

  it("have defaults of their own type and in their own range", () => {
    for (const { place, setting: { type, defaultValue } } of settings) {
      if (defaultValue === undefined) continue;
      if (type.kind === "number") expect(typeof defaultValue === "number" && inRange(defaultValue, type), place).toBe(true);
      if (type.kind === "word") expect(type.words.map(({ name }) => name), place).toContain(defaultValue);
      if (type.kind === "words") for (const word of defaultValue as readonly string[]) expect(type.words.map(({ name }) => name), place).toContain(word);
      if (type.kind === "boolean") expect(typeof defaultValue, place).toBe("boolean");
    }
  });

  it("say of every number and word what happens without it", () => {
    const silent = settings.filter(({ setting }) => (setting.type.kind === "word" || setting.type.kind === "number") && setting.defaultValue === undefined && setting.defaultText === undefined && setting.required !== true);
    // Sizes, limits and batches that are simply absent when they are not given.
    expect(silent.map(({ place }) => place)).toEqual(["accelerator memory size", "accelerator chunk map stationary", "search data limit", "search data batch"]);
  });

  it("name only available words as stand-ins", () => {
    for (const { place, setting: { type } } of settings) {
      if (!("words" in type)) continue;
      for (const { insteadYet } of type.words) if (insteadYet !== undefined) expect(type.words.find(({ name }) => name === insteadYet)?.insteadYet, place).toBeUndefined();
    }
  });

  it("can be shown as they are written", () => {
    for (const { place, setting } of settings) expect(settingForm(setting).startsWith(setting.name), place).toBe(true);
  });
});

describe("metrics", () => {
  it("are accuracy and what the cost model computes, with the same units", () => {
    const dimensions = { count: "count", B: "bytes", J: "energy", s: "time" } as const;
    expect(metricDescriptions.map(({ name }) => name)).toEqual(["accuracy", ...computedMetrics]);
    for (const { name, unit } of computed) expect(metricDescriptions.find((metric) => metric.name === name)?.dimension, name).toBe(dimensions[unit]);
  });
});
