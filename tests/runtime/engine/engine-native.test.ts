import { engineSuite } from "./engine-suite.js";
import { nativeEngine, onEngine } from "./tested-engines.js";

onEngine(nativeEngine, engineSuite);
