/**
 * The state of one elaboration: variables, the nodes so far, decisions with their places, obligations to be proven at the end,
 * constraints and diagnostics. Everything else in this folder is functions over it.
 */
import { diagnostic, type Diagnostic, type DiagnosticParts, type Span } from "../../diagnostics/model.js";
import type { DiagnosticCode } from "../../diagnostics/registry.js";
import type { AttributeValue, Operator } from "../../ops/operator.js";
import type { Identifier } from "../../parser/ast.js";
import type { Definition } from "../module.js";
import type { Constraint, NodeId, SharingStrategy, Value, VariableId } from "../space.js";
import { VariablePool } from "../variable-pool.js";
import type { Place, Site } from "./scope.js";
import { ShapeMemory } from "./shape-memory.js";
import { broken, type BrokenTerm, type Term } from "./term.js";

/** Nodes, expressions evaluated and rounds of one loop: far beyond any network, small enough to answer within seconds. */
export const NODE_LIMIT = 20_000;
export const STEP_LIMIT = 400_000;
export const ROUND_LIMIT = 4096;
/** Block calls inside each other. */
export const CALL_LIMIT = 64;
/** Expressions inside each other. */
const NESTING_LIMIT = 800;

export type DraftNode =
  | { readonly kind: "input"; readonly name: string; readonly element: "f32" | "tokens"; readonly shape: Value<readonly number[]>; readonly place: Place }
  | {
    readonly kind: "operator"; readonly operator: Operator; readonly inputs: readonly NodeId[]; readonly attributes: Readonly<Record<string, Value>>;
    readonly shape: Value<readonly number[]>; readonly place: Place; readonly span: Span;
    /** Nodes that stand for alternatives of one call have one group. */
    readonly group: string;
    weightKey?: string;
  }
  | { readonly kind: "select"; readonly inputs: readonly NodeId[]; readonly selector: Value<number>; readonly shape: Value<readonly number[]>; readonly place: Place };

export interface DecisionDraft {
  readonly id: VariableId;
  readonly place: Place;
  readonly span: Span;
  /** `choose {...} if g`. */
  readonly guard: Value<boolean> | undefined;
  readonly allowed: readonly Value<boolean>[];
  /** Where the choice stands. */
  readonly condition: Value<boolean>;
}

/** A combination that must not occur: a cell of `problem` that is defined says what would be wrong there. */
export interface Obligation {
  readonly code: DiagnosticCode;
  /** TaggedValue cells: see `problemCell`. */
  readonly problem: Value;
  /** Where the program is reached. */
  readonly condition: Value<boolean>;
  /** It counts only where this node is active. */
  readonly node?: NodeId;
  readonly span: Span;
  /** The frame of the parameter that a problem names. */
  readonly spans?: ReadonlyMap<string, Span>;
  /** The call that leads into a library. */
  readonly call?: Cause | undefined;
}

export interface Cause { readonly span: Span; readonly text: string }

/** A problem as a cell. `code` where it is another one than the obligation's. */
export function problemCell(title: string, detail: string, help?: string, parameter?: string, code?: "NAS3008"): AttributeValue {
  return { tag: "problem", arguments: { title, detail, help: help ?? null, parameter: parameter ?? null, code: code ?? null } };
}

interface Remembered { readonly id: VariableId; readonly piped: Term | undefined; readonly expected: unknown; readonly term: Term }

export class Elaboration {
  readonly pool = new VariablePool();
  readonly shapes = new ShapeMemory();
  readonly nodes: DraftNode[] = [];
  readonly decisions: DecisionDraft[] = [];
  readonly obligations: Obligation[] = [];
  readonly constraints: Constraint[] = [];
  readonly outputs: { readonly name: string; readonly node: NodeId; readonly span: Span }[] = [];
  /** Outputs whose value is broken. */
  readonly lostOutputs: Identifier[] = [];
  /** Choices already met, by instance and span. */
  readonly chosen = new Map<string, Remembered>();
  /** Where the program asks for extents of tensors that do not exist in every combination. */
  readonly asked = new Map<NodeId, Set<Value<boolean>>>();
  readonly constants = new Map<Definition, Term | "evaluating">();
  sharing: SharingStrategy = "slice";
  /** False while constants and settings are evaluated: no decisions, no tensors. */
  decisionsAllowed = true;
  /** Set once a limit is reached; nothing is evaluated from then on. */
  stopped = false;
  /** The block calls being evaluated, outermost first. */
  readonly calls: Span[] = [];
  private readonly reported = new Map<string, Diagnostic>();
  private steps = 0;
  private nesting = 0;

  get diagnostics(): readonly Diagnostic[] {
    return [...this.reported.values()];
  }

  get hasErrors(): boolean {
    return this.diagnostics.some(({ severity }) => severity === "error");
  }

  /** One report per code and place, however many rounds meet it. */
  report(code: DiagnosticCode, parts: DiagnosticParts): BrokenTerm {
    const title = parts.title.length <= 70 ? parts.title : `${parts.title.slice(0, 69)}…`;
    const key = `${code}|${parts.at?.file}|${parts.at?.start}|${parts.at?.end}`;
    const call = parts.at === undefined ? undefined : this.callInto(parts.at);
    const causes = [...(parts.causes ?? []), ...(call === undefined ? [] : [call])];
    if (!this.reported.has(key)) this.reported.set(key, diagnostic(code, { ...parts, title, causes }));
    return broken;
  }

  /** For a place in a library: the call in another file that leads there. */
  callInto(at: Span): Cause | undefined {
    const span = this.calls.findLast((call) => call.file !== at.file);
    return span === undefined ? undefined : { span, text: "called here" };
  }

  /** Counts one step of work; false: a limit is reached, say no more. */
  enter(at: Span): boolean {
    if (this.stopped) return false;
    this.steps++;
    this.nesting++;
    if (this.steps > STEP_LIMIT || this.nesting > NESTING_LIMIT) {
      this.nesting--;
      this.stop(at, this.steps > STEP_LIMIT ? `more than ${STEP_LIMIT} expressions` : "expressions nested too deeply");
      return false;
    }
    return true;
  }

  leave(): void {
    this.nesting--;
  }

  stop(at: Span, why: string): void {
    if (!this.stopped) this.report("NAS4004", { title: "the space is too large to elaborate", at, label: why, help: "shorten the loops around this place" });
    this.stopped = true;
  }

  addNode(node: DraftNode, at: Span): NodeId {
    if (this.nodes.length >= NODE_LIMIT) this.stop(at, `more than ${NODE_LIMIT} operators`);
    this.nodes.push(node);
    return this.nodes.length - 1;
  }

  /** What follows from an extent is not defined where the tensor is refused, so that must not happen, needed by an output or not. */
  askExtent(node: NodeId, condition: Value<boolean>): void {
    if (!this.nodes[node]!.shape.cells.includes(undefined)) return;
    this.asked.set(node, (this.asked.get(node) ?? new Set()).add(condition));
  }

  /** Whatever could not be tabulated since the last call is an error at `at`. */
  reportTooWide(at: Span): void {
    const [first] = this.pool.takeTooWide();
    if (first === undefined) return;
    this.report("NAS4005", {
      title: "this depends on too many decisions at once", at, label: `a table of ${first.cells} combinations would be needed`,
      why: "every architecture is proven well-formed, and that needs a table over all decisions that meet here",
      help: "let fewer decisions meet, or carry their result in one variable with few values",
    });
  }

  place(site: Site, name: string, span: Span, variant = ""): Place {
    return { owner: site.owner, name, indices: site.indices, key: `${site.chain}|${span.file}:${span.start}-${span.end}${variant}` };
  }
}
