/**
 * The book-keeping that all explorers share: which architectures were handed out, which are over a budget, and drawing new ones
 * until the space (or patience) is exhausted. Budgets are checked here, exactly and before anything is evaluated.
 */
import type { Architecture } from "../ir/space.js";
import type { RandomStream } from "../random/stream.js";
import { brokenBudgets } from "./dominance.js";
import type { Candidate, ExplorerOptions } from "./explorer.js";

const LARGEST_LISTED = 20_000n;
const PATIENCE = 5000;
/** Draws per distinct architecture of a small space: collecting all n coupons takes about n ln n draws. */
const DRAWS_PER_MEMBER = 30;

export class Draws {
  /** Handed out or set aside for this round. */
  private readonly taken = new Set<string>();
  private readonly refused = new Set<string>();

  constructor(private readonly options: ExplorerOptions) {}

  private key(architecture: Architecture): string {
    return architecture.join();
  }

  /** A candidate if the architecture is within the budgets and new (also to `others`). */
  consider(architecture: Architecture | undefined, others?: ReadonlySet<string>): Candidate | undefined {
    if (architecture === undefined) return undefined;
    const key = this.key(architecture);
    if (this.taken.has(key) || this.refused.has(key) || others?.has(key)) return undefined;
    if (this.options.clearlyOver?.(architecture) !== true) {
      const costs = this.options.costsOf(architecture);
      if (brokenBudgets(this.options.budgets, costs).length === 0) return { architecture, costs };
    }
    this.refused.add(key);
    return undefined;
  }

  take(candidate: Candidate): void {
    this.taken.add(this.key(candidate.architecture));
  }

  get anythingTaken(): boolean {
    return this.taken.size > 0;
  }

  private allSeen(others: ReadonlySet<string>): boolean {
    const { count } = this.options.space;
    return count !== undefined && BigInt(this.taken.size + this.refused.size + others.size) >= count;
  }

  /** Up to `count` new random candidates within the budgets, distinct from `others` (keys), which they join. */
  random(count: number, random: RandomStream, others: Set<string>): Candidate[] {
    const { space } = this.options;
    const found: Candidate[] = [];
    const accept = (candidate: Candidate | undefined): void => {
      if (candidate === undefined || found.length >= count) return;
      others.add(this.key(candidate.architecture));
      found.push(candidate);
    };
    const patience = space.count !== undefined && space.count <= LARGEST_LISTED ? Math.max(PATIENCE, DRAWS_PER_MEMBER * Number(space.count)) : PATIENCE;
    for (let draws = 0; draws < patience && found.length < count && !this.allSeen(others); draws++) {
      // Paths first, as the supernet was trained; the second half of the patience goes to the corners that paths seldom reach.
      accept(this.consider(2 * draws < patience ? space.sample(random) : space.sampleUniform(random), others));
    }
    if (found.length < count) this.aroundAnchors(count, random, others, accept, found);
    return found;
  }

  /** Where feasible architectures are too rare to be hit by chance: walk outwards from the cheapest ones and from what was found. */
  private aroundAnchors(count: number, random: RandomStream, others: Set<string>, accept: (candidate: Candidate | undefined) => void, found: readonly Candidate[]): void {
    const anchors = this.options.anchors ?? [];
    for (const anchor of anchors) accept(this.consider(anchor, others));
    for (let draws = 0; draws < PATIENCE && found.length < count && !this.allSeen(others); draws++) {
      const pool = [...anchors, ...found.map((candidate) => candidate.architecture)];
      if (pool.length === 0) return;
      const parent = pool[random.integer(pool.length)]!;
      accept(this.consider(this.options.space.mutate(parent, draws % 2 === 0 ? 0.1 : 0.3, random), others));
    }
  }

  keyOf(candidate: Candidate): string {
    return this.key(candidate.architecture);
  }
}
