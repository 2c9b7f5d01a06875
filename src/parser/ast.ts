/**
 * The abstract syntax of a .nas file: plain data with a span on every node. The parser builds it (with error recovery),
 * `src/ir` reads it. Nothing here is resolved: names are still names.
 */
import type { Span } from "../diagnostics/model.js";

export interface Identifier { readonly name: string; readonly span: Span }

/** `///` lines above a declaration. */
export type Documentation = string | undefined;

export interface Program { readonly file: string; readonly declarations: readonly Declaration[]; readonly span: Span }

export type Declaration =
  | ImportDeclaration | ConstDeclaration | BlockDeclaration | SpaceDeclaration
  | ArchitectureDeclaration | AcceleratorDeclaration | SearchDeclaration;

/** import { A, B as C } from "std/blocks" */
export interface ImportDeclaration {
  readonly kind: "import";
  readonly names: readonly { readonly imported: Identifier; readonly local: Identifier }[];
  readonly from: StringLiteral;
  readonly span: Span;
}

/** const NAME = expression; `-D NAME=value` replaces it. */
export interface ConstDeclaration { readonly kind: "const"; readonly name: Identifier; readonly value: Expression; readonly documentation: Documentation; readonly span: Span }

export interface BlockParameter { readonly name: Identifier; readonly defaultValue?: Expression; readonly span: Span }

/** block Name(parameters) [reversible] { ... return a, b } */
export interface BlockDeclaration {
  readonly kind: "block"; readonly name: Identifier; readonly parameters: readonly BlockParameter[]; readonly reversible: boolean;
  readonly body: readonly Statement[]; readonly documentation: Documentation; readonly span: Span;
}

export interface SpaceDeclaration { readonly kind: "space"; readonly name: Identifier; readonly body: readonly Statement[]; readonly documentation: Documentation; readonly span: Span }

/** architecture Small of Hybrid28 { width = 16  mix[1] = add  mix[1].kernel = 3 } */
export interface ArchitectureDeclaration {
  readonly kind: "architecture"; readonly name: Identifier; readonly space: Identifier;
  readonly bindings: readonly ArchitectureBinding[]; readonly documentation: Documentation; readonly span: Span;
}
/** `path` is the decision path as written, e.g. "mix[3].kernel"; `[*]` binds every round. */
export interface ArchitectureBinding { readonly path: string; readonly pathSpan: Span; readonly value: Expression; readonly span: Span }

export interface AcceleratorDeclaration { readonly kind: "accelerator"; readonly name: Identifier; readonly settings: readonly Setting[]; readonly documentation: Documentation; readonly span: Span }

export interface SearchDeclaration { readonly kind: "search"; readonly name: Identifier; readonly settings: readonly Setting[]; readonly documentation: Documentation; readonly span: Span }

/**
 * `technology 45nm`, `memory dram { width 64bit }`, `runs conv, dense`, `space Hybrid28 on Edge` (target = Edge),
 * `subject to params <= 100K, latency <= 2ms` (name "subject to"), `array 12 x 14` (one DimensionsLiteral value).
 */
export interface Setting {
  readonly name: Identifier;
  readonly values: readonly Expression[];
  readonly target?: Identifier;
  readonly settings?: readonly Setting[];
  readonly span: Span;
}

// ---- statements ----

export type Statement =
  | AssignStatement | ForStatement | IfStatement | RequireStatement | InputStatement | OutputStatement | ShareStatement | ReturnStatement;

/** x = e, or a, b = e for a block with several outputs. */
export interface AssignStatement { readonly kind: "assign"; readonly targets: readonly Identifier[]; readonly value: Expression; readonly span: Span }
/** for i in 1..depth { } */
export interface ForStatement { readonly kind: "for"; readonly variable: Identifier; readonly range: Expression; readonly body: readonly Statement[]; readonly span: Span }
export interface IfStatement { readonly kind: "if_statement"; readonly condition: Expression; readonly then: readonly Statement[]; readonly otherwise?: readonly Statement[]; readonly span: Span }
/** require embed % heads == 0 for every heads */
export interface RequireStatement { readonly kind: "require"; readonly condition: Expression; readonly forEvery?: readonly Identifier[]; readonly span: Span }
/** input image: f32[28, 28, 1]; element type f32 or tokens */
export interface InputStatement { readonly kind: "input"; readonly name: Identifier; readonly element: Identifier; readonly dimensions: readonly Expression[]; readonly span: Span }
/** output classes = e */
export interface OutputStatement { readonly kind: "output"; readonly name: Identifier; readonly value: Expression; readonly span: Span }
/** share slice */
export interface ShareStatement { readonly kind: "share"; readonly strategy: Identifier; readonly span: Span }
export interface ReturnStatement { readonly kind: "return"; readonly values: readonly Expression[]; readonly span: Span }

