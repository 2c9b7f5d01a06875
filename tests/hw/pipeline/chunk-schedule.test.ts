/** Schedules of pipelined layers: who issues when, what is at hand, and that memory is never held twice. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ROOM_STEPS, scheduleLayers, type ScheduledLayer } from "../../../src/hw/pipeline/chunk-schedule.js";

describe("a schedule", () => {
  it("lets the chunk with the least accumulated time issue next, with what the layers beside it leave", () => {
    // By hand: a 3 s, b 2 s, b 2 s, a 1 s; layers hold what they need, 1/4 (a) and 1/2 and 1/8 (b).
    const layers = [["a", 0.25, 3], ["b", 0.5, 2], ["b", 0.125, 2], ["a", 0.25, 1]].map(([unit, least, expected]) => ({ unit, least, expected }) as ScheduledLayer);
    const { issues, end, waited } = scheduleLayers(layers, (layer) => ({ latency: layers[layer]!.expected, held: layers[layer]!.least }));
    // The first of a leaves b its half; the last of b starts beside one of a, the last of a beside one of b, which holds an eighth.
    expect(issues.map(({ layer, start, room }) => [layer, start, room])).toEqual([[0, 0, 0.5], [1, 0, 0.75], [2, 2, 0.75], [3, 3, 0.875]]);
    expect([end, waited]).toEqual([4, {}]);
  });

  it("makes a layer wait where others hold what it needs, as they took longer than was expected", () => {
    const layers: readonly ScheduledLayer[] = [{ unit: "a", least: 0.5, expected: 1 }, { unit: "b", least: 0.25, expected: 2 }, { unit: "b", least: 0.5, expected: 1 }];
    // The layer of a is expected to be done before the large one of b starts, takes what is left until then, and stays.
    const { issues, end, waited } = scheduleLayers(layers, (layer, room) => ({ latency: [3, 2, 1][layer]!, held: layer === 0 ? room : layers[layer]!.least }));
    expect(issues.map(({ layer, start, held }) => [layer, start, held])).toEqual([[0, 0, 0.75], [1, 0, 0.25], [2, 3, 0.5]]);
    expect([end, waited]).toEqual([4, { b: 1 }]);
  });

  it("leaves out what nobody runs", () => {
    expect(scheduleLayers([{ unit: undefined, least: 0, expected: 1 }], () => ({ latency: 1, held: 0 }))).toEqual({ issues: [], end: 0, waited: {} });
  });

  // Of three chunks none needs more than a third, so that all can run at once.
  const given = fc.array(fc.record({ unit: fc.constantFrom("a", "b", "c"), expected: fc.integer({ min: 1, max: 9 }), longer: fc.integer({ min: -1, max: 3 }), needs: fc.integer({ min: 0, max: 10 }), greed: fc.integer({ min: 0, max: ROOM_STEPS }) }), { minLength: 1, maxLength: 14 });

  it("never has more held than there is, keeps the order of every chunk, waits only for memory, and ends with the last layer", () => {
    fc.assert(fc.property(given, (drawn) => {
      const layers = drawn.map(({ unit, expected, needs }): ScheduledLayer => ({ unit, expected, least: needs / 30 }));
      const latency = drawn.map(({ expected, longer }) => Math.max(1, expected + longer));
      const { issues, end, waited } = scheduleLayers(layers, (layer, room) => ({ latency: latency[layer]!, held: Math.min(room, layers[layer]!.least + drawn[layer]!.greed / ROOM_STEPS) }));
      expect(issues.map(({ layer }) => layer).sort((a, b) => a - b)).toEqual(drawn.map((_, layer) => layer));
      for (const { start, room, layer } of issues) {
        const running = issues.filter((other) => other.start <= start && other.end > start);
        expect(running.reduce((sum, { held }) => sum + held, 0)).toBeLessThanOrEqual(1 + 1e-8);
        expect(new Set(running.map(({ unit }) => unit)).size).toBe(running.length);
        expect(room).toBeGreaterThanOrEqual(layers[layer]!.least);
      }
      for (const unit of ["a", "b", "c"]) {
        const own = issues.filter((issue) => issue.unit === unit);
        expect(own.map(({ layer }) => layer)).toEqual([...own.map(({ layer }) => layer)].sort((a, b) => a - b));
        const busy = own.reduce((sum, { layer }) => sum + latency[layer]!, 0);
        if (own.length > 0) expect(own.at(-1)!.end).toBeCloseTo(busy + (waited[unit] ?? 0), 9);
      }
      if (drawn.every(({ longer }) => longer <= 0)) expect(waited).toEqual({});
      expect(end).toBe(Math.max(...issues.map((issue) => issue.end)));
    }), { numRuns: 500 });
  });
});
