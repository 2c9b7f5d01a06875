/**
 * What a name at the top level of a file stands for, after imports: the meeting point of the module loader, the space elaborator and
 * the readers of `accelerator` and `search`. Definitions know the module they were written in, because their bodies are looked up there.
 */
import type { AttributeValue } from "../ops/operator.js";
import type { AcceleratorDeclaration, ArchitectureDeclaration, BlockDeclaration, ConstDeclaration, Program, SearchDeclaration, SpaceDeclaration } from "../parser/ast.js";

/** From `-D NAME=value`. */
export interface ConstantOverride { readonly value: AttributeValue; readonly text: string }

export type Definition =
  | { readonly kind: "const"; readonly declaration: ConstDeclaration; readonly module: Module; readonly override?: ConstantOverride }
  | { readonly kind: "block"; readonly declaration: BlockDeclaration; readonly module: Module }
  | { readonly kind: "space"; readonly declaration: SpaceDeclaration; readonly module: Module }
  | { readonly kind: "architecture"; readonly declaration: ArchitectureDeclaration; readonly module: Module }
  | { readonly kind: "accelerator"; readonly declaration: AcceleratorDeclaration; readonly module: Module }
  | { readonly kind: "search"; readonly declaration: SearchDeclaration; readonly module: Module }
  /** An import that failed and is already diagnosed: whoever meets it stays silent. */
  | { readonly kind: "broken" };

export interface Module {
  readonly file: string;
  readonly program: Program;
  lookup(name: string): Definition | undefined;
  /** Every name that `lookup` knows, for near names. */
  names(): readonly string[];
}
