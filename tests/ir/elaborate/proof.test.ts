/** What the proof finds: combinations that fail are named with the decisions that lead there, and only if some architecture gets there. */
import { describe, expect, it } from "vitest";
import { body, codes, elaborate, report, sound } from "./program.js";

describe("the proof of well-formedness", () => {
  it("names the combination that fails, at the parameter, with the choices as causes", () => {
    expect(report(body("w = choose { 12, 16 }\n x = x -> conv(w)\n x = x -> attention(heads = choose { 2, 3 })"))).toEqual([
      "NAS3104 3 heads cannot share 16 channels | choose { 2, 3 }: channels 16 % heads 3 = 1 | choose { 12, 16 }: `w = 16` is chosen here | choose { 2, 3 }: `heads = 3` is chosen here | it happens with w = 16, heads = 3",
    ]);
  });

  it("is content where a requirement or a guard excludes the combination", () => {
    const heads = "w = choose { 12, 16 }\n x = x -> conv(w)\n h = choose { 2, 3 }\n x = x -> ";
    sound(body(`${heads}attention(heads = h)\n require w % h == 0`));
    sound(body(`${heads}choose { attn: attention(heads = h) if w % h == 0, skip: identity }`));
  });

  it("follows shapes through loops and choices", () => {
    const halving = "for i in 1..4 { s = choose { 1, 2 }\n x = x -> conv(4, stride = s) }";
    expect(codes(body(`${halving}\n x = x -> conv(4, kernel = 3, padding = valid)`))).toEqual(["NAS3104"]);
    sound(body(`${halving}\n require height(x) >= 4\n x = x -> conv(4, kernel = 3, padding = valid)`));
  });

  it("lets the tensors of a choice differ as long as everyone copes", () => {
    sound(body("x = x -> choose { conv(4), conv(8, stride = 2) } -> conv(3)"));
    const wrong = report(body("y = x -> conv(8)\n x = y + (x -> choose mix { a: conv(8), b: conv(4) })"));
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toContain("mix = b");
  });

  it("does not name decisions that have no part in it", () => {
    const [message] = report(body("k = choose { 1, 3 }\n n = choose 1..3\n for i in 1..n { x = x -> conv(8, kernel = k) }\n x = x -> choose mix { a: attention(choose heads { 2, 3 }), b: identity }"));
    expect(message).toContain("it happens with mix.heads = 3");
    expect(message).not.toContain("k = ");
    expect(message).not.toContain("n = ");
  });

  it("names the round that runs only sometimes", () => {
    expect(report(body("n = choose 1..2\n for i in 1..n { x = x -> conv([8, 0][i - 1]) }"))[0]).toContain("it happens with n = 2");
    // Nobody gets to the second round, which leaves only a warning about the option.
    expect(codes(body("n = choose 1..2\n for i in 1..n { x = x -> conv([8, 0][i - 1]) }\n require n < 2"))).toEqual(["NAS4007"]);
  });

  it.each([
    ["an index outside of a list", "i = choose 0..2\n x = x -> conv([4, 8][i])", "NAS3012 a list has no element of this index | i: index 2 in a list of 2 | choose 0..2: `i = 2` is chosen here | it happens with i = 2"],
    ["a division by zero", "i = choose 0..2\n x = x -> conv(4 / i)", "NAS3013 a number is divided by zero | 4 / i: 4 / 0 | choose 0..2: `i = 0` is chosen here | it happens with i = 0"],
    ["an extent that is not there", "x = x -> choose f { a: global_pool, b: identity }\n x = x -> dense(height(x))", "NAS3024 `height` needs a map [height, width, channels] | height(x): the shape is [1] | choose f { a: global_pool, b: identity }: `f = a` is chosen here | it happens with f = a"],
  ])("finds %s", (_, statements, expected) => {
    expect(report(body(statements)).map((line) => line.replace("| f: `f", "| choose f { a: global_pool, b: identity }: `f"))).toContain(expected);
  });

  it("reaches the right side of `and` only where the left one is true", () => {
    sound(body("i = choose 0..2\n x = x -> conv(8) -> choose { a: relu if i < 2 and [true, false][i], b: conv(4 + i) }"));
  });

  it("finds a requirement that nothing meets, alone or with others", () => {
    expect(report(body("w = choose { 4, 8 }\n x = x -> conv(w)\n require w > 9"))[0]).toBe("NAS4006 no architecture meets this requirement | w > 9: `w > 9` never holds");
    expect(report(body("w = choose { 4, 8 }\n x = x -> conv(w)\n require w > 4\n require w < 8"))[0]).toBe("NAS4006 no architecture meets this requirement | w < 8: impossible together with the others | w > 4: required here");
  });

  it("warns of options that nobody takes and decisions that change nothing", () => {
    const found = report(body("w = choose { 4, 8, 12 }\n v = choose { 1, 2 }\n x = x -> conv(w)\n require w < 8"));
    expect(found).toEqual([
      "NAS4007 no architecture takes `8`, `12` of `w` | choose { 4, 8, 12 }: `8`, `12` are excluded everywhere | a guard is false, or a `require` excludes it, whatever else is chosen",
      "NAS4008 the decision `v` changes nothing | choose { 1, 2 }: no network depends on it",
    ]);
  });

  it("warns of choices that guards can leave without an alternative", () => {
    const two = "n = choose 1..2\n y = x -> conv(n)\n x = y -> choose c { a: conv(4) if n > 1, b: conv(8) if n > GUARD }";
    expect(report(body(two.replace("GUARD", "1")))).toEqual([
      "NAS4017 every alternative of `c` can be excluded | c: nothing to choose from | choose 1..2: `n = 1` is chosen here | with n = 1 no alternative is left, so these networks fall out of the space",
    ]);
    sound(body(two.replace("GUARD", "0")));
    sound(body(`${two.replace("GUARD", "1")}\n require n > 1`.replace("choose 1..2", "choose 2..3")));
  });

  it("reports what is wrong elsewhere even where the space has other errors", () => {
    expect(codes(body("x = x -> conv(10) -> attention(3)\n y = nothing\n i = choose 0..2\n z = [1][i]")).sort()).toEqual(["NAS3001", "NAS3012", "NAS3104"]);
  });
});

