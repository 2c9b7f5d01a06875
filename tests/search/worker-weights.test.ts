/**
 * Each worker process reads the supernet's weights once; candidates bring none with them. Kernels compute on a heap that each process has
 * for itself, so one copy per process is the least there can be.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/load.js";
import type { Dataset } from "../../src/data/dataset.js";
import type { Result } from "../../src/diagnostics/model.js";
import { checkProgram } from "../ir/check-program.js";
