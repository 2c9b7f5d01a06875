/**
 * TREFE against dossier 13, "Search space, exactly", "Searched nets given in code" and checks 13.1 to 13.3 and 13.7. The dossier states no counts of
 * parameters or products: they are held against sums over the layers as they are written there. Parameters: convolutions without
 * biases, dense layers with, scale and offset of normalizations. MACs: convolutions, dense layers, products of attention, each once.
 */
import { describe, expect, it } from "vitest";
import { renderText } from "../../src/diagnostics/render-text.js";
import { bind } from "../../src/ir/bind.js";
import { describeArchitecture } from "../../src/ir/describe.js";
import type { Net } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import type { Space } from "../../src/ir/space.js";
import { randomStream } from "../../src/random/stream.js";
import { checkText, programOf } from "../ir/check/programs.js";
import { forward, nodesOf } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample, textOfSample } from "./sample.js";

const NAME = "13-trefe";
const SMALL = { READ: "false", HEIGHT: "64", WIDTH: "64", SCENE_WIDTH: "32", LETTERS: "10", SCENE_LETTERS: "10", SLIM: "8" };
const program = readSample(NAME);

/** Rows of the published networks: height and width after each layer, kernel and expansion of each, and the four transformer layers. */
interface Published {
  readonly heights: readonly number[];
  readonly widths: readonly number[];
  readonly operators: readonly (readonly [kernel: number, expand: number])[];
  readonly relative: readonly boolean[];
  readonly gated: readonly boolean[];
}
const repeated = <T>(...runs: readonly (readonly [number, T])[]): T[] => runs.flatMap(([count, value]) => new Array<T>(count).fill(value));
const decoded = (table: readonly (readonly [number, number])[], digits: string): (readonly [number, number])[] => [...digits].map((digit) => table[Number(digit)]!);

const reader: Published = {
  heights: [32, 32, 16, 16, 16, 16, 16, 16, 8, 8, 8, 8, 4, 2, 2, 2, 2, 2, 1, 1],
  widths: repeated([13, 600], [5, 300], [2, 150]),
  operators: decoded([[5, 6], [5, 1], [3, 1]], "00000002000011101100"),
  // Operators of attention 1, 1, 2, 0: 0 and 2 have relative positions.
  relative: [false, false, true, true],
  gated: [true, false, true, true],
};
/** Widths are given in the units of the other space, where 600 is all of it: 128 here. */
const sceneReader: Published = {
  heights: repeated([1, 32], [9, 16], [2, 8], [5, 4], [1, 2], [2, 1]),
  widths: repeated([10, 128], [8, 64], [2, 32]),
  operators: decoded([[5, 6], [3, 6], [5, 1], [3, 1]], "01001302201110011000"),
  relative: [true, true, false, true],
  gated: [false, false, false, true],
};
const CHANNELS = { Reader: { 32: 16, 16: 16, 8: 32, 4: 64, 2: 128, 1: 256 }, SceneReader: { 32: 32, 16: 32, 8: 64, 4: 128, 2: 256, 1: 512 } } as const;

interface Sums { params: number; macs: number }

/** A convolution without bias, and its batch norm. */
function convolved(sums: Sums, from: number, to: number, kernel: number, pixels: number, groups = 1): void {
  sums.params += (from / groups) * to * kernel * kernel + 2 * to;
  sums.macs += (from / groups) * to * kernel * kernel * pixels;
}

function fed(sums: Sums, from: number, to: number, tokens: number): void {
  sums.params += from * to + to;
  sums.macs += from * to * tokens;
}

function handwritingLayers(sums: Sums): void {
  convolved(sums, 1, 16, 3, 32 * 600);
  let [from, size] = [16, 32 * 600];
  reader.heights.forEach((height, at) => {
    const [kernel, expand] = reader.operators[at]!;
    const [to, pixels] = [CHANNELS.Reader[height as 32], height * reader.widths[at]!];
    const wide = to * expand;
    const squeezed = Math.max(1, Math.floor(wide / 12));
    if (pixels !== size) convolved(sums, from, to, 1, pixels);
    convolved(sums, to, wide, 1, pixels);
    convolved(sums, wide, wide, kernel, pixels, wide);
    fed(sums, wide, squeezed, 1);
    sums.params += 2 * squeezed;
    fed(sums, squeezed, wide, 1);
    convolved(sums, wide, to, 1, pixels);
    [from, size] = [to, pixels];
  });
}

