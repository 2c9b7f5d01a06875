/**
 * What shape rules said. The rounds of loops and the calls of blocks hand the same few shapes and attributes to the same operators
 * thousands of times; each combination is looked at once. Cells of the pool are one object where they are equal, so that numbering the
 * objects is a key.
 */
import type { AttributeValue, Operator } from "../../ops/operator.js";

export class ShapeMemory {
  private readonly numbers = new Map<object, number>();
  private readonly known = new Map<string, AttributeValue | undefined>();

  /** `cells`: the shapes of `inputs` tensors, then the attributes in the order of the parameters. */
  recall(operator: Operator, inputs: number, cells: readonly (AttributeValue | undefined)[], compute: () => AttributeValue | undefined): AttributeValue | undefined {
    let key = `${operator.name} ${inputs}`;
    for (const cell of cells) key += ` ${this.keyOf(cell)}`;
    const found = this.known.get(key);
    if (found !== undefined || this.known.has(key)) return found;
    const computed = compute();
    this.known.set(key, computed);
    return computed;
  }

  private keyOf(cell: AttributeValue | undefined): string {
    if (typeof cell !== "object" || cell === null) return typeof cell === "string" ? JSON.stringify(cell) : String(cell);
    const number = this.numbers.get(cell) ?? this.numbers.size;
    this.numbers.set(cell, number);
    return `#${number}`;
  }
}
