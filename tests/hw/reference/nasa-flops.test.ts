/** NASA's table of FLOPs (dossier 02, "works when" 1): its blocks as networks of ours, counted as `as_published(thop)`. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { countNet, readCounting } from "../../../src/hw/counting.js";
import { bind } from "../../../src/ir/bind.js";
import { programOf } from "../../ir/check/programs.js";
import { shared } from "./shared-data.js";

const path = "system-data/nasa/edgegpu__flops_lookup_table.npy";
const table = shared(path, "194 blocks of NASA's FLOPs table");

/** Keys and numbers of a pickled dictionary: a text (X, length), a memo (q or r), then a float (G) or zero (K, 0). */
function entries(): Map<string, number> {
  const bytes = readFileSync(resolve(process.env["NASC_SHARED"] ?? "../shared", "data", path));
  const found = new Map<string, number>();
  for (let at = bytes.indexOf("X"); at >= 0; at = bytes.indexOf("X", at + 1)) {
    const length = bytes.readUInt32LE(at + 1);
    const key = length < 200 ? bytes.subarray(at + 5, at + 5 + length).toString("latin1") : "";
    if (!/^[A-Za-z]+_H\d+_\w+$/.test(key)) continue;
    const memo = at + 5 + length;
    const value = memo + (bytes[memo] === 0x71 ? 2 : bytes[memo] === 0x72 ? 5 : 0);
    found.set(key, bytes[value] === 0x47 ? bytes.readDoubleBE(value + 1) : bytes[value + 1]!);
  }
  return found;
}

interface Sizes { readonly kind: string; readonly height: number; readonly width: number; readonly from: number; readonly to: number; readonly expansion: number | undefined; readonly kernel: number; readonly stride: number; readonly groups: number }

function sizesOf(key: string): Sizes {
  const number = (name: string): number | undefined => { const found = new RegExp(`_${name}(\\d+)`).exec(key); return found === null ? undefined : Number(found[1]); };
  return { kind: key.split("_")[0]!, height: number("H")!, width: number("W")!, from: number("Cin")!, to: number("Cout")!, expansion: number("exp"), kernel: number("kernel") ?? 1, stride: number("stride") ?? 1, groups: number("group") ?? 1 };
}

/** Inverted residuals, convolutions and skips; undefined for entries whose form the table does not tell. */
function layersOf({ kind, from, to, expansion, kernel, stride, groups }: Sizes): string | undefined {
  if (kind === "ConvNorm") return `conv(${to}, kernel = ${kernel}, stride = ${stride}, groups = ${groups}) -> batch_norm`;
  if (kind === "Skip") return stride === 1 && from === to ? "identity" : `conv(${to}, kernel = 1, stride = ${stride}) -> batch_norm`;
  if (kind !== "ConvBlock" || expansion === undefined) return undefined;
  return `conv(${from * expansion}, kernel = 1, groups = ${groups}) -> batch_norm -> depthwise(kernel = ${kernel}, stride = ${stride}) -> batch_norm -> conv(${to}, kernel = 1, groups = ${groups}) -> batch_norm`;
}

function operations(layers: string, { height, width, from }: Sizes): number {
  const space = programOf(`space S {\n  input x: f32[${height}, ${width}, ${from}]\n  output y = x -> ${layers}\n}`).spaces.get("S")!;
  const counting = readCounting("as_published(thop)");
  if (!counting.ok) throw new Error("no such counting");
  return countNet(bind(space, []), counting.value).operations;
}

describe.skipIf(!table.present)("NASA's table of FLOPs", () => {
  it("has 190 of 194 blocks as counted; the others are skips with stride 2, billed with stride 1", () => {
    const rows = [...entries()].flatMap(([key, published]) => {
      const sizes = sizesOf(key);
      const layers = layersOf(sizes);
      return layers === undefined ? [] : [{ key, published, counted: operations(layers, sizes), sizes }];
    });
    const apart = rows.filter(({ published, counted }) => published !== counted);
    expect([rows.length, apart.length]).toEqual([194, 4]);
    for (const { sizes, published, counted } of apart) expect([sizes.kind, sizes.stride, published]).toEqual(["Skip", 2, 4 * counted]);
  });
});
