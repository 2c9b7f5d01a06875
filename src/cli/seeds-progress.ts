/** Progress of a search over several seeds: one line for all that run, and a line for each seed that is through. */
import { formatMetric } from "../hw/metrics.js";
import type { SearchPlan } from "../ir/plan.js";
import type { SearchEvent } from "../search/run-search.js";
import type { SeedResult } from "../search/seed-pool.js";
import { ProgressLine } from "./progress.js";
import { clock } from "./table.js";
import type { Terminal } from "./terminal.js";

export interface SeedsReporter { event(seed: number, event: SearchEvent): void; end(result: SeedResult): void; clear(): void }

/** `seed 4: supernet 37 %, 1:20 left` */
function standOf(event: SearchEvent): string | undefined {
  switch (event.kind) {
    case "supernet": return `supernet ${Math.floor((100 * event.progress.step) / event.progress.steps)} %, ${clock(event.progress.secondsLeft)} left`;
    case "supernet trained": return "supernet trained";
    case "progress": return `${event.done}/${event.total} trials, ${clock(event.secondsLeft)} left`;
    default: return undefined;
  }
}

function endOf({ seed, folder, end }: SeedResult, { objectives }: SearchPlan): string {
  switch (end.kind) {
    case "stopped": return `seed ${seed}: stopped, kept in ${folder}`;
    case "failed": return `seed ${seed}: failed`;
    case "finished": {
      const [best] = end.document.members;
      const values: Readonly<Record<string, number>> = best === undefined ? {} : { ...best.costs, accuracy: best.accuracy };
      return `seed ${seed}: finished, ${best === undefined ? "nothing feasible" : `best ${objectives.map(({ metric }) => `${metric} ${formatMetric(metric, values[metric] ?? Number.NaN)}`).join(", ")}`}`;
    }
  }
}

export function seedsReporter(terminal: Terminal, plan: SearchPlan, total: number): SeedsReporter {
  const line = new ProgressLine(terminal.options.quiet || terminal.json);
  const stands = new Map<number, string>();
  let done = 0;
  const say = (text: string): void => {
    line.clear();
    if (!terminal.json) terminal.note(text);
  };
  return {
    event(seed, event) {
      if (terminal.json && event.kind !== "supernet" && event.kind !== "progress") terminal.document("search", { seed, event }, [], new Map(), false);
      if (event.kind === "started") say(`seed ${seed}: ${event.recordedTrials > 0 ? `goes on from ${event.recordedTrials} trials` : "begins"} in ${event.folder}, ${event.engine}`);
      const stand = standOf(event);
      if (stand === undefined) return;
      stands.set(seed, stand);
      line.update(`${done}/${total} seeds done; ${[...stands].map(([one, text]) => `seed ${one}: ${text}`).join("; ")}`);
    },
    end(result) {
      stands.delete(result.seed);
      done++;
      say(endOf(result, plan));
    },
    clear: () => line.clear(),
  };
}
