import { describe } from "vitest";
import { loadNativeKernels } from "../../../src/runtime/kernels/native-pack.js";
import { librarySuite } from "./library-suite.js";

const native = loadNativeKernels();
if ("problem" in native) describe.skip(`C++ kernels are not tested: ${native.problem}`, () => undefined);
else librarySuite("C++ kernels", "wasm", { provider: "native" });
