import { describe } from "vitest";
import { tfjsNodeIsThere } from "../../../src/runtime/tfjs-node/load.js";
import { librarySuite } from "./library-suite.js";

if (tfjsNodeIsThere()) librarySuite("TensorFlow", "node");
else describe.skip("TensorFlow is not tested: @tensorflow/tfjs-node is not installed and NASC_TFJS_NODE names none", () => undefined);
