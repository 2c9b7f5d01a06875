import { librarySuite } from "./library-suite.js";
import { strictEngine, onEngine } from "./tested-engines.js";

onEngine(strictEngine, librarySuite);
