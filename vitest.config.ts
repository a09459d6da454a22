import { configDefaults, defineConfig } from "vitest/config";

const onServer = Boolean(process.env["TEST_DATABASE_URL"]);

/** They wait for clocks and networks. */
const SLOW = "test/**/*.slow.test.ts";

// `npm test` leaves the slow ones to a server; `npm run test:all` (mode "all") runs them on the suite's own, too.
export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(onServer || mode === "all" ? [] : [SLOW])],
    globalSetup: ["test/support/left-out.ts", "test/support/template.ts"],
    // Most tests wait on real sockets and clocks; those that send for longer say so themselves.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests wait for something.
    maxWorkers: 4,
  },
}));
