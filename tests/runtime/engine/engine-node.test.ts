import { describe } from "vitest";
import { tfjsNodeIsThere } from "../../../src/runtime/tfjs-node/load.js";
import { engineSuite } from "./engine-suite.js";

if (tfjsNodeIsThere()) engineSuite({ name: "node", description: /^tfjs-node \d+\.\d+\.\d+ on TensorFlow \d+\.\d+\.\d+, \d+ threads?; what it lacks by /, other: "wasm" });
else describe.skip("the engine node is not tested: @tensorflow/tfjs-node is not installed and NASC_TFJS_NODE names none", () => undefined);