describe("limits", () => {
  it.each([
    ["a loop of a thousand million rounds", "for i in 1..1000000000 { x = x -> relu }", "NAS4003"],
    ["loops in loops", "for i in 1..4000 { for j in 1..4000 { y = i * j } }", "NAS4004"],
    ["too many operators", "for i in 1..4000 { for j in 1..10 { x = x -> relu } }", "NAS4004"],
    ["a block that calls itself", "x = F(x)", "NAS3018"],
    ["a tower of powers", "x = x -> conv(10 ^ 10 ^ 10)", "NAS3013"],
  ])("answers %s", (_, statements, code) => {
    expect(codes(body(statements, "block F(x) { return F(x) }"))).toContain(code);
  });

  it("asks for recursion to end at compile time, and lets it", () => {
    sound(body("x = F(x, 5)", "block F(x, n) { return if n == 0 { x } else { F(conv(x, n), n - 1) } }"));
  });

  it("knows a constant that needs itself", () => {
    expect(codes(body("x = x -> conv(A)", "const A = B\n const B = A"))).toEqual(["NAS3017"]);
  });
});

describe("the frame of a space", () => {
  it.each([
    ["no output", "space S { input x: f32[8] }", "NAS4011"],
    ["two outputs of one name", "space S { input x: f32[8]\n output y = x -> relu\n output y = x }", "NAS4012"],
    ["an unknown element", "space S { input x: f64[8]\n output y = x }", "NAS4013"],
    ["an extent of zero", "space S { input x: f32[0]\n output y = x }", "NAS4013"],
    ["an extent that is chosen", "space S { input x: f32[choose { 1, 2 }]\n output y = x -> relu }", "NAS3014"],
    ["an output in a loop", "space S { input x: f32[8]\n for i in 1..2 { output y = x -> relu } }", "NAS4014"],
    ["a return", "space S { input x: f32[8]\n return x }", "NAS4014"],
    ["an output that is no tensor", "space S { input x: f32[8]\n output y = 3 }", "NAS3010"],
    ["a loop over a number", "space S { input x: f32[8]\n for i in 3 { y = x }\n output y = x -> relu }", "NAS4015"],
    ["a count without a loop", "space S { input x: f32[8]\n require count(true) == 1\n output y = x -> relu }", "NAS4016"],
    ["an empty range", "space S { input x: f32[8]\n output y = x -> dense(choose 4..2) }", "NAS4001"],
    ["two alternatives of one name", "space S { input x: f32[8]\n output y = x -> dense(choose { 4, 4 }) }", "NAS4002"],
    ["a transform of weights", "space S { input x: f32[8]\n output y = x -> dense(4) weights a through b(1) }", "NAS4010"],
    ["a way of sharing that is to come", "space S { share per_head\n input x: f32[8]\n output y = x -> dense(4) }", "NAS4010"],
    ["an unknown way of sharing", "space S { share slices\n input x: f32[8]\n output y = x -> dense(4) }", "NAS3020"],
    ["a declaration as a value", "space S { input x: f32[8]\n output y = x -> S }", "NAS3025"],
    ["a number of names", "space S { input x: f32[8]\n a, b = [1, 2, 3]\n output y = x -> relu }", "NAS3015"],
    ["a block without return", "block F(x) { y = x }\n space S { input x: f32[8]\n output y = F(x) }", "NAS3023"],
    ["a decision in a constant", "const A = choose { 1, 2 }\n space S { input x: f32[8]\n output y = x -> dense(A) }", "NAS3022"],
  ])("refuses %s", (_, text, code) => {
    expect(codes(elaborate(text))).toContain(code);
  });
});
