/** One step of a sample at a reduced size: networks of its space (at settings of what is adapted) are drawn, trained for a step, judged, and cut out of their supernet. */
import { settingsChosen } from "../../src/ir/adapted.js";
import { bind } from "../../src/ir/bind.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { engineForTests } from "../runtime/train/fixtures.js";
import { runSpace } from "../runtime/whole/run-space.js";
import { readSample } from "./sample.js";

/** What went wrong with `networks` random networks of a space; empty where all is well. `constants` are `-D` texts by name. */
export async function oneStep(sample: string, space: string, constants: Readonly<Record<string, string>>, networks = 20): Promise<readonly string[]> {
  const declared = readSample(sample, constants).spaces.get(space);
  if (declared === undefined) return [`${sample} has no space ${space}`];
  const found = settingsChosen(declared);
  const queries = spaceQueries(found);
  const random = randomStream(1, `one step of ${sample}`);
  const nets = Array.from({ length: networks }, () => bind(found, queries.sampleUniform(random)));
  return runSpace(await engineForTests(), found, nets, 1);
}
