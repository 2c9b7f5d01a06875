/** `nasc train`: only the supernet of a search. `nasc search --resume` on the same folder goes on from there. */
import { Command } from "commander";
import { runFile, withRunOptions, type SearchOptions } from "./search.js";
import type { Session } from "./session.js";

export function trainCommand(session: Session): Command {
  return withRunOptions(new Command("train"))
    .summary("train the supernet only")
    .description("Trains the supernet of a search and leaves its weights in a folder; `nasc search --out DIR --resume` searches it.")
    .argument("<file>", ".nas file")
    .action((file: string, options: SearchOptions) => session.run("train", options, (terminal) => runFile(terminal, "train", file, options)));
}
