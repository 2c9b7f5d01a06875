/** Whole T0 networks of ShiftAddNAS, layer by layer where the records are at hand and in sum (dossier 01). */
import { describe, expect, it } from "vitest";
import { shiftAddNasArray, shiftAddNasCycle, shiftAddNasPrices } from "../../../src/hw/reference-models/rice-eic-presets.js";
import { chooseTiling } from "../../../src/hw/reference-models/rice-eic-search.js";
import { mixV3, mixV4, t0Layers, type RecordedLayer } from "./shiftaddnas-nets.js";
import { shared } from "./shared-data.js";

interface Priced extends RecordedLayer { readonly millijoules: number; readonly seconds: number }

const known = new Map<string, readonly [number, number]>();

function priced(layers: readonly RecordedLayer[], elements: 168 | 192): Priced[] {
  return layers.map((given) => {
    const key = JSON.stringify([given.operator, given.layer, elements]);
    if (!known.has(key)) {
      const choice = chooseTiling(given.layer, shiftAddNasArray(elements), shiftAddNasPrices(given.operator), "row_stationary", "normalised_sum")!;
      known.set(key, [choice.energy * 1e-9, choice.cycles * shiftAddNasCycle(given.operator)]);
    }
    const [millijoules, seconds] = known.get(key)!;
    return { ...given, millijoules, seconds };
  });
}

describe.each([
  ["T0_mix_v3", mixV3, 224, 168, 242.26, 206.4, "bossnet_T0_mix_v3_distilled-224"], ["T0_mix_v4", mixV4, 224, 168, 219.81, 181.06, "bossnet_T0_mix_v4_distilled_Q-224"],
  ["T0_mix_v3", mixV3, 256, 168, 310.45, 255.6, "bossnet_T0_mix_v3_distilled-256"], ["T0_mix_v4", mixV4, 256, 192, 281.07, 219.16, "bossnet_T0_mix_v4_distilled_Q-256"],
] as const)("%s %#", (_, network, resolution, elements, millijoules, milliseconds, folder) => {
  it("sums to the record", () => {
    const layers = priced(t0Layers(network, resolution), elements);
    const digits = (value: number): string => value.toFixed(2);
    expect(digits(layers.reduce((sum, layer) => sum + layer.millijoules, 0))).toBe(digits(millijoules));
    expect(digits(1e3 * layers.reduce((sum, layer) => sum + layer.seconds, 0))).toBe(digits(milliseconds));
  });

  const records = (["conv", "add", "shift", "linear", "matmul"] as const).flatMap((kind) => {
    if (kind === "add" && network === mixV4) return [];
    const file = `system-data/shiftaddnas/hw_record__${folder}__${kind === "shift" && folder.includes("_Q") ? "shfit_q" : kind}.csv`;
    return [[kind, shared(file, `${folder} ${kind}`)] as const];
  });
  it.skipIf(!records.every(([, file]) => file.present))("equals every row of the record", () => {
    const layers = priced(t0Layers(network, resolution), elements);
    for (const [kind, file] of records) {
      const rows = file.text().trim().split("\n").map((line) => line.split(",").map(Number));
      const own = layers.filter((layer) => layer.record === kind);
      expect(own.length, kind).toBe(rows.length);
      own.forEach((layer, index) => {
        expect(Math.abs(layer.millijoules / rows[index]![2]! - 1), `${kind} ${index + 1} energy`).toBeLessThan(1e-9);
        expect(Math.abs(layer.seconds / rows[index]![3]! - 1), `${kind} ${index + 1} latency`).toBeLessThan(1e-9);
      });
    }
  });
});
