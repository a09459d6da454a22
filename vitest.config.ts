import { configDefaults, defineConfig } from "vitest/config";

const onServer = Boolean(process.env["TEST_DATABASE_URL"]);

/** They open databases again and again, which takes an embedded one seconds, or wait for clocks. */
const SLOW = "test/**/*.slow.test.ts";

// `npm test` leaves the slow ones to a server; `npm run test:all` (mode "all") runs them on the embedded database, too.
export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(onServer || mode === "all" ? [] : [SLOW])],
    globalSetup: ["test/support/left-out.ts", "test/support/template.ts"],
    // Most tests wait on real sockets and clocks; those that send for longer say so themselves.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // An embedded database keeps a core busy and takes some 300 MB; on a server most tests wait for something.
    maxWorkers: onServer ? 4 : 3,
  },
}));
