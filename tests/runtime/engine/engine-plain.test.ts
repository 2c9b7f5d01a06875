import { engineSuite } from "./engine-suite.js";
import { plainEngine, onEngine } from "./tested-engines.js";

onEngine(plainEngine, engineSuite);
