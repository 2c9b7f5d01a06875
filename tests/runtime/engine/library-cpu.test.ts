import { librarySuite } from "./library-suite.js";

librarySuite("plain loops", "cpu");
