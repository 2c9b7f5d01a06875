/** Random search: every generation is drawn anew, within the budgets and without repeats. The baseline every explorer must beat. */
import { randomStream } from "../random/stream.js";
import { Draws, Pool } from "./draws.js";
import type { Explorer, ExplorerOptions } from "./explorer.js";

export function createRandomExplorer(options: ExplorerOptions): Explorer {
  const draws = new Draws(options);
  let generation = 0;
  return {
    name: "random",
    ask(count) {
      const random = randomStream(options.seed, "random explorer", generation++);
      const hadAny = draws.anythingTaken;
      const pool = new Pool(count);
      draws.random(pool, random);
      const candidates = draws.priced(pool);
      for (const candidate of candidates) draws.take(candidate);
      if (candidates.length >= count) return { candidates };
      return { candidates, shortage: hadAny || candidates.length > 0 ? "exhausted" : "infeasible" };
    },
    tell() { /* learns nothing */ },
  };
}
