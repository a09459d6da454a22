import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const onServer = Boolean(process.env["TEST_DATABASE_URL"]);

/**
 * They open databases again and again, which takes an embedded one seconds, or wait for clocks. CI runs them on a
 * server; SLOW_TESTS=1 runs them on the embedded database, too.
 */
const SLOW = [
  "bot/{admins,campaigns,chats,composer,options,post,post-buttons,schedule,settings,stats,status,versions}",
  "campaign/taps",
  "delivery/{broadcast,chats,clock,crash,dispatcher,errands,faults,hours,kinds,late,load,network,parts,phases,refusals,settle}",
  "playground/demo",
];

/** They use no database, or one that is always embedded: one run of them says it all. */
const WITHOUT_DATABASE = [
  "{content,schedule}/*",
  "playground/{browser,page}/*",
  "playground/!(demo)",
  "bot/{albums,card,redraws,toggle,words}",
];

const left = onServer ? WITHOUT_DATABASE : process.env["SLOW_TESTS"] ? [] : SLOW;

/** They take longest: begun last, one of them would go on alone while the other workers have nothing left. */
const LONGEST = [
  "playground/browser/demo",
  "delivery/broadcast",
  "delivery/phases",
  "delivery/processes",
  "bot/schedule",
  "delivery/crash",
  "delivery/parts",
  "playground/demo",
  "delivery/faults",
  "delivery/chats",
  "bot/post",
  "delivery/refusals",
  "delivery/network",
  "delivery/clock",
  "delivery/outage",
  "delivery/kinds",
  "main",
  "db/connect",
];

function rank({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return place < 0 ? LONGEST.length : place;
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...left.map((files) => `test/${files}.test.ts`)],
    sequence: { sequencer: LongestFirst },
    globalSetup: "test/support/template.ts",
    // Most tests wait on real sockets and clocks; those that send for longer say so themselves.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // An embedded database keeps a core busy and takes some 300 MB; on a server most tests wait for something.
    maxWorkers: onServer ? 4 : 3,
  },
});
