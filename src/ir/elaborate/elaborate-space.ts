/**
 * From the declaration of a space to the Space IR: evaluates the body, settles names and guards, proves that every architecture is
 * well-formed, and keeps what is needed. Reports every error of the space at once and never throws.
 */
import type { Diagnostic } from "../../diagnostics/model.js";
import type { Definition } from "../module.js";
import type { NodeId, Space, SpaceNode, Value, VariableId } from "../space.js";
import { compactVariables } from "./compact.js";
import { decisionGuards, nodeGuards } from "./demand.js";
import { Elaboration } from "./elaboration.js";
import { decisionPaths, nodePaths } from "./paths.js";
import { proveNotEmpty, proveObligations, warnDeadEnds, warnIdle } from "./prove.js";
import { newFrame, rootSite } from "./scope.js";
import { execute } from "./statements.js";

export interface ElaboratedSpace { readonly space?: Space; readonly diagnostics: readonly Diagnostic[] }

export function elaborateSpace(definition: Definition & { readonly kind: "space" }): ElaboratedSpace {
  const { declaration, module } = definition;
  const e = new Elaboration();
  execute(e, declaration.body, { frame: newFrame(module, 0), site: rootSite(e.pool.constant(true)) });
  if (e.stopped) return { diagnostics: e.diagnostics };
  // An output that is written but has no tensor is diagnosed where its value went wrong.
  const written = declaration.body.some((statement) => statement.kind === "output");
  if (e.outputs.length === 0 && !written && !e.hasErrors) e.report("NAS4011", { title: `the space \`${declaration.name.name}\` has no output`, at: declaration.name.span, label: "nothing comes out", help: "end it with `output NAME = ...`" });
  const paths = decisionPaths(e);
  if (e.hasErrors || e.lostOutputs.length > 0) {
    // Shapes are still worth checking, each where it stands in the program.
    for (const { id, guard, condition } of e.decisions) e.pool.updateDecision(id, { guard: guard === undefined ? condition : e.pool.and(condition, guard) });
    proveObligations(e, { paths, guards: undefined });
    const [lost] = e.lostOutputs;
    if (!e.hasErrors && lost !== undefined) e.report("NAS4011", { title: `no network has the output \`${lost.name}\``, at: lost.span, label: "nothing leads here" });
    return { diagnostics: e.diagnostics };
  }
  const guards = nodeGuards(e, e.outputs.map(({ node }) => node));
  const active = decisionGuards(e, guards, e.constraints);
  for (const [id, guard] of active) e.pool.updateDecision(id, { guard });
  e.reportTooWide(declaration.name.span);
  const examples = e.hasErrors ? undefined : proveNotEmpty(e);
  if (examples === undefined) return { diagnostics: e.diagnostics };
  proveWhereAsked(e, guards, active, paths);
  if (e.hasErrors) return { diagnostics: e.diagnostics };
  warnIdle(e, active, examples);
  warnDeadEnds(e, paths);
  return { space: compactVariables(spaceOf(e, declaration.name.name, guards, paths)), diagnostics: e.diagnostics };
}

/**
 * Proves with everything active that an output needs or whose extents the program asks for. Without the latter, a tensor that is refused
 * would hide itself: whether an output needs it may depend on its own extents, and is then not defined.
 */
function proveWhereAsked(e: Elaboration, guards: readonly Value<boolean>[], active: ReadonlyMap<VariableId, Value<boolean>>, paths: ReadonlyMap<VariableId, string>): void {
  if (e.asked.size === 0) { proveObligations(e, { paths, guards }); return; }
  const wider = nodeGuards(e, e.outputs.map(({ node }) => node), e.asked);
  for (const [id, guard] of decisionGuards(e, wider, e.constraints)) e.pool.updateDecision(id, { guard });
  proveObligations(e, { paths, guards: wider });
  for (const [id, guard] of active) e.pool.updateDecision(id, { guard });
}

/** The live nodes, renumbered. */
function spaceOf(e: Elaboration, name: string, guards: readonly Value<boolean>[], decisions: ReadonlyMap<VariableId, string>): Space {
  const live = e.nodes.map((node, id) => node.kind === "input" || !e.pool.always(guards[id]!, false));
  const renumbered = new Map<NodeId, NodeId>();
  live.forEach((alive, id) => { if (alive) renumbered.set(id, renumbered.size); });
  const kept = e.nodes.filter((_, id) => live[id]);
  const paths = nodePaths(kept, decisions);
  // A name given by `weights` that is also a path must not make that operator share by accident.
  const named = new Set(kept.flatMap((node) => (node.kind === "operator" && node.weightKey !== undefined ? [node.weightKey] : [])));
  const ownKey = (path: string): string => (named.has(path) ? `${path}/own` : path);
  const nodes = e.nodes.flatMap((node, old): SpaceNode[] => {
    const id = renumbered.get(old);
    if (id === undefined) return [];
    const common = { id, guard: guards[old]!, shape: node.shape, path: paths[id]! };
    switch (node.kind) {
      case "input": return [{ kind: "input", ...common, name: node.name, element: node.element }];
      // An option that is never taken may be gone; any other node can stand in for it.
      case "select": return [{ kind: "select", ...common, inputs: node.inputs.map((input) => renumbered.get(input) ?? renumbered.get(node.inputs.find((each) => renumbered.has(each))!)!), selector: node.selector }];
      case "operator": return [{ kind: "operator", ...common, operator: node.operator.name, inputs: node.inputs.map((input) => renumbered.get(input)!), attributes: node.attributes, weightKey: node.weightKey ?? ownKey(paths[id]!), span: node.span }];
      default: { const never: never = node; return never; }
    }
  });
  return {
    name, variables: e.pool.variables, nodes, sharing: e.sharing, constraints: e.constraints,
    inputs: nodes.filter((node) => node.kind === "input").map(({ id }) => id),
    outputs: e.outputs.map((output) => ({ name: output.name, node: renumbered.get(output.node)! })),
  };
}
