/** The best mapping known so far, and whether something of at least so much energy and so many cycles could still beat it. */
export type MappingObjective = "energy" | "latency" | "energy_delay";

export class Incumbent {
  price = Infinity;
  energy = Infinity;
  cycles = Infinity;
  /** How often a better one was found. */
  changes = 0;

  /** Energies are those of accesses, arithmetic and leakage together. Without `prunes` everything could still be better. */
  constructor(private readonly objective: MappingObjective, private readonly prunes = true) {}

  priceOf(energy: number, cycles: number): number {
    return this.objective === "energy" ? energy : this.objective === "latency" ? cycles : energy * cycles;
  }

  /** Of equal latency the lower energy is better. */
  beatenBy(energy: number, cycles: number): boolean {
    if (this.objective === "energy") return energy < this.energy;
    if (this.objective === "latency") return cycles < this.cycles || (cycles === this.cycles && energy < this.energy);
    return energy * cycles < this.price;
  }

  /** Whether something of at least so much is worth a look. */
  couldBeBeatenBy(energy: number, cycles: number): boolean {
    return !this.prunes || this.beatenBy(energy, cycles);
  }

  /** Whether fewer cycles than these are needed for a look at all. */
  outlasts(cycles: number): boolean {
    return this.prunes && cycles > this.cycles;
  }

  /** The same with a mapping that is known. */
  after(energy: number, cycles: number): this {
    this.take(energy, cycles);
    return this;
  }

  take(energy: number, cycles: number): void {
    this.changes++;
    this.energy = energy;
    this.cycles = cycles;
    this.price = this.priceOf(energy, cycles);
  }
}

/** Bounds are sums in another order than prices: this much of a difference is none. */
export const SLACK = 1 - 1e-12;
