import { describe } from "vitest";
import { loadNativeKernels } from "../../src/runtime/kernels/native-pack.js";
import { operatorSuite } from "./engine-suite.js";

const native = loadNativeKernels();
if ("problem" in native) describe.skip(`C++ kernels are not tested: ${native.problem}`, () => undefined);
else operatorSuite("C++ kernels", "wasm", { provider: "native" });
