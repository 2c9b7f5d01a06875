import { plainEngine, onEngine } from "../runtime/engine/tested-engines.js";
import { operatorSuite } from "./engine-suite.js";

onEngine(plainEngine, operatorSuite);
