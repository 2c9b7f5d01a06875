import { defineConfig } from "vitest/config";

const limits = { pool: "forks", testTimeout: 60_000, hookTimeout: 60_000 } as const;

/** The fast suite: everything but tests/slow. Two forks, because the machines that run it have two cores. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...limits, name: "parts", include: ["tests/**/*.test.ts"], exclude: ["tests/slow/**", "tests/cli/**"] } },
      // The command line is tested as it is shipped, compiled.
      { test: { ...limits, name: "command-line", include: ["tests/cli/**/*.test.ts"], globalSetup: ["tests/build-once.ts"] } },
    ],
  },
});
