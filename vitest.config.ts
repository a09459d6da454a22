import { configDefaults, defineConfig } from "vitest/config";

/**
 * They open databases again and again, which takes an embedded one seconds, or wait for clocks. CI runs them on a
 * server; SLOW_TESTS=1 runs them on the embedded database, too.
 */
const SLOW = ["clock", "faults", "network", "phases", "refusals"].map(
  (name) => `test/delivery/${name}.test.ts`,
);
const onServer = Boolean(process.env["TEST_DATABASE_URL"]);
const all = onServer || Boolean(process.env["SLOW_TESTS"]);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(all ? [] : SLOW)],
    globalSetup: "test/support/template.ts",
    // Most tests wait on real sockets and clocks; those that send for longer say so themselves.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // An embedded database keeps a core busy and takes some 300 MB; on a server most tests wait for something.
    maxWorkers: onServer ? 4 : 3,
  },
});
