import { defineConfig } from "vitest/config";

/** The fast suite: everything but tests/slow. Two forks, because the machines that run it have two cores. */
export default defineConfig({
  test: { include: ["tests/**/*.test.ts"], exclude: ["tests/slow/**"], pool: "forks", maxWorkers: 2, testTimeout: 60_000, hookTimeout: 60_000 },
});
