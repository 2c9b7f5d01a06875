import { defineConfig } from "vitest/config";

/** The slow suite: minutes-long properties, fuzzing and end-to-end runs. */
export default defineConfig({
  test: { include: ["tests/slow/**/*.test.ts"], globalSetup: ["tests/build-once.ts"], pool: "forks", maxWorkers: 2, testTimeout: 3_600_000, hookTimeout: 600_000 },
});
