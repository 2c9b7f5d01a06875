/**
 * What expressions mean in one single architecture: plain values, tensors with known shapes, functions. The reference interpreter works
 * on these; nothing here knows of tables, guards or decisions, so that it shares no idea with the compiler that it is compared with.
 */
import type { AttributeValue, Attributes, Operator, Shape } from "../../../src/ops/operator.js";
import type { BlockDeclaration, Identifier } from "../../../src/parser/ast.js";

/** `shape` undefined: the operator refused its inputs, or one of them was refused before. */
export interface TensorNode {
  readonly id: number;
  readonly operator: string;
  readonly inputs: readonly number[];
  readonly attributes: Attributes;
  readonly shape: Shape | undefined;
  /** Place in the program with its calls and rounds: two networks are the same only if their weights are. */
  readonly place: string;
  readonly problem?: string;
}

export type Meaning =
  /** undefined: follows from a tensor that does not exist. */
  | { readonly kind: "value"; readonly value: AttributeValue | undefined }
  | { readonly kind: "tensor"; readonly id: number }
  | { readonly kind: "list"; readonly elements: readonly Meaning[] }
  | { readonly kind: "operator"; readonly operator: Operator }
  | { readonly kind: "block"; readonly declaration: BlockDeclaration }
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "partial"; apply(piped: Meaning): Meaning }
  | { readonly kind: "none" };

export const valueOf = (value: AttributeValue | undefined): Meaning => ({ kind: "value", value });

/** Meanings of symbols are their names, those of lists lists. */
export function plainValue(meaning: Meaning): AttributeValue | undefined {
  switch (meaning.kind) {
    case "value": return meaning.value;
    case "operator": return meaning.operator.name;
    case "none": return null;
    case "list": {
      const values = meaning.elements.map(plainValue);
      return values.every((value): value is AttributeValue => value !== undefined) ? values : undefined;
    }
    default: throw new Error(`a ${meaning.kind} is no value`);
  }
}

export interface Round { readonly locals: ReadonlyMap<string, Meaning> }

export interface Frame { readonly locals: Map<string, Meaning>; readonly history: Map<string, Round[]>; readonly instance: string }

export type Returned = readonly Meaning[] | undefined;

export const namesOf = (identifiers: readonly Identifier[]): string[] => identifiers.map(({ name }) => name);
