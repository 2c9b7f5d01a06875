// A worker that speaks the protocol of src/search/worker-protocol.ts without any training behind it. The seed of the set-up selects
// how it misbehaves: 1 never, 2 dies on architectures that start with 1, 3 dies once per marker file, 4 cannot be set up, 5 dies at once, 7 holds its first
// job back until as many workers as the data override says have one (each leaves a marker in the folder of the weights).
import { existsSync, readdirSync, writeFileSync } from "node:fs";

let setup;
process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (message.kind === "stop") process.exit(0);
  if (message.kind === "start") {
    setup = message.setup;
    if (setup.seed === 5) { console.error("no engine here"); process.exit(9); }
    if (setup.seed === 4) { process.send({ kind: "unable", diagnostics: [{ code: "NAS6001", severity: "error", title: "no data", labels: [] }] }); return; }
    process.send({ kind: "ready" });
    return;
  }
  const { number, architecture } = message;
  if (setup.seed === 2 && architecture[0] === 1) process.kill(process.pid, "SIGKILL");
  if (setup.seed === 3) {
    const marker = `${setup.weights}/${number}`;
    if (!existsSync(marker)) { writeFileSync(marker, ""); process.exit(3); }
  }
  const started = Date.now();
  if (architecture[0] === 2 && setup.seed === 6) { process.send({ kind: "error", number, message: "shape", started, finished: Date.now() }); return; }
  const answer = () => process.send({ kind: "result", number, accuracy: architecture.reduce((a, b) => a + b, 0) / 10, loss: process.pid, started, finished: Date.now() });
  const together = () => (readdirSync(setup.weights).length >= Number(setup.dataOverride) ? answer() : setTimeout(together, 5));
  if (setup.seed === 7) {
    writeFileSync(`${setup.weights}/${process.pid}`, "");
    together();
    return;
  }
  // Uneven work, so that results come out of order.
  setTimeout(answer, (number * 7) % 5);
});
