/**
 * Compares what the compiler says about a program with all its architectures, one by one: accepted exactly where none fails, as many
 * networks as there are different ones, and the same networks.
 */
import { bind } from "../../../src/ir/bind.js";
import { checkProgram } from "../../../src/ir/check.js";
import type { Net } from "../../../src/ir/net.js";
import type { Space } from "../../../src/ir/space.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { printNet } from "../../../src/ir/text/print-net.js";
import { verifyNet, verifySpace } from "../../../src/ir/verify.js";
import { parse } from "../../../src/parser/parse.js";
import { randomStream } from "../../../src/random/stream.js";
import { decisionsIn } from "../../../src/ir/assignment.js";
import { everyArchitecture, writeStructure, type Outcome } from "./reference.js";

/** Above this many architectures a program is only sampled. */
export const BRUTE_FORCE_LIMIT = 3000;
const SAMPLES = 5;

export interface Examined {
  readonly verdict: "accepted" | "refused";
  /** Present where the program is accepted. */
  readonly space?: Space;
  /** Some architectures of it (all, where they are few). */
  readonly nets: readonly Net[];
  /** Architectures that were gone through by brute force; 0 where they are too many. */
  readonly architectures: number;
  readonly networks?: number;
  readonly codes: readonly string[];
  /** What does not agree; empty where all is well. */
  readonly complaints: readonly string[];
}

const structureOf = (net: Net): string => writeStructure(
  net.nodes.map((node) => (node.kind === "input" ? { id: node.id, operator: `input ${node.element}`, inputs: [], attributes: {}, shape: node.shape } : node)),
  net.outputs.map(({ name, node }) => ({ name, id: node })), () => "",
);

/** All canonical members of a space, by going through all encodings; undefined where these are too many. */
function everyMember(space: Space, limit: number): number[][] | undefined {
  const queries = spaceQueries(space);
  const sizes = decisionsIn(space).map(({ domain }) => domain.length);
  if (sizes.reduce((product, size) => product * size, 1) > limit) return undefined;
  let genes: number[][] = [[]];
  for (const size of sizes) genes = genes.flatMap((prefix) => Array.from({ length: size }, (_, option) => [...prefix, option]));
  return genes.filter((each) => queries.isMember(each));
}

export function examine(text: string, seed: number): Examined {
  const outcome = checkProgram({ source: { file: "random.nas", text }, readImport: () => undefined, constants: new Map() });
  const codes = outcome.diagnostics.map(({ code, title, labels: [label], why }) => `${code} ${title} (${label?.text ?? ""}${why === undefined ? "" : `; ${why}`})`);
  const errors = outcome.diagnostics.filter(({ severity }) => severity === "error");
  const { program, diagnostics } = parse({ file: "random.nas", text });
  if (diagnostics.length > 0) return { verdict: "refused", nets: [], architectures: 0, codes, complaints: [`the generator writes bad text: ${codes.join()}`] };
  const all = everyArchitecture(program, BRUTE_FORCE_LIMIT);
  const architectures = all?.length ?? 0;
  if (outcome.program === undefined) {
    return { verdict: "refused", nets: [], architectures, codes, complaints: all === undefined ? [] : refusalComplaints(all, errors.map(({ code }) => code)) };
  }
  const space = outcome.program.spaces.get("Random")!;
  const { complaints, nets, networks } = acceptanceComplaints(space, all, seed);
  return { verdict: "accepted", space, nets, architectures, codes, complaints, ...(networks === undefined ? {} : { networks }) };
}

function refusalComplaints(all: readonly Outcome[], errors: readonly string[]): readonly string[] {
  const members = all.filter(({ excluded }) => !excluded);
  // Without any architecture every refusal is right.
  if (members.length === 0) return [];
  const failing = members.find(({ failure }) => failure !== undefined);
  return failing === undefined ? [`refused with ${errors.join()}, but none of ${members.length} architectures fails`] : [];
}

function acceptanceComplaints(space: Space, all: readonly Outcome[] | undefined, seed: number): { readonly complaints: readonly string[]; readonly nets: readonly Net[]; readonly networks?: number } {
  const complaints: string[] = [];
  const failing = all?.find(({ excluded, failure }) => !excluded && failure !== undefined);
  if (failing !== undefined) return { complaints: [`accepted, but an architecture fails: ${failing.failure!}`], nets: [] };
  complaints.push(...verifySpace(space));
  const queries = spaceQueries(space);
  const members = all === undefined ? undefined : everyMember(space, 1 << 16);
  const random = randomStream(seed, "sampled architectures");
  const chosen = members !== undefined && members.length <= BRUTE_FORCE_LIMIT ? members : Array.from({ length: 40 }, () => queries.samplePath(random));
  const nets = chosen.map((architecture) => bind(space, architecture));
  for (const net of nets) complaints.push(...verifyNet(net));
  const some = Array.from({ length: Math.min(SAMPLES, nets.length) }, () => nets[random.integer(nets.length)]!);
  if (all === undefined || members === undefined) return { complaints, nets: some };
  const texts = new Set(nets.map(printNet));
  const reference = all.filter(({ excluded }) => !excluded);
  const wanted = new Set(reference.map(({ network }) => network!));
  const known = new Set(members.map((each) => each.join()));
  for (let draw = 0; draw < 10 && members.length > 0; draw++) {
    const [path, uniform] = [queries.samplePath(random), queries.sampleUniform(random)];
    for (const drawn of [path, uniform]) if (!known.has(drawn.join())) complaints.push(`[${drawn.join()}] is drawn, but is no member`);
    const member = members[random.integer(members.length)]!;
    if (queries.canonicalize(member).join() !== member.join()) complaints.push(`[${member.join()}] is a member, but its canonical form is [${queries.canonicalize(member).join()}]`);
  }
  const count = queries.count();
  if (count !== BigInt(members.length)) complaints.push(`count() says ${String(count)}, but ${members.length} encodings are members`);
  if (texts.size !== members.length) complaints.push(`${members.length} architectures are only ${texts.size} different networks`);
  if (texts.size !== wanted.size) complaints.push(`${texts.size} different networks instead of ${wanted.size}`);
  const structures = new Set(nets.map(structureOf));
  const expected = new Set(reference.map(({ structure }) => structure!));
  const missing = [...expected].find((each) => !structures.has(each));
  const extra = [...structures].find((each) => !expected.has(each));
  if (missing !== undefined) complaints.push(`a network is missing:\n${missing}`);
  if (extra !== undefined) complaints.push(`a network that nobody wrote:\n${extra}`);
  return { complaints, nets: some, networks: wanted.size };
}
