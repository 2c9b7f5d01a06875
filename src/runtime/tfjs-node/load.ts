/**
 * Finds and loads tfjs-node: beside nasc, or in the folder that NASC_TFJS_NODE names. It is an optional peer and no optional dependency:
 * as one, where its download fails, `npm ci` took 15 to 27 s instead of 7 and left 149 MB instead of 92 with nothing to show for it, and
 * where the host accepts and stays silent it did not end at all. Its last release needs two functions that Node 23 took out of `util`;
 * they are put back before it loads.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { isNodeBackend, type NodeBackend } from "./backend.js";
import type { TensorFlow } from "../autograd.js";

const PACKAGE = "@tensorflow/tfjs-node";

export interface TfjsNode {
  readonly backend: NodeBackend;
  /** e.g. "tfjs-node 4.22.0 on TensorFlow 2.9.1". */
  readonly description: string;
  /** e.g. "TensorFlow 2.9.1". */
  readonly tensorflow: string;
}

export interface Missing {
  readonly problem: string;
  /** It is not there at all, which is no fault. */
  readonly absent: boolean;
}

interface Place { readonly require: NodeJS.Require; readonly name: string }

function place(folder: string | undefined): Place {
  // The resolver needs a file to start from, whether it exists or not.
  if (folder === undefined || folder === "") return { require: createRequire(import.meta.url), name: PACKAGE };
  return { require: createRequire(join(folder, "index.js")), name: folder };
}

/** What `util` had until Node 22. */
function repairUtil(util: object): void {
  if (!("isNullOrUndefined" in util)) Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined });
  if (!("isArray" in util)) Object.assign(util, { isArray: Array.isArray });
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split("\n")[0]!.trim();
}

function versionIn(manifest: unknown): string {
  return typeof manifest === "object" && manifest !== null && "version" in manifest && typeof manifest.version === "string" ? manifest.version : "of unknown version";
}

/** Whether there is something to load. */
export function tfjsNodeIsThere(folder = process.env["NASC_TFJS_NODE"]): boolean {
  const { require, name } = place(folder);
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Loading makes it the active backend of TensorFlow.js. `threads` is what TensorFlow may use for one operator, by default every core;
 * it counts from the first time in a process only.
 */
export function loadTfjsNode(tf: TensorFlow, threads?: number, folder = process.env["NASC_TFJS_NODE"]): TfjsNode | Missing {
  const { require, name } = place(folder);
  if (!tfjsNodeIsThere(folder)) {
    return folder === undefined || folder === ""
      ? { absent: true, problem: `${PACKAGE} is not installed` }
      : { absent: false, problem: `NASC_TFJS_NODE names ${folder}, where no package can be loaded` };
  }
  // Remarks about the processor; errors still come through.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "1";
  if (threads !== undefined) process.env["TF_NUM_INTRAOP_THREADS"] = String(threads);
  try {
    const util: unknown = require("node:util");
    if (typeof util === "object" && util !== null) repairUtil(util);
    require(name);
    const backend: unknown = tf.engine().backendName === "tensorflow" ? tf.backend() : undefined;
    if (!isNodeBackend(backend)) return { absent: false, problem: `${name} loads, but brings no backend that nasc knows` };
    const tensorflow = `TensorFlow ${backend.binding.TF_Version}`;
    return { backend, tensorflow, description: `tfjs-node ${versionIn(require(join(name, "package.json")))} on ${tensorflow}` };
  } catch (error) {
    return { absent: false, problem: `${name} does not load: ${firstLine(error)}` };
  }
}

/** Loads it to see whether it can be had, in a process that does not go on training. */
export async function tfjsNodeState(): Promise<TfjsNode | Missing> {
  return loadTfjsNode(await import("@tensorflow/tfjs-core"));
}
