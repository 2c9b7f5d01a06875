import { librarySuite } from "./library-suite.js";
import { nodeEngine, onEngine } from "./tested-engines.js";

onEngine(nodeEngine, librarySuite);
