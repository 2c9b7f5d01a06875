/** The Pareto set as a table: objectives, parameters, and which operators each member is made of. */
import { formatMetric } from "../hw/metrics.js";
import type { ParetoDocument } from "../search/pareto.js";
import { textTable, type Column } from "./table.js";
import type { Terminal } from "./terminal.js";

/** `add 2, conv 1`: how often each label that is a word occurs among the decisions. */
export function operatorMix(labels: Readonly<Record<string, string>>): string {
  const counts = new Map<string, number>();
  for (const label of Object.values(labels)) if (/^[a-z_]\w*$/i.test(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, count]) => `${label} ${count}`).join(", ");
}

function otherLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels).filter(([, label]) => !/^[a-z_]\w*$/i.test(label)).map(([path, label]) => `${path}=${label}`).join(" ");
}

export function printPareto(terminal: Terminal, document: ParetoDocument): void {
  const metrics = [...new Set([...document.objectives.map(({ metric }) => metric), ...document.budgets.map(({ metric }) => metric)])];
  const columns: Column[] = [{ title: "network" }, ...metrics.map((title): Column => ({ title, align: "right" })), { title: "operators" }, { title: "sizes" }];
  const rows = document.members.map(({ hash, accuracy, costs, labels }) => [
    hash, ...metrics.map((metric) => { const value = metric === "accuracy" ? accuracy : costs[metric]; return value === undefined ? "" : formatMetric(metric, value); }), operatorMix(labels), otherLabels(labels),
  ]);
  if (rows.length === 0) { terminal.result("no architecture met the budgets"); return; }
  for (const line of textTable(columns, rows)) terminal.result(line);
  terminal.result(terminal.dim("accuracy: inherited weights, validation part"));
}
