/** The Pareto set as a table: objectives, parameters, and which operators each member is made of. */
import { formatMetric } from "../hw/metrics.js";
import { bind } from "../ir/bind.js";
import type { Architecture, Space } from "../ir/space.js";
import { operatorMix } from "../report/collect.js";
import type { ParetoDocument } from "../search/pareto.js";
import { textTable, type Column } from "./table.js";
import type { Terminal } from "./terminal.js";

/** `add 2, conv 1`: the operators that do arithmetic. */
export function mixOf(space: Space, architecture: Architecture): string {
  return Object.entries(operatorMix(bind(space, architecture))).sort(([a], [b]) => (a < b ? -1 : 1)).map(([operator, count]) => `${operator} ${count}`).join(", ");
}

export function printPareto(terminal: Terminal, document: ParetoDocument, space: Space): void {
  const metrics = [...new Set([...document.objectives.map(({ metric }) => metric), ...document.budgets.map(({ metric }) => metric)])];
  const columns: Column[] = [{ title: "network" }, ...metrics.map((title): Column => ({ title, align: "right" })), { title: "operators" }];
  const rows = document.members.map(({ hash, accuracy, costs, architecture }) => [
    hash, ...metrics.map((metric) => { const value = metric === "accuracy" ? accuracy : costs[metric]; return value === undefined ? "" : formatMetric(metric, value); }), mixOf(space, architecture),
  ]);
  if (rows.length === 0) { terminal.result("no architecture met the budgets"); return; }
  for (const line of textTable(columns, rows)) terminal.result(line);
  terminal.result(terminal.dim("accuracy: inherited weights, validation part"));
}
