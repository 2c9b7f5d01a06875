import { librarySuite } from "./library-suite.js";
import { nativeEngine, onEngine } from "./tested-engines.js";

onEngine(nativeEngine, librarySuite);
