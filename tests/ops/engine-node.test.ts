import { nodeEngine, onEngine } from "../runtime/engine/tested-engines.js";
import { operatorSuite } from "./engine-suite.js";

onEngine(nodeEngine, operatorSuite);
