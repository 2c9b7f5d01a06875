import { describe } from "vitest";
import { tfjsNodeIsThere } from "../../src/runtime/tfjs-node/load.js";
import { operatorSuite } from "./engine-suite.js";

if (tfjsNodeIsThere()) operatorSuite("TensorFlow", "node");
else describe.skip("TensorFlow is not tested: @tensorflow/tfjs-node is not installed and NASC_TFJS_NODE names none", () => undefined);
