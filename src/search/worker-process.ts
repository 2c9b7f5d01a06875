/** Starting our own programs as processes: where their compiled form lies, and how Node is told to run them. */
import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * A worker is one thread: helper threads of the JavaScript engine would take their time from the other workers. Room for young objects
 * keeps it from collecting them often.
 */
const ONE_THREAD = ["--single-threaded", "--max-semi-space-size=64"] as const;

/** A compiled program of this folder: beside this file, or in the bundle when this file runs from source. */
export function compiledProgram(name: "worker-entry" | "seed-entry"): string | undefined {
  return [`./${name}.js`, `../../dist/bundle/${name}.js`].map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));
}

/** A process of its own that is spoken to in structured clones; what it says on standard error is `child.stderr`. Throws where none can be had. */
export function forkProgram(entry: string): ChildProcess {
  return fork(entry, [], { serialization: "advanced", stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [...ONE_THREAD] });
}

/** The last words on standard error, for a message. */
export function lastWords(stderr: string): string {
  const last = stderr.trim().split("\n").slice(-3).join(" | ");
  return last === "" ? "" : `: ${last}`;
}
