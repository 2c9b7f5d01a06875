/**
 * The shift layer against DeepShift (deepshift/modules_q.py, modules.py, ste.py): the acceptance values of the ShiftAddNAS dossier,
 * the exponent ranges of 5 and 6 bits (NASA), and the two forms' gradients.
 */
import { describe, expect, it } from "vitest";
import { evaluate, gradientsOfSum, operatorNamed, type Values } from "./evaluate.js";

const pixel = (...values: readonly number[]): Values => ({ shape: [1, 1, 1, values.length], values });
const filter = (...values: readonly number[]): Values => ({ shape: [1, 1, values.length, 1], values });
const one = { channels: 1, kernel: 1 };

/** The weight that a latent one becomes, seen through an input of 1. */
const quantized = (w: number, bits = 5): number => evaluate("shift", [pixel(1)], { ...one, bits }, { filter: filter(w) }).values[0]!;
const composed = (exponent: number, sign: number, more = {}): number => evaluate("shift", [pixel(1)], { ...one, mode: "ps", ...more }, { exponent: filter(exponent), sign: filter(sign) }).values[0]!;

describe("shift weights of form Q", () => {
  it.each([[0.3, 0.25], [0.36, 0.5], [0.354, 0.5], [0.3535, 0.25], [1.7, 1], [-0.01, -(2 ** -7)], [0, 0], [1e-6, 2 ** -15]])("round %f to %f (dossier 01, acceptance check 4)", (latent, weight) => {
    expect(quantized(latent)).toBe(weight);
  });

  it("reach 2^-31 with the 6 bits of NASA (dossier 02)", () => {
    expect(quantized(1e-30, 6)).toBe(2 ** -31);
    expect(quantized(-1e-30, 5)).toBe(-(2 ** -15));
  });

  it("pass the gradient unchanged, clamped or not", () => {
    const latent = filter(0.3, 1.7, -0.01, 0, 1e-6);
    const { filter: gradient, input0 } = gradientsOfSum("shift", [pixel(0.5, -2, 3, 4, 5)], one, { filter: latent });
    expect(gradient).toEqual([0.5, -2, 3, 4, 5]);
    expect(input0).toEqual([0.25, 1, -(2 ** -7), 0, 2 ** -15]);
  });

  it("start from a uniform of 1 / sqrt(fan-in)", () => {
    expect(operatorNamed("shift").weights([[8, 8, 4]], { channels: 6, kernel: 3 })).toMatchObject([{ name: "filter", shape: [3, 3, 4, 6], initializer: { kind: "uniform", low: -1 / 6, high: 1 / 6 } }]);
  });
});

describe("shift weights of form PS", () => {
  it("are a power of two and a ternary sign; rounding is half to even", () => {
    expect([composed(-2.4, 0.9), composed(-2.5, -0.9), composed(-1.5, 0.9)]).toEqual([0.25, -0.25, 0.25]);
    expect([composed(-3, 0.5), composed(-3, 0.51), composed(-3, -0.5)].map((w) => w + 0)).toEqual([0, 0.125, 0]);
    expect([composed(3, 1), composed(-99, 1)]).toEqual([1, 2 ** -14]);
  });

  it("are zero within the threshold", () => {
    const theta = { threshold: 0.3 };
    expect([composed(-1, 0.3, theta), composed(-1, 0.31, theta), composed(-1, -0.31, theta)]).toEqual([0, 0.5, -0.5]);
  });

  it("send dw w ln 2 to the exponent and dw, not multiplied by the power, to the sign", () => {
    const gradients = gradientsOfSum("shift", [pixel(2, 2, 2)], { ...one, mode: "ps" }, { exponent: filter(-2, -3, -1), sign: filter(0.9, -0.9, 0.1) });
    expect(gradients.exponent).toEqual([2 * 0.25 * Math.LN2, 2 * -0.125 * Math.LN2, 0]);
    expect(gradients.sign).toEqual([2, 2, 2]);
  });

  it("start uniform over the exponents and over signs, without decay", () => {
    expect(operatorNamed("shift").weights([[8, 8, 4]], { channels: 6, kernel: 3, mode: "ps" })).toMatchObject([
      { name: "exponent", initializer: { kind: "uniform", low: -14, high: 0 }, decay: false },
      { name: "sign", initializer: { kind: "uniform", low: -1, high: 1 }, decay: false },
    ]);
  });
});

describe("the shift layer", () => {
  it("puts inputs and bias on a grid of 2^-16, rounding down, with the gradient unchanged", () => {
    const weights = { filter: filter(1), bias: { shape: [1], values: [-(2 ** -17)] } };
    expect(evaluate("shift", [pixel(2 ** -16 * 3.9)], { ...one, bias: true }, weights).values).toEqual([2 ** -16 * 3 - 2 ** -16]);
    expect(evaluate("shift", [pixel(1e9)], one, { filter: filter(1) }).values).toEqual([2 ** 15 - 1]);
    expect(gradientsOfSum("shift", [pixel(1e9)], one, { filter: filter(1) }).input0).toEqual([1]);
    expect(evaluate("shift", [pixel(0.3)], { ...one, fixed_point: false }, { filter: filter(1) }).values).toEqual([0.3]);
  });

  it("asks for shifts, with weights of its own width", () => {
    const { nests } = operatorNamed("shift").workload([[6, 6, 4]], { channels: 8, kernel: 3, stride: 2, bits: 6 }, [3, 3, 8]);
    expect(nests).toMatchObject([{ operation: "shift_accumulate", points: 3 * 3 * 8 * 4 * 9 }]);
    expect(nests[0]!.tensors.find(({ role }) => role === "weight")).toMatchObject({ bits: 6, words: 3 * 3 * 4 * 8 });
  });
});
