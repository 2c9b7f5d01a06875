import { librarySuite } from "./library-suite.js";
import { relaxedEngine, onEngine } from "./tested-engines.js";

onEngine(relaxedEngine, librarySuite);
