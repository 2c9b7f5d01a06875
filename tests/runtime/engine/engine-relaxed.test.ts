import { engineSuite } from "./engine-suite.js";
import { relaxedEngine, onEngine } from "./tested-engines.js";

onEngine(relaxedEngine, engineSuite);
