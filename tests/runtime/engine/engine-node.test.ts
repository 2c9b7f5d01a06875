import { engineSuite } from "./engine-suite.js";
import { nodeEngine, onEngine } from "./tested-engines.js";

onEngine(nodeEngine, engineSuite);
