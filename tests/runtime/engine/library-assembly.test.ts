import { librarySuite } from "./library-suite.js";

librarySuite("AssemblyScript kernels", "wasm", { provider: "assembly" });