// ---- expressions ----

export type Expression =
  | NumberLiteral | StringLiteral | BooleanLiteral | NoneLiteral | DimensionsLiteral | NameExpression | ListExpression | RecordExpression
  | UnaryExpression | BinaryExpression | RangeExpression | CallExpression | IndexExpression | PipeExpression | IfExpression
  | ChooseExpression | WeightsExpression | InvalidExpression;

/** 3, 3.5, 100K, 2ms: `value` is as written, `unit` the suffix as written. */
export interface NumberLiteral { readonly kind: "number"; readonly value: number; readonly unit?: string; readonly text: string; readonly span: Span }
export interface StringLiteral { readonly kind: "string"; readonly value: string; readonly span: Span }
export interface BooleanLiteral { readonly kind: "boolean"; readonly value: boolean; readonly span: Span }
export interface NoneLiteral { readonly kind: "none"; readonly span: Span }
/** 12 x 14 (settings only) */
export interface DimensionsLiteral { readonly kind: "dimensions"; readonly factors: readonly Expression[]; readonly span: Span }
export interface NameExpression { readonly kind: "name"; readonly name: string; readonly span: Span }
export interface ListExpression { readonly kind: "list"; readonly elements: readonly Expression[]; readonly span: Span }
/** { weights: e, activations: e } as an argument */
export interface RecordExpression { readonly kind: "record"; readonly fields: readonly { readonly name: Identifier; readonly value: Expression }[]; readonly span: Span }
export interface UnaryExpression { readonly kind: "unary"; readonly operator: "-" | "not"; readonly operand: Expression; readonly span: Span }
export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "^" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "and" | "or" | "in";
export interface BinaryExpression { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression; readonly span: Span }
/** 2..6, 192..240 by 24: inclusive */
export interface RangeExpression { readonly kind: "range"; readonly from: Expression; readonly to: Expression; readonly by?: Expression; readonly span: Span }
export interface Argument { readonly name?: Identifier; readonly value: Expression; readonly span: Span }
export interface CallExpression { readonly kind: "call"; readonly callee: Expression; readonly arguments: readonly Argument[]; readonly span: Span }
export interface IndexExpression { readonly kind: "index"; readonly target: Expression; readonly index: Expression; readonly span: Span }
export interface PipeExpression { readonly kind: "pipe"; readonly left: Expression; readonly right: Expression; readonly span: Span }
export interface IfExpression { readonly kind: "if"; readonly condition: Expression; readonly then: Expression; readonly otherwise: Expression; readonly span: Span }
/** One alternative: `label: value if guard`; unlabelled values are labelled by their own text. */
export interface Alternative { readonly label?: Identifier; readonly value: Expression; readonly guard?: Expression; readonly span: Span }
/**
 * `choose label { ... } if guard`, `choose label 2..6 by 2`, and the same with `adapt`. With a guard that is false the decision is inactive
 * and its value is the first alternative.
 */
export interface ChooseExpression {
  readonly kind: "choose"; readonly binding: "choose" | "adapt"; readonly label?: Identifier;
  /** Exactly one of the two. */
  readonly alternatives?: readonly Alternative[]; readonly range?: Expression;
  readonly guard?: Expression; readonly span: Span;
}
/** e weights trunk[k] through piecewise_scale(...) */
export interface WeightsExpression { readonly kind: "weights"; readonly value: Expression; readonly name: Identifier; readonly indices: readonly Expression[]; readonly through?: Expression; readonly span: Span }
/** Stands where recovery skipped text; already diagnosed, so later stages stay silent about it. */
export interface InvalidExpression { readonly kind: "invalid"; readonly span: Span }