function sceneLayers(sums: Sums): void {
  convolved(sums, 3, 32, 3, 32 * 128);
  let [from, size] = [32, 32 * 128];
  sceneReader.heights.forEach((height, at) => {
    const [kernel, expand] = sceneReader.operators[at]!;
    const [to, pixels] = [CHANNELS.SceneReader[height as 32], height * sceneReader.widths[at]!];
    const wide = from * expand;
    convolved(sums, from, wide, 1, size);
    convolved(sums, wide, wide, kernel, pixels, wide);
    convolved(sums, wide, to, 1, pixels);
    if (pixels !== size) convolved(sums, from, to, 1, pixels);
    [from, size] = [to, pixels];
  });
}

function transformers(sums: Sums, { relative, gated }: Published, width: number, tokens: number): void {
  relative.forEach((positions, at) => {
    for (let layer = 0; layer < 4; layer++) fed(sums, width, width, tokens);
    sums.macs += 2 * tokens * tokens * width;
    // A learned offset of the queries for content and one for positions; what queries and keys make of every distance.
    if (positions) {
      sums.params += 2 * width;
      sums.macs += 2 * tokens * tokens * width;
    }
    sums.params += 2 * 2 * width;
    if (gated[at]) fed(sums, 3 * width, 2 * width, tokens);
    else {
      fed(sums, width, 2 * width, tokens);
      fed(sums, 2 * width, width, tokens);
    }
  });
}

/** Height, width and channels after each layer of the walk. */
const walkOf = (net: Net, operator: string): (readonly number[])[] => Array.from({ length: 20 }, (_, at) => net.nodes.find(({ path }) => path === `${operator}[${at + 1}]`)!.shape);

/** The text without its networks, which have twenty layers. */
const withoutNetworks = textOfSample(NAME).split("// The published networks")[0]!;
const paths: readonly (readonly [layers: number, paths: bigint])[] = [[5, 10n], [15, 30_030n], [20, 155_040n]];

