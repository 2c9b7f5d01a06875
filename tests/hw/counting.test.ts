/** Ways of counting, against counts by hand; what they reproduce of publications stands in the tests of the samples. */
import { describe, expect, it } from "vitest";
import { countingNames, countNet, describeCounting, readCounting, type Counted } from "../../src/hw/counting.js";
import { bind } from "../../src/ir/bind.js";
import { programOf } from "../ir/check/programs.js";

// conv 3x3 1->4 on 8x8 with biases, batch norm, relu, pooled to 4x4, dense 64->10.
const net = bind(programOf("space S {\n  input image: f32[8, 8, 1]\n  output y = image -> conv(4, kernel = 3, bias = true) -> batch_norm -> relu -> max_pool(2) -> reshape([64]) -> dense(10)\n}").spaces.get("S")!, []);

function counted(text: string): Counted {
  const counting = readCounting(text);
  if (!counting.ok) throw new Error(counting.diagnostics[0]!.title);
  return countNet(net, counting.value);
}

const POINTS = 64 * 9 * 4 + 640;
const PARAMS = 36 + 4 + 8 + 640 + 10;

describe("a way of counting", () => {
  it.each([
    ["", PARAMS, POINTS], ["macs", PARAMS, POINTS], ["flops", PARAMS, 2 * POINTS],
    ["biases=0", PARAMS - 14, POINTS], ["norms=0", PARAMS - 8, POINTS], ["norms=0, biases=0", 676, POINTS],
    ["norm_work=2", PARAMS, POINTS + 2 * 256], ["activation_work=1", PARAMS, POINTS + 256], ["pooling_work=4", PARAMS, POINTS + 4 * 64], ["bias_work=1", PARAMS, POINTS + 256 + 10],
    ["flops, norm_work=2, bias_work=1", PARAMS, 2 * POINTS + 2 * 256 + 266],
    ["as_published(thop)", PARAMS, POINTS + 512], ["as_published(nas_bench_201)", PARAMS, POINTS + 10],
    ["as_published(efficientformer_v2)", 36 + 1 + 650, POINTS],
  ])("%j gives %d parameters and %d operations", (text, params, operations) => {
    expect(counted(text)).toEqual({ params, operations });
  });

  it("counts tensors that two nodes share once, their operations twice", () => {
    const shared = bind(programOf("space S {\n  input x: f32[8]\n  y = x -> dense(8) weights trunk\n  output z = y -> dense(8) weights trunk\n}").spaces.get("S")!, []);
    const counting = readCounting("");
    expect(counting.ok && countNet(shared, counting.value)).toEqual({ params: 72, operations: 128 });
  });

  it("says in its sentence what it counts", () => {
    for (const name of countingNames) {
      const counting = readCounting(name);
      expect(counting.ok && describeCounting(counting.value)).toContain(`${name}: a point`);
    }
    const without = readCounting("norms=0,multiply_add=2");
    expect(without.ok && describeCounting(without.value)).toMatch(/is 2 operations.*without batch_norm, .*layer_norm/);
  });

  it.each([["flop", "did you mean `flops`?"], ["norm=0", "did you mean `norms`"], ["biases=2", "from 0 to 1"], ["norms=", "from 0 to 1"], ["norms=0, flops", "a preset stands first"], ["as_published(tph)", "as_published(thop)"]])("refuses %j", (text, said) => {
    const read = readCounting(text);
    if (read.ok) throw new Error("accepted");
    const [{ code, why, help }] = [read.diagnostics[0]!];
    expect([code, `${why} ${help}`]).toEqual(["NAS9009", expect.stringContaining(said)]);
  });
});
