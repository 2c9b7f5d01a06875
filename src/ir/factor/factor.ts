/**
 * Factors: functions of a few variables whose product, over all of them, describes a space. Indices run in mixed radix over `scope`
 * (ascending ids, last fastest). Definitions of derived variables are kept as functions, because knowing the parents settles the child.
 */
import type { VariableId } from "../space.js";
import type { Cells } from "./semiring.js";
import type { SparseTable } from "./sparse-table.js";

/** Allowed or not. */
export interface Relation { readonly kind: "relation"; readonly scope: readonly VariableId[]; readonly allowed: Uint8Array }

/** The last variable of the scope equals table[index of the others]. */
export interface Definition { readonly kind: "definition"; readonly scope: readonly VariableId[]; readonly options: number; readonly table: readonly number[] }

export interface Weights<T> { readonly kind: "weights"; readonly scope: readonly VariableId[]; readonly cells: Cells<T> }

/** Zero where there is no entry. */
export interface SparseWeights<T> { readonly kind: "sparse"; readonly scope: readonly VariableId[]; readonly entries: SparseTable<T> }

/** What holds for every question. */
export type StructuralFactor = Relation | Definition;
export type Factor<T> = StructuralFactor | Weights<T> | SparseWeights<T>;

/** Upper bound on the number of entries that are not zero. */
export function entryCount<T>(factor: Factor<T>): number {
  switch (factor.kind) {
    case "relation": return factor.allowed.length;
    case "definition": return factor.table.length;
    case "weights": return factor.cells.length;
    case "sparse": return factor.entries.size;
  }
}

/** The factor at an index; `zero` where it is not allowed. */
export function lookUp<T>(factor: Factor<T>, index: number, zero: T, one: T): T {
  switch (factor.kind) {
    case "relation": return factor.allowed[index] === 1 ? one : zero;
    case "definition": {
      const option = index % factor.options;
      return factor.table[(index - option) / factor.options] === option ? one : zero;
    }
    case "weights": return factor.cells[index]!;
    case "sparse": return factor.entries.valueOr(index, zero);
  }
}

/** Calls `visit` with every index whose entry is not zero, and its value; stops where `visit` returns false. */
export function forEachEntry<T>(factor: Factor<T>, zero: T, one: T, visit: (index: number, value: T) => boolean): boolean {
  switch (factor.kind) {
    case "relation": {
      for (let index = 0; index < factor.allowed.length; index++) if (factor.allowed[index] === 1 && !visit(index, one)) return false;
      return true;
    }
    case "definition": {
      for (let parents = 0; parents < factor.table.length; parents++) if (!visit(parents * factor.options + factor.table[parents]!, one)) return false;
      return true;
    }
    case "weights": {
      for (let index = 0; index < factor.cells.length; index++) {
        const value = factor.cells[index]!;
        if (value !== zero && !visit(index, value)) return false;
      }
      return true;
    }
    case "sparse": {
      const { entries } = factor;
      for (let position = 0; position < entries.size; position++) if (!visit(entries.indexAt(position), entries.valueAt(position))) return false;
      return true;
    }
  }
}

/** The stride of each variable of the scope. */
export function stridesOf(scope: readonly VariableId[], sizes: readonly number[]): Map<VariableId, number> {
  const strides = new Map<VariableId, number>();
  for (let i = scope.length - 1, stride = 1; i >= 0; i--) {
    strides.set(scope[i]!, stride);
    stride *= sizes[scope[i]!]!;
  }
  return strides;
}
