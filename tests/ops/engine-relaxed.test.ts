import { describe } from "vitest";
import { relaxedProblem } from "../../src/runtime/kernels/assembly-pack.js";
import { operatorSuite } from "./engine-suite.js";

const problem = relaxedProblem();
if (problem === undefined) operatorSuite("relaxed AssemblyScript kernels", "wasm", { arithmetic: "AssemblyScript relaxed" });
else describe.skip(`relaxed kernels are not tested: ${problem}`, () => undefined);
