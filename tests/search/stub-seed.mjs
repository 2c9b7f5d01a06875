// A process of one seed that speaks the protocol of src/search/seed-protocol.ts without any search behind it. The name of the data
// selects how it behaves: `once` dies at its first start, after its folder was taken, `always` at every start, `refuse` fails, `wait` runs until it is told
// to stop; everything else finishes. Each start leaves a line in the file `starts` of the folder above its own.
import { appendFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const end = (message) => process.send(message, () => process.exit(0));
let stopped = () => undefined;
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message.kind === "stop") { stopped(); return; }
  const { seed, outDir, resume, dataOverride: how } = message.setup;
  const log = join(dirname(outDir), "starts");
  appendFileSync(log, `${seed} ${resume ? "resumes" : "begins"}\n`);
  process.send({ kind: "event", event: { kind: "started", folder: outDir, engine: "stub", engineReasons: [], workers: 0, recordedTrials: 0 } });
  const starts = readFileSync(log, "utf8").split("\n").filter((line) => line.startsWith(`${seed} `)).length;
  const finish = () => end({ kind: "finished", document: { seed }, warnings: [] });
  if (how === "always" || (how === "once" && starts === 1)) { console.error("out of memory"); setTimeout(() => process.exit(7), 20); return; }
  if (how === "refuse") end({ kind: "failed", diagnostics: [{ code: "NAS6020", severity: "error", title: "diverged", labels: [] }] });
  else if (how === "wait") stopped = () => end({ kind: "stopped", warnings: [] });
  else finish();
});
