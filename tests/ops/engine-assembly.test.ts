import { operatorSuite } from "./engine-suite.js";

operatorSuite("strict AssemblyScript kernels", "wasm", { deterministic: true });
