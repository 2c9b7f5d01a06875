import { engineSuite } from "./engine-suite.js";
import { strictEngine, onEngine } from "./tested-engines.js";

onEngine(strictEngine, engineSuite);