describe("13 trefe", () => {
  it.each(paths)("walks %d layers in %d ways (13, check 1)", (layers, ways) => {
    const walked = programOf(withoutNetworks, { LAYERS: String(layers) });
    expect(spaceQueries(walked.spaces.get("Handwriting")!).count()).toBe(ways * 3n ** BigInt(layers) * 65_536n);
    expect(spaceQueries(walked.spaces.get("Scene")!).count()).toBe(ways * 4n ** BigInt(layers) * 65_536n);
  });

  it.each([["Reader", reader, "plus", [150, 256], [150, 81]], ["SceneReader", sceneReader, "relu", [32, 512], [25, 37]]] as const)("takes the published walk of %s to a sequence and reads it (13, checks 1 and 2)", (name, { heights, widths }, last, sequence, text) => {
    const net = netNamed(program, name);
    expect(walkOf(net, last)).toEqual(heights.map((height, at) => [height, widths[at]!, CHANNELS[name][height as 32]]));
    expect(net.nodes.find(({ path }) => path === "to_tokens")!.shape).toEqual(sequence);
    expect(net.nodes[net.outputs[0]!.node]!.shape).toEqual(text);
  });

  it("counts the parameters and products of the published networks", () => {
    const [sums, scene] = [{ params: 0, macs: 0 }, { params: 0, macs: 0 }];
    handwritingLayers(sums);
    transformers(sums, reader, 256, 150);
    fed(sums, 256, 81, 150);
    expect(countsOf(program, netNamed(program, "Reader"))).toEqual(sums);
    sceneLayers(scene);
    transformers(scene, sceneReader, 512, 32);
    fed(scene, 512, 512, 32);
    fed(scene, 512, 25, 32);
    scene.macs += 25 * 32 * 512;
    fed(scene, 512, 37, 25);
    expect(countsOf(program, netNamed(program, "SceneReader"))).toEqual(scene);
  });

  it("names the layer where a walk halves the width alone, goes on too far or ends too early (13, check 1)", () => {
    const told = (moves: string): string => {
      const { diagnostics, sources } = checkText(`${withoutNetworks}architecture Wrong of Handwriting { ${moves}  op[*] = k3e1  scaled[*] = true  relative[*] = true  carried[*] = true  gated[*] = true }`);
      return renderText(diagnostics.filter(({ severity }) => severity === "error"), sources, { color: false, width: 100, limit: 3 });
    };
    expect(told("move[*] = keep  move[7] = width")).toContain("`move[7]` cannot be `width`");
    expect(told("move[*] = keep  move[2] = both  move[5] = both  move[9] = both")).toMatch(/`move\[2\] = both` and `move\[5\] = both` and `move\[9\] = both`/);
    expect(told("move[*] = keep  move[2] = both  move[5] = both")).toMatch(/`move\[\d+\] = keep` and .* more: `require\s+\(height\(x\) == 1\)/s);
  });

  it("ends every random walk at the sequence, and takes the ten walks of five layers equally often (13, check 3)", () => {
    const draw = (space: Space, count: number): Record<string, string>[] => {
      const queries = spaceQueries(space);
      const random = randomStream(1, "walks");
      return Array.from({ length: count }, () => ({ ...describeArchitecture(space, queries.sampleUniform(random)) }));
    };
    const moves = (labels: Record<string, string>, layers: number): string[] => Array.from({ length: layers }, (_, at) => labels[`move[${at + 1}]`]!);
    for (const labels of draw(program.spaces.get("Handwriting")!, 10_000)) {
      const walk = moves(labels, 20);
      expect([walk.filter((move) => move !== "keep").length, walk.filter((move) => move === "both").length]).toEqual([5, 2]);
    }
    const times = new Map<string, number>();
    for (const labels of draw(programOf(withoutNetworks, { LAYERS: "5" }).spaces.get("Scene")!, 10_000)) {
      const walk = moves(labels, 5).join(" ");
      times.set(walk, (times.get(walk) ?? 0) + 1);
    }
    expect(times.size).toBe(10);
    for (const count of times.values()) expect(Math.abs(count / 10_000 - 0.1)).toBeLessThan(0.015);
  });

  it("scores pairs of tokens as the double loop over distances does (13, check 7)", () => {
    const [tokens, width] = [4, 6];
    const net = bind(programOf(`import { RelativeScores } from "std/text"\nspace S {\n  input x: f32[${tokens}, ${width}]\n  output y = RelativeScores(x, x -> dense(${width}), 1, true)\n}`).spaces.get("S")!, []);
    const random = randomStream(1, "relative scores");
    const numbers = (count: number): number[] => Array.from({ length: count }, () => random.normal());
    const offsets: number[][] = [];
    const x = { shape: [1, tokens, width], values: numbers(tokens * width) };
    const values = forward(net, { x }, ({ operator }) => {
      if (operator !== "offset") return undefined;
      offsets.push(numbers(width));
      return offsets.at(-1);
    });
    const keys = values[nodesOf(net, "dense")[0]!.id]!.values;
    const [content, position] = offsets;
    const wave = (distance: number, channel: number): number => {
      const half = width / 2;
      const angle = distance / Math.pow(10_000, (channel % half) / half);
      return channel < half ? Math.sin(angle) : Math.cos(angle);
    };
    const scores = values[net.outputs[0]!.node]!.values;
    for (let i = 0; i < tokens; i++) {
      for (let j = 0; j < tokens; j++) {
        let sum = 0;
        for (let c = 0; c < width; c++) {
          const [q, k] = [x.values[i * width + c]!, keys[j * width + c]!];
          sum += (q + content![c]!) * k + (q + position![c]!) * wave(j - i, c) + k * wave(i - j, c);
        }
        expect(scores[i * tokens + j]).toBeCloseTo(sum, 9);
      }
    }
  });

  it.each(["Handwriting", "Scene"])("runs one step of 20 networks of %s at a reduced size", async (space) => {
    expect(await oneStep(NAME, space, SMALL, 20)).toEqual([]);
  }, 60_000);
});
