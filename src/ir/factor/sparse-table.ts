/**
 * A table that has few of its cells, by index. Indices reach 2^53, where a `Map` would box every key: here they lie in a typed array, in
 * the order in which they came (sums of rounded numbers depend on it), and are found by open addressing.
 */
import type { Cells } from "./semiring.js";

const FIRST_CAPACITY = 16;

export class SparseTable<T> {
  private indices = new Float64Array(FIRST_CAPACITY);
  private values: Cells<T>;
  /** Position plus one; 0 where there is none. Twice as many slots as there is room for entries. */
  private slots = new Int32Array(2 * FIRST_CAPACITY);
  private count = 0;

  constructor(private readonly cells: (count: number) => Cells<T>) {
    this.values = cells(FIRST_CAPACITY);
  }

  get size(): number { return this.count; }
  indexAt(position: number): number { return this.indices[position]!; }
  valueAt(position: number): T { return this.values[position]!; }

  /** The value at an index; `otherwise` where there is none. */
  valueOr(index: number, otherwise: T): T {
    const entry = this.slots[this.slotOf(index)]!;
    return entry === 0 ? otherwise : this.values[entry - 1]!;
  }

  /** Sets the value at an index, or joins it with the one there. */
  add(index: number, value: T, join: (known: T, value: T) => T): void {
    const slot = this.slotOf(index);
    const entry = this.slots[slot]!;
    if (entry !== 0) {
      this.values[entry - 1] = join(this.values[entry - 1]!, value);
      return;
    }
    this.indices[this.count] = index;
    this.values[this.count] = value;
    this.slots[slot] = ++this.count;
    if (this.count === this.indices.length) this.grow();
  }

  /** Where an index is, or belongs. */
  private slotOf(index: number): number {
    const { slots, indices } = this;
    const mask = slots.length - 1;
    let slot = scattered(index) & mask;
    for (let entry = slots[slot]!; entry !== 0 && indices[entry - 1] !== index; entry = slots[slot]!) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { indices, values, count } = this;
    this.indices = new Float64Array(2 * count);
    this.indices.set(indices);
    this.values = this.cells(2 * count);
    for (let position = 0; position < count; position++) this.values[position] = values[position]!;
    this.slots = new Int32Array(4 * count);
    for (let position = 0; position < count; position++) this.slots[this.slotOf(indices[position]!)] = position + 1;
  }
}

/** Both words of an index, mixed (the constants are those of MurmurHash3's finaliser). */
function scattered(index: number): number {
  let hash = (index | 0) ^ Math.imul((index / 4294967296) | 0, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
