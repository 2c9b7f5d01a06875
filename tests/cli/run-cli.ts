/** Runs the real command line in a process of its own, and holds the small programs that the end-to-end tests run. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readStudy, type StudyTrial } from "../../src/search/study.js";

export interface Finished { readonly code: number | null; readonly stdout: string; readonly stderr: string }

const executable = resolve("bin/nasc.js");

export function startCli(arguments_: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): { readonly child: ChildProcess; readonly finished: Promise<Finished> } {
  const child = spawn(process.execPath, [executable, ...arguments_], { cwd: options.cwd ?? process.cwd(), env: { ...process.env, NO_COLOR: "1", ...options.env }, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr.on("data", (chunk: Buffer) => { stderr += chunk.toString(); });
  const finished = new Promise<Finished>((done) => child.on("close", (code) => done({ code, stdout, stderr })));
  return { child, finished };
}

export function nasc(...arguments_: readonly string[]): Promise<Finished> {
  return startCli(arguments_).finished;
}

/** A folder that is gone after the test. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "nasc-cli-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A space of a few dozen networks, trained for one epoch on a few hundred glyphs: seconds from start to report. */
export const TINY = `
space Tiny {
  input image: f32[28, 28, 1]
  width = choose { 4, 8 }
  x = image -> conv(width, kernel = 3, stride = 2) -> batch_norm -> relu -> max_pool(2)
  for i in 1..2 {
    x = (x + (x -> choose mix {
      conv:  conv(width, kernel = choose { 1, 3 }) -> batch_norm
      shift: shift(width, kernel = 3) -> batch_norm
      add:   add(width, kernel = 1) -> batch_norm
      skip:  zero
    })) -> relu
  }
  output classes = x -> global_pool -> dense(10)
}
accelerator Edge {
  technology 45nm  clock 250MHz
  memory dram { width 64bit }
  memory buffer { size 64KB  width 64bit }
  chunk mac { array 8 x 8  runs conv, dense, attention  precision fp32 }
  chunk shift { array 8 x 8  runs shift  precision int32 }
  chunk adder { array 8 x 8  runs add  precision fp32 }
}
search Main {
  space Tiny on Edge
  seed 3
  data glyphs { limit 400  validation 100 }
  supernet { epochs 1  batch 32  optimizer sgd { rate 0.05  momentum 0.9 }  recalibration 64  judge 100 }
  ranker lambdarank { labels supernet }
  explore evolution { population 6  generations 3  proposals 3  parents 3 }
  maximize accuracy
  minimize energy
  subject to params <= 20K
  derive { epochs 1  batch 32  optimizer sgd { rate 0.05  momentum 0.9 } }
}
architecture Plain of Tiny { width = 8  mix[*] = conv  mix[*].kernel = 3 }
`;

export function writeProgram(folder: string, text = TINY): string {
  const path = join(folder, "tiny.nas");
  writeFileSync(path, text);
  return path;
}

/** What must not depend on time, workers or interruptions. */
export function timeless(trials: readonly StudyTrial[]): unknown {
  return trials.map(({ started: _started, finished: _finished, attempt: _attempt, ...rest }) => rest);
}

export function studyOf(folder: string): unknown {
  const study = readStudy(folder);
  if (!study.ok) throw new Error(JSON.stringify(study.diagnostics));
  try {
    return timeless(study.value.trials());
  } finally {
    study.value.close();
  }
}

export const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
export const readJson = (path: string): Record<string, unknown> => json(readFileSync(path, "utf8"));
