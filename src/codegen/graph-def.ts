/**
 * Builds a TensorFlow GraphDef in the JSON form that TensorFlow.js loads: named nodes of standard operations, attributes, and
 * constants whose values go into the weight shards.
 */
import type { Shape } from "../ops/operator.js";

export type DataType = "DT_FLOAT" | "DT_INT32";

export type AttributeJson =
  | { readonly type: DataType }
  | { readonly b: boolean } | { readonly i: string } | { readonly f: number } | { readonly s: string }
  | { readonly list: { readonly i: readonly string[] } }
  | { readonly shape: { readonly dim: readonly { readonly size: string }[] } }
  | { readonly tensor: { readonly dtype: DataType; readonly tensorShape: { readonly dim: readonly { readonly size: string }[] } } };

export interface NodeJson { readonly name: string; readonly op: string; readonly input: readonly string[]; readonly attr: Readonly<Record<string, AttributeJson>> }

export interface ConstantTensor { readonly name: string; readonly shape: Shape; readonly values: Float32Array | Int32Array }

export const dimensions = (shape: Shape): { readonly dim: readonly { readonly size: string }[] } => ({ dim: shape.map((size) => ({ size: String(size) })) });
export const integerList = (values: readonly number[]): AttributeJson => ({ list: { i: values.map(String) } });
/** Strings in a GraphDef are bytes; JSON holds them in base64. */
export const text = (value: string): AttributeJson => ({ s: btoa(value) });
export const flag = (value: boolean): AttributeJson => ({ b: value });

const FLOAT: AttributeJson = { type: "DT_FLOAT" };

export class GraphBuilder {
  readonly nodes: NodeJson[] = [];
  readonly constants: ConstantTensor[] = [];
  private readonly names = new Map<string, number>();
  private readonly shared = new Map<string, string>();

  /** A free name in the alphabet of TensorFlow near the one wished for. */
  private name(wish: string): string {
    const clean = wish.replace(/\[(\d+)\]/g, "_$1").replace(/[^A-Za-z0-9_./-]/g, "_").replace(/^[^A-Za-z0-9.]+/, "") || "node";
    for (;;) {
      const uses = this.names.get(clean) ?? 0;
      this.names.set(clean, uses + 1);
      const name = uses === 0 ? clean : `${clean}_${uses}`;
      if (uses === 0 || !this.names.has(name)) {
        if (uses > 0) this.names.set(name, 1);
        return name;
      }
    }
  }

  placeholder(wish: string, shape: Shape, type: DataType): string {
    return this.raw("Placeholder", wish, [], { dtype: { type }, shape: { shape: dimensions(shape) } });
  }

  /** A node with exactly these attributes; returns its name. */
  raw(op: string, wish: string, input: readonly string[], attr: Readonly<Record<string, AttributeJson>>): string {
    const name = this.name(wish);
    this.nodes.push({ name, op, input, attr });
    return name;
  }

  /** A float operation: `T` is added. */
  add(op: string, wish: string, input: readonly string[], attr: Readonly<Record<string, AttributeJson>> = {}): string {
    return this.raw(op, wish, input, { T: FLOAT, ...attr });
  }

  constant(wish: string, shape: Shape, values: Float32Array | Int32Array): string {
    const dtype: DataType = values instanceof Int32Array ? "DT_INT32" : "DT_FLOAT";
    const name = this.raw("Const", wish, [], { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape: dimensions(shape) } } });
    this.constants.push({ name, shape, values });
    return name;
  }

  /** Small whole numbers (shapes, axes, permutations); equal ones are one constant. */
  integers(values: readonly number[]): string {
    return this.share(`i${values.join("_")}`, () => this.constant(`const/i_${values.join("_").replace(/-/g, "m")}`, [values.length], Int32Array.from(values)));
  }

  integer(value: number): string {
    return this.share(`s${value}`, () => this.constant(`const/int_${String(value).replace("-", "m")}`, [], Int32Array.of(value)));
  }

  float(value: number): string {
    return this.share(`f${value}`, () => this.constant("const/float", [], Float32Array.of(value)));
  }

  private share(key: string, make: () => string): string {
    let known = this.shared.get(key);
    if (known === undefined) this.shared.set(key, (known = make()));
    return known;
  }
}
