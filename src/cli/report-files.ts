/** The report of a run's folder as text, whatever state the run is in. */
import type { Result } from "../diagnostics/model.js";
import { collectReport } from "../report/collect.js";
import { renderReport } from "../report/render.js";
import { openRun } from "./run-folder.js";

export function reportOfRun(folder: string): Result<string> {
  const run = openRun(folder);
  // A folder without its program can still be drawn, without the chosen network.
  const collected = collectReport(folder, run.ok ? run.value.plan : undefined);
  return collected.ok ? { ok: true, value: renderReport(collected.value), warnings: collected.warnings } : collected;
}
