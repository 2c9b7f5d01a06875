import { strictEngine, onEngine } from "../runtime/engine/tested-engines.js";
import { operatorSuite } from "./engine-suite.js";

onEngine(strictEngine, operatorSuite);
