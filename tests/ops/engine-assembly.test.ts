import { operatorSuite } from "./engine-suite.js";

operatorSuite("AssemblyScript kernels", "wasm", { provider: "assembly" });
