/** `nasc explain`: the page of a diagnostic code, offline; without a code, the list of all. */
import { Command } from "commander";
import { diagnostic } from "../diagnostics/model.js";
import type { CodePage } from "../diagnostics/code-page.js";
import { registry } from "../diagnostics/registry.js";
import { suggest } from "../diagnostics/suggest.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { textTable } from "./table.js";
import type { Terminal } from "./terminal.js";

const pages: ReadonlyMap<string, CodePage> = new Map(Object.entries(registry));

function explain(terminal: Terminal, wanted: string | undefined): ExitCode {
  if (wanted === undefined) {
    for (const line of textTable([{ title: "code" }, { title: "name" }, { title: "what is wrong" }], [...pages].map(([code, page]) => [code, page.slug, page.summary]))) terminal.result(line);
    terminal.document("explain", { codes: [...pages].map(([code, page]) => ({ code, ...page })) });
    return exitCodes.success;
  }
  const code = pages.has(wanted.toUpperCase()) ? wanted.toUpperCase() : [...pages].find(([, page]) => page.slug === wanted)?.[0];
  const page = code === undefined ? undefined : pages.get(code);
  if (code === undefined || page === undefined) {
    const near = suggest(wanted.toUpperCase(), pages.keys());
    fail(terminal, "explain", [diagnostic("NAS9007", { title: `there is no diagnostic \`${wanted}\``, ...(near.length > 0 ? { help: `did you mean ${near.join(" or ")}?` } : { help: "`nasc explain` lists all codes" }) })]);
    return exitCodes.usage;
  }
  terminal.result(`${terminal.bold(code)} ${page.slug}`);
  terminal.result();
  terminal.result(page.summary);
  terminal.result();
  terminal.result(page.explanation);
  terminal.document("explain", { code, ...page });
  return exitCodes.success;
}

export function explainCommand(session: Session): Command {
  return new Command("explain")
    .summary("what a diagnostic code means")
    .description("Prints the page of a diagnostic code (or of its name), with what to do about it. Without a code, lists all of them.")
    .argument("[code]", "for example NAS3104")
    .action((code: string | undefined, options: GlobalOptions) => session.run("explain", options, (terminal) => explain(terminal, code)));
}
