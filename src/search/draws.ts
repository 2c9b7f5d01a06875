/**
 * The book-keeping that all explorers share: which architectures were handed out, which are over a budget, and drawing new ones
 * until the space (or patience) is exhausted. Budgets are checked here, exactly and before anything is evaluated; what is kept is priced
 * all at once.
 */
import type { Architecture } from "../ir/space.js";
import type { RandomStream } from "../random/stream.js";
import { brokenBudgets } from "./dominance.js";
import type { Candidate, DrawsWithin, ExplorerOptions } from "./explorer.js";

const LARGEST_LISTED = 20_000n;
const PATIENCE = 5000;
/** Draws per distinct architecture of a small space: collecting all n coupons takes about n ln n draws. */
const DRAWS_PER_MEMBER = 30;

const keyOf = (architecture: Architecture): string => architecture.join();

const patienceFor = (count: bigint | undefined): number => (count !== undefined && count <= LARGEST_LISTED ? Math.max(PATIENCE, DRAWS_PER_MEMBER * Number(count)) : PATIENCE);

/** Distinct architectures that are being gathered for one round, up to a number. */
export class Pool {
  readonly architectures: Architecture[] = [];
  private readonly keys = new Set<string>();

  constructor(private wanted: number) {}

  widen(wanted: number): void { this.wanted = wanted; }
  get missing(): number { return Math.max(0, this.wanted - this.architectures.length); }
  get full(): boolean { return this.missing === 0; }
  get size(): number { return this.architectures.length; }
  has(key: string): boolean { return this.keys.has(key); }

  add(architecture: Architecture): void {
    this.keys.add(keyOf(architecture));
    this.architectures.push(architecture);
  }
}

export class Draws {
  /** Handed out or set aside for this round. */
  private readonly taken = new Set<string>();
  private readonly refused = new Set<string>();
  /** Present once random draws were seldom within the budgets. */
  private rare: { readonly within: DrawsWithin | undefined } | undefined;

  constructor(private readonly options: ExplorerOptions) {}

  /** Adds the architecture to the pool if there is room, and it is new and within the budgets. */
  consider(architecture: Architecture | undefined, pool: Pool): void {
    if (architecture === undefined || pool.full) return;
    const key = keyOf(architecture);
    if (this.taken.has(key) || this.refused.has(key) || pool.has(key)) return;
    if (this.isWithin(architecture)) pool.add(architecture);
    else this.refused.add(key);
  }

  private isWithin(architecture: Architecture): boolean {
    const { budgets, sideOf, costsOf } = this.options;
    if (budgets.length === 0) return true;
    const side = sideOf?.(architecture) ?? "bound";
    return side === "bound" ? brokenBudgets(budgets, costsOf([architecture])[0]!).length === 0 : side === "within";
  }

  /** All costs in one call. */
  priced({ architectures }: Pool): Candidate[] {
    const costs = this.options.costsOf(architectures);
    return architectures.map((architecture, index) => ({ architecture, costs: costs[index]! }));
  }

  take(candidate: Candidate): void {
    this.taken.add(keyOf(candidate.architecture));
  }

  get anythingTaken(): boolean {
    return this.taken.size > 0;
  }

  private allSeen(pool: Pool): boolean {
    const { count } = this.options.space;
    return count !== undefined && BigInt(this.taken.size + this.refused.size + pool.size) >= count;
  }

  /** Fills the pool with new random architectures within the budgets, as far as there are any. */
  random(pool: Pool, random: RandomStream): void {
    const { space } = this.options;
    const before = pool.size;
    if (this.rare === undefined) {
      const patience = patienceFor(space.count);
      for (let draws = 0; draws < patience && !pool.full && !this.allSeen(pool); draws++) {
        // Paths first, as the supernet was trained; the second half of the patience goes to the corners that paths seldom reach.
        this.consider(2 * draws < patience ? space.sample(random) : space.sampleUniform(random), pool);
      }
      if (pool.full || this.allSeen(pool)) return;
    }
    if (!this.exactly(pool, random)) this.aroundAnchors(pool, before, random);
  }

  /**
   * Where architectures within the budgets are too rare to be hit by chance: uniform draws among them, from then on in every round.
   * True where nothing is left to look for.
   */
  private exactly(pool: Pool, random: RandomStream): boolean {
    const { within } = (this.rare ??= { within: this.options.within?.() });
    if (within === undefined) return pool.full;
    const { count } = within;
    const allFound = (): boolean => count !== undefined && BigInt(this.taken.size + pool.size) >= count;
    for (let left = patienceFor(count); left > 0 && !pool.full && !allFound();) {
      const drawn = within.draw(Math.min(left, pool.missing), random);
      if (drawn.length === 0) break;
      for (const architecture of drawn) this.consider(architecture, pool);
      left -= drawn.length;
    }
    return pool.full || allFound();
  }

  /** Where not even that can be done: walk outwards from the cheapest ones and from what was found. */
  private aroundAnchors(pool: Pool, before: number, random: RandomStream): void {
    const anchors = this.options.anchors ?? [];
    for (const anchor of anchors) this.consider(anchor, pool);
    for (let draws = 0; draws < PATIENCE && !pool.full && !this.allSeen(pool); draws++) {
      const parents = [...anchors, ...pool.architectures.slice(before)];
      if (parents.length === 0) return;
      const parent = parents[random.integer(parents.length)]!;
      this.consider(this.options.space.mutate(parent, draws % 2 === 0 ? 0.1 : 0.3, random), pool);
    }
  }
}
