/**
 * The tensor vocabulary on TensorFlow.js: stock elementwise kernels, our primitives for everything else, and a gradient of our own for
 * every function (`library-*.ts`).
 */
import type { TensorLibrary } from "../ops/tensor-library.js";
import type { EngineTensor } from "./engine.js";
import { elementwise } from "./library-elementwise.js";
import type { LibraryContext } from "./library-context.js";
import { layers } from "./library-layers.js";
import { shaping } from "./library-shape.js";

export function tensorflowLibrary(context: LibraryContext): TensorLibrary<EngineTensor> {
  return { ...elementwise(context), ...shaping(context), ...layers(context) };
}
