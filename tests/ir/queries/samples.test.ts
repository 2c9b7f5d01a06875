/** The shipped samples: sound spaces, known counts, and a text that says everything. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import { checkProgram } from "../../../src/ir/check.js";
import { architectureFrom, describeArchitecture } from "../../../src/ir/describe.js";
import { importedFile } from "../../../src/ir/import-paths.js";
import type { Space } from "../../../src/ir/space.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { parseNet } from "../../../src/ir/text/parse-net.js";
import { parseSpace } from "../../../src/ir/text/parse-space.js";
import { printNet } from "../../../src/ir/text/print-net.js";
import { printSpace } from "../../../src/ir/text/print-space.js";
import { verifyNet, verifySpace } from "../../../src/ir/verify.js";
import { randomStream } from "../../../src/random/stream.js";

const samples = readdirSync("samples").filter((name) => name.endsWith(".nas")).map((name) => `samples/${name}`);

function spacesOf(file: string): Space[] {
  const readImport = (path: string, importer: string): string | undefined => {
    const found = importedFile(path, importer);
    return found !== undefined && existsSync(found) ? readFileSync(found, "utf8") : undefined;
  };
  return [...(checkProgram({ source: { file, text: readFileSync(file, "utf8") }, readImport, constants: new Map() }).program?.spaces.values() ?? [])];
}

/** Worked out on paper from the samples' text. */
const counts: Readonly<Record<string, bigint>> = {
  // Three widths; two or three rounds of conv (2 kernels), shift, add, attention (2 heads).
  Quickstart: 3n * (6n ** 2n + 6n ** 3n),
  RankCheck: 3n ** 4n,
};

describe.each(samples)("%s", (file) => {
  const spaces = spacesOf(file);

  it("has sound spaces", () => {
    expect(spaces.length).toBeGreaterThan(0);
    for (const space of spaces) expect(verifySpace(space)).toEqual([]);
  });

  it("has as many networks as its text says", () => {
    for (const space of spaces) {
      const count = spaceQueries(space).count();
      if (space.name in counts) expect(count).toBe(counts[space.name]);
      else expect(count).toBeGreaterThan(0n);
    }
  });

  it("prints and reads back, space and networks, and describes them fully", () => {
    for (const space of spaces) {
      const text = printSpace(space);
      const back = parseSpace(text);
      if (!back.ok) throw new Error(JSON.stringify(back.diagnostics));
      expect(printSpace(back.value)).toBe(text);
      const queries = spaceQueries(space);
      for (let step = 0; step < 5; step++) {
        const member = queries.sampleUniform(randomStream(0, file, step));
        const net = bind(space, member);
        expect(verifyNet(net)).toEqual([]);
        expect(bind(back.value, member)).toEqual(net);
        expect(parseNet(printNet(net))).toEqual({ ok: true, value: net, warnings: [] });
        expect(architectureFrom(space, new Map(Object.entries(describeArchitecture(space, member))))).toMatchObject({ ok: true, value: member });
      }
    }
  });
});
