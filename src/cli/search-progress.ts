/** Turns the events of a search into progress lines, or into JSON lines with `--json`. */
import { formatMetric } from "../hw/metrics.js";
import type { SearchPlan } from "../ir/plan.js";
import type { SearchEvent } from "../search/run-search.js";
import { valuesOf, type CompleteTrial } from "../search/pareto.js";
import { bar, ProgressLine } from "./progress.js";
import { clock } from "./table.js";
import type { Terminal } from "./terminal.js";

export interface SearchReporter { event(event: SearchEvent): void; clear(): void }

/** `accuracy 93.10 %, energy 12.4 µJ` */
function describeBest(plan: SearchPlan, best: CompleteTrial | undefined): string {
  if (best === undefined) return "nothing feasible yet";
  const values = valuesOf(best);
  return plan.objectives.map(({ metric }) => `${metric} ${formatMetric(metric, values[metric] ?? Number.NaN)}`).join(", ");
}

export function searchReporter(terminal: Terminal, plan: SearchPlan): SearchReporter {
  const line = new ProgressLine(terminal.options.quiet || terminal.json);
  const say = (text: string): void => {
    line.clear();
    if (!terminal.json) terminal.note(text);
  };
  const json = (event: SearchEvent): void => terminal.document("search", { event }, [], new Map(), false);
  const event = (event: SearchEvent): void => {
    switch (event.kind) {
      case "started":
        say(`run folder ${event.folder}`);
        say(`engine     ${event.engine}, ${event.workers} worker${event.workers === 1 ? "" : "s"}`);
        for (const reason of event.engineReasons) say(`           ${reason}`);
        if (event.recordedTrials > 0) say(`resuming   ${event.recordedTrials} trials are already in the study`);
        return json(event);
      case "supernet": {
        const { step, steps, epoch, epochs, loss, accuracy, imagesPerSecond, secondsLeft } = event.progress;
        return line.update(`supernet ${bar(step / steps)} epoch ${epoch}/${epochs} step ${step}/${steps}  loss ${loss.toFixed(3)}  accuracy ${(100 * accuracy).toFixed(1)} %  ${Math.round(imagesPerSecond)} images/s  ${clock(secondsLeft)} left`, step === steps);
      }
      case "supernet trained": say(`supernet   trained, ${event.steps} steps`); return json(event);
      case "progress": return line.update(`search   ${bar(event.done / event.total)} ${event.done}/${event.total}  ${event.trialsPerSecond.toFixed(1)} trials/s  ${clock(event.secondsLeft)} left  best: ${describeBest(plan, event.best)}`, event.done === event.total);
      case "ranker": return json(event);
      case "generation": return json(event);
      case "trial": return json(event);
      case "warning": return json(event);
      default: { const never: never = event; throw new Error(`event ${String(never)}`); }
    }
  };
  return { event, clear: () => line.clear() };
}
