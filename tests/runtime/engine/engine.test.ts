import { engineSuite } from "./engine-suite.js";

engineSuite({ name: "wasm", kernels: { provider: "assembly" }, description: /^tfjs-wasm \d+\.\d+\.\d+ \+ AssemblyScript (relaxed )?SIMD kernels, 1 thread$/, other: "cpu" });
