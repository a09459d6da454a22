import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/template.ts",
    // Most tests wait on real sockets and clocks; those that send for longer say so themselves.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Each embedded database takes some 300 MB.
    maxWorkers: 2,
  },
});
