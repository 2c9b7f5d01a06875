/** Convolutions: output extents, messages of windows that do not fit, and workloads as index expressions (hardware.md 2.1). */
import { describe, expect, it } from "vitest";
import type { IndexExpression } from "../../src/ops/workload.js";
import { evaluate, operatorNamed, problemOf, shapeOf } from "./evaluate.js";

const text = (indices: readonly IndexExpression[]): string => indices.map(({ terms }) => terms.map(({ dimension, coefficient }) => `${coefficient === 1 ? "" : coefficient}${dimension}`).join("+")).join(" ");
const nestOf = (name: string, inputs: readonly number[], attributes: Parameters<typeof shapeOf>[2]): { points: number; bounds: string; tensors: string[] } => {
  const nest = operatorNamed(name).workload([inputs], attributes, shapeOf(name, [inputs], attributes)).nests[0]!;
  return { points: nest.points, bounds: nest.dimensions.map((dimension) => `${dimension.name}${dimension.bound}`).join(" "), tensors: nest.tensors.map((tensor) => `${tensor.name}[${text(tensor.indices)}] ${tensor.words}`) };
};

describe("windows", () => {
  it.each([
    [{ kernel: 3 }, [7, 9, 4]],
    [{ kernel: 3, stride: 2 }, [4, 5, 4]],
    [{ kernel: [5, 1], stride: [1, 2], padding: "valid" }, [3, 5, 4]],
    [{ kernel: 3, dilation: 3, padding: "valid" }, [1, 3, 4]],
    [{ kernel: 4, stride: 2, padding: { tag: "pixels", arguments: { top: 1, bottom: 1, left: 1, right: 2 } } }, [3, 5, 4]],
  ])("%j make 7 x 9 pixels %j", (attributes, shape) => {
    expect(shapeOf("conv", [[7, 9, 3]], { channels: 4, ...attributes })).toEqual(shape);
  });

  it("that do not fit are explained by an equation", () => {
    expect(problemOf("conv", [[7, 9, 3]], { channels: 4, kernel: 8, padding: "valid" })).toMatchObject({ detail: "kernel 8 > height 7", parameter: "kernel" });
    expect(problemOf("depthwise", [[7, 9, 3]], { kernel: [1, 5], dilation: 3, padding: { tag: "pixels", arguments: { left: 1 } } }).detail).toBe("kernel (5 - 1) * 3 + 1 = 13 > width 9 + 1 = 10");
  });

  it("pad only where they are told to", () => {
    const padding = { tag: "pixels", arguments: { left: 1 } };
    const x = { shape: [1, 1, 3, 1], values: [1, 2, 3] };
    expect(evaluate("conv", [x], { channels: 1, kernel: [1, 2], padding }, { filter: { shape: [1, 2, 1, 1], values: [1, 10] } }).values).toEqual([10, 21, 32]);
  });
});

describe("convolutions", () => {
  it("say what is wrong with groups, ranks and channels", () => {
    expect(problemOf("conv", [[8, 8, 16]], { channels: 32, groups: 3 })).toMatchObject({ detail: "16 / 3 = 5.333", parameter: "groups" });
    expect(problemOf("conv", [[8, 8, 6]], { channels: 32, groups: 3 })).toMatchObject({ detail: "32 / 3 = 10.667", parameter: "channels" });
    expect(problemOf("conv", [[128]], { channels: 4 }).detail).toBe("its input is [128], not [height, width, channels]");
    expect(problemOf("conv", [[8, 8, 0]], { channels: 4 }).detail).toBe("its shape is [8, 8, 0]");
    expect(problemOf("conv", [[8, 8, 3]], { channels: 0 })).toMatchObject({ detail: "channels = 0, not a whole number of at least 1", parameter: "channels" });
    expect(problemOf("conv", [[8, 8, 3]], { channels: 4, padding: "full" }).detail).toBe("padding = full, not one of same, valid, pixels");
    expect(problemOf("conv", [], { channels: 4 }).detail).toBe("0 tensors given, 1 needed");
  });

  it("have the loop nests of hardware.md 2.1", () => {
    expect(nestOf("conv", [7, 9, 4], { channels: 8, kernel: [3, 5], stride: [2, 1], dilation: [1, 2], padding: "same" })).toEqual({
      points: 8 * 4 * 4 * 9 * 3 * 5, bounds: "k8 c4 p4 q9 r3 s5",
      tensors: ["W[k c r s] 480", "I[c 2p+r q+2s] 252", "O[k p q] 288"],
    });
    expect(nestOf("conv", [4, 4, 4], { channels: 6, groups: 2 })).toEqual({ points: 2 * 3 * 2 * 16 * 9, bounds: "g2 k3 c2 p4 q4 r3 s3", tensors: ["W[g k c r s] 108", "I[g c p+r q+s] 64", "O[g k p q] 96"] });
    expect(nestOf("depthwise", [4, 4, 6], { stride: 2 })).toEqual({ points: 6 * 4 * 9, bounds: "g6 p2 q2 r3 s3", tensors: ["W[g r s] 54", "I[g 2p+r 2q+s] 96", "O[g p q] 24"] });
    expect(nestOf("dense", [5, 4], { channels: 3 })).toEqual({ points: 60, bounds: "m5 k3 c4", tensors: ["W[k c] 12", "I[m c] 20", "O[m k] 15"] });
  });

  it("start as He and Glorot have it", () => {
    expect(operatorNamed("conv").weights([[8, 8, 4]], { channels: 6, kernel: 5 })[0]!.initializer).toEqual({ kind: "normal", deviation: Math.sqrt(2 / 100) });
    expect(operatorNamed("dense").weights([[10]], { channels: 14 })[0]!.initializer).toEqual({ kind: "uniform", low: -0.5, high: 0.5 });
  });

  it("take bias and multiplier where asked", () => {
    const x = { shape: [1, 1, 1, 2], values: [1, 2] };
    expect(evaluate("conv", [x], { channels: 1, kernel: 1, bias: true }, { filter: { shape: [1, 1, 2, 1], values: [3, 4] }, bias: { shape: [1], values: [5] } }).values).toEqual([16]);
    expect(evaluate("depthwise", [x], { kernel: 1, multiplier: 2 }, { filter: { shape: [1, 1, 2, 2], values: [1, 2, 3, 4] } }).values).toEqual([1, 2, 6, 8]);
    expect(evaluate("dense", [x], { channels: 1, bias: false }, { weight: { shape: [2, 1], values: [3, 4] } })).toEqual({ shape: [1, 1, 1, 1], values: [11] });
  });
});
