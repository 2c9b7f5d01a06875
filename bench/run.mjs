// Benchmarks by name: `npm run bench -- ranking`. Each writes its section of bench/RESULTS.md.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const known = readdirSync(folder).filter((name) => name.endsWith(".bench.mjs")).map((name) => name.replace(".bench.mjs", ""));
const wanted = process.argv.slice(2).filter((name) => !name.startsWith("-"));
if (wanted.length === 0 || wanted.some((name) => !known.includes(name))) {
  console.error(`usage: npm run bench -- NAME...\nbenchmarks: ${known.join(", ")}`);
  process.exit(2);
}
for (const name of wanted) {
  const { run } = await import(pathToFileURL(join(folder, `${name}.bench.mjs`)).href);
  await run();
}
