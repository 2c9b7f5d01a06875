/**
 * The reading rule of `reversible` blocks, under which what a block was given follows from what it returns (Cai et al., RevCol, ICLR 2023,
 * section 2.1): it returns a list of tensors, each the sum of what it computes for that level and of the same level of the list it was
 * given, possibly scaled. What is computed for a level may read lower levels of the result and higher ones of the given list: going from
 * the highest level down, everything that a level needs is known again.
 */
import type { Span } from "../../diagnostics/model.js";
import type { BlockDeclaration } from "../../parser/ast.js";
import type { NodeId } from "../space.js";
import type { Elaboration } from "./elaboration.js";
import type { Term } from "./term.js";

/** The nodes of a list of tensors. */
function tensorsOf(term: Term | undefined): readonly NodeId[] | undefined {
  if (term?.kind !== "list") return undefined;
  const nodes = term.elements.flatMap((element) => (element.kind === "tensor" ? [element.node] : []));
  return nodes.length === term.elements.length ? nodes : undefined;
}

/** Whether a node hands a given level on: the level itself, or a scaled copy. */
function carries(e: Elaboration, node: NodeId, level: NodeId): boolean {
  const found = e.nodes[node]!;
  return node === level || (found.kind === "operator" && found.operator.name === "scale" && found.inputs[0] === level);
}

/** The first of `forbidden` that `node` reads, without looking through `known` and what was there before the block. */
function reads(e: Elaboration, node: NodeId, known: ReadonlySet<NodeId>, forbidden: ReadonlySet<NodeId>, first: NodeId): NodeId | undefined {
  const open = [node];
  const seen = new Set<NodeId>(known);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (forbidden.has(next)) return next;
    if (seen.has(next) || next < first) continue;
    seen.add(next);
    const found = e.nodes[next]!;
    if (found.kind !== "input") open.push(...found.inputs);
  }
  return undefined;
}

const order = (level: number): string => `level ${level} (from 0)`;

/**
 * Reports what keeps a block from being computed backwards; `given` are its arguments, `first` is the first node made inside. A block
 * that is given an empty list starts: there is nothing to compute back.
 */
export function checkReversible(e: Elaboration, { name }: BlockDeclaration, given: Iterable<Term>, returned: Term, first: NodeId, at: Span): void {
  const title = `\`${name.name}\` cannot be computed backwards`;
  const causes = [{ span: name.span, text: "declared reversible here" }];
  const outputs = tensorsOf(returned);
  const terms = [...given];
  const lists = terms.flatMap((term) => { const nodes = tensorsOf(term); return nodes === undefined ? [] : [nodes]; });
  const previous = lists.find((nodes) => nodes.length === outputs?.length);
  if (outputs === undefined || previous === undefined) {
    if (outputs !== undefined && lists.some((nodes) => nodes.length === 0)) return;
    e.report("NAS4018", { title, at, label: outputs === undefined ? "it returns no list of tensors" : "it is given no list of as many tensors as it returns", causes, help: "a reversible block takes a list of tensors (an empty one to start) and returns one of the same length" });
    return;
  }
  // What another argument brings along is known, whatever it is.
  const brought = new Set(terms.flatMap((term) => (term.kind === "tensor" ? [term.node] : [])));
  for (const [level, node] of outputs.entries()) {
    const sum = e.nodes[node]!;
    const parts = sum.kind === "operator" && sum.operator.name === "plus" ? sum.inputs : [];
    const carried = parts.findIndex((part) => carries(e, part, previous[level]!));
    if (carried < 0) {
      e.report("NAS4018", { title, at, label: `${order(level)} is no sum with the level that was given`, causes, help: `let it be what is computed plus \`previous[${level}]\`, or plus a scaled copy of it` });
      return;
    }
    const read = reads(e, parts[1 - carried]!, new Set(outputs.slice(0, level)), new Set(previous.slice(0, level + 1).filter((each) => !brought.has(each))), first);
    if (read !== undefined) {
      e.report("NAS4018", { title, at, label: `${order(level)} reads ${order(previous.indexOf(read))} of what was given`, causes, why: "going backwards, only higher levels of it are known again by then", help: "read lower levels of the result, higher levels of the given list, or tensors from elsewhere" });
      return;
    }
  }
}
