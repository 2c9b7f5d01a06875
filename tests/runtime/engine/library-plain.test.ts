import { librarySuite } from "./library-suite.js";
import { plainEngine, onEngine } from "./tested-engines.js";

onEngine(plainEngine, librarySuite);
