#!/usr/bin/env node
// The executable: hands over to the compiled command line.
import { main } from "../dist/bundle/main.js";

process.exitCode = await main(process.argv.slice(2));
