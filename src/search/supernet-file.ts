/**
 * The trained supernet as a file that worker processes (and `derive`) read: every shared weight at its full size, without optimizer
 * state. Written once after training, atomically. Each process reads it once, onto its own heap: kernels and TensorFlow.js compute on one
 * WebAssembly memory per process (per thread, too), which can be neither mapped from a file nor shared, so one copy per process is the
 * least there can be. Candidates bring no weights with them.
 */
import { createHash } from "node:crypto";
import { diagnostic, failure, success, type Result } from "../diagnostics/model.js";
import type { Space } from "../ir/space.js";
import type { Engine } from "../runtime/engine.js";
import { encodeTensorFile, readTensorFile, writeAtomically } from "../runtime/tensor-file.js";
import { spaceStoreOf, type WeightStore } from "../runtime/weight-store.js";

export const SUPERNET_FILE = "supernet.weights";

interface Header { readonly kind: "supernet"; readonly layout: string }

function isHeader(header: unknown): header is Header {
  return typeof header === "object" && header !== null && "kind" in header && header.kind === "supernet" && "layout" in header && typeof header.layout === "string";
}

/** Writes the weights; returns the hash of the file's bytes. */
export function saveSupernet(path: string, engine: Engine, store: WeightStore): Result<string> {
  const tensors = [...store.weights.values()].map(({ key, shape, tensor }) => ({ name: key, shape, values: engine.download(tensor).slice() }));
  const header: Header = { kind: "supernet", layout: store.layout };
  try {
    const bytes = encodeTensorFile(header, tensors);
    writeAtomically(path, bytes, false);
    return success(createHash("sha256").update(bytes).digest("hex").slice(0, 16));
  } catch (error) {
    return failure(diagnostic("NAS7027", { title: "the supernet's weights cannot be written", why: `${path}: ${error instanceof Error ? error.message : String(error)}`, help: "make room, then run the same command with `--resume`" }));
  }
}

/** A store of the space that holds the file's weights. */
export function loadSupernet(path: string, engine: Engine, space: Space): Result<WeightStore> {
  const file = readTensorFile(path);
  if ("problem" in file) return failure(diagnostic("NAS6024", { title: "the supernet's weights cannot be read", why: `${path}: ${file.problem}`, help: "run the search again with `--resume`: it writes them anew" }));
  const store = spaceStoreOf(engine, space, (key) => file.tensors.get(key)?.values);
  const fits = isHeader(file.header) && file.header.layout === store.layout && [...store.weights.keys()].every((key) => file.tensors.has(key));
  if (!fits) {
    store.dispose();
    return failure(diagnostic("NAS6025", { title: "the supernet's weights belong to another space", why: `${path} holds other tensors than \`${space.name}\` needs`, help: "use the folder of the search that made them" }));
  }
  return success(store);
}
