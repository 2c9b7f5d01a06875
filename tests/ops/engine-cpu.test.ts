import { operatorSuite } from "./engine-suite.js";

operatorSuite("plain loops", "cpu");
