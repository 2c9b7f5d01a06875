/** `nasc mask` through the real command line: maps to masks, masks to a program that is priced. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { npy } from "../data/npy-file.js";
import { inTemporaryFolder, json, nasc } from "./run-cli.js";

// One layer, one head, five tokens; rows of dossier 06, check 1, the first entry of a row on its token.
const row = [0.5, 0.3, 0.1, 0.06, 0.04];
const maps = Float32Array.from([0, 1, 2, 3, 4].flatMap((token) => [0, 1, 2, 3, 4].map((key) => row[(key - token + 5) % 5]!)));

describe("nasc mask", () => {
  it("keeps what the information rule keeps, and the class token", () => inTemporaryFolder(async (folder) => {
    const file = join(folder, "maps.npy");
    writeFileSync(file, npy("<f4", [1, 1, 5, 5], new Uint8Array(maps.buffer)));
    const rule = [file, "--information", "0.7", "--above", "3", "--json"];
    const bare = json((await nasc("mask", ...rule, "--no-class-token")).stdout);
    const exact = json((await nasc("mask", ...rule, "--no-class-token", "--exact")).stdout);
    expect([bare, exact]).toMatchObject([{ entries: 15, sparsity: 0.4 }, { entries: 10, sparsity: 0.6 }]);
    // The first row gains two entries, the first column those of the rows that had none there.
    expect(json((await nasc("mask", ...rule)).stdout)).toMatchObject({ entries: 15 + 2 + 2, layers: [[{ entries: 19, globalTokens: 3, sparseEntries: 6 }]] });
  }));

  it("writes masks that a program imports", () => inTemporaryFolder(async (folder) => {
    const file = join(folder, "pruned.npy");
    writeFileSync(file, npy("|b1", [1, 1, 2, 2], Uint8Array.of(0, 0, 0, 1)));
    expect((await nasc("mask", file, "--out", join(folder, "masks.nas"))).stdout).toContain("3 entries kept, 25.00 % pruned");
    expect(readFileSync(join(folder, "masks.nas"), "utf8")).toContain('"2x2 0 3 1"');
    const program = (index: number): string => `import { MASKS } from "./masks.nas"\nspace S {\n  input x: f32[1, 2, 4]\n  output y = masked_attention(x, x, x, mask = kept(MASKS[${index}]))\n}\n`;
    writeFileSync(join(folder, "net.nas"), program(0));
    expect((await nasc("check", join(folder, "net.nas"))).code).toBe(0);
  }));

  it("says what is wrong with files, and with rules", () => inTemporaryFolder(async (folder) => {
    const [bools, flat] = [join(folder, "bools.npy"), join(folder, "flat.npy")];
    writeFileSync(bools, npy("|b1", [1, 1, 1, 1], Uint8Array.of(0)));
    writeFileSync(flat, npy("<f4", [25], new Uint8Array(maps.buffer)));
    expect((await nasc("mask", join(folder, "none.npy"))).stderr).toContain("NAS6001");
    expect((await nasc("mask", flat, "--share", "0.5")).stderr).toContain("NAS6017");
    for (const options of [["--share", "0.5"], ["--share", "0.5", "--information", "0.5"]]) expect((await nasc("mask", bools, ...options)).stderr).toContain("NAS9002");
  }));
});
