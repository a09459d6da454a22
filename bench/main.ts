import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { CONTENDERS, countStatements, crash, measureThroughput } from "./compare.ts";
import { postgresVersion, redisVersion } from "./databases.ts";
import { profileInto } from "./processes.ts";
import { type Figures, draw, keptSections } from "./report.ts";
import { holdRate, measureDue, measurePause } from "./timing.ts";

const HELP = `Measures Herald's engine against a bare loop and against job queues.

  npm run bench -- [options] [names]

Names limit the run: ${CONTENDERS.join(", ")}; throughput, statements, crash, held, due, pause.
A full run takes about ten minutes and writes docs/benchmarks.md; any other only prints its figures.

  --quick     tiny numbers: checks that it runs, not how fast
  --profile   each sending process writes a CPU profile into bench/dist/profiles
  --help      this text

It needs PostgreSQL, by default at 127.0.0.1:5432 (BENCH_DATABASE_URL), where it creates its own databases, and for
BullMQ, Redis, by default at 127.0.0.1:6379 (BENCH_REDIS_URL).
`;

const PARTS = ["throughput", "statements", "crash", "held", "due", "pause"] as const;

const WHOLE = {
  rounds: 3,
  messages: 40_000,
  counted: 20_000,
  crashed: 12_000,
  kills: 3,
  heldSeconds: 60,
  campaigns: 100,
  taps: 100,
};
const QUICK: typeof WHOLE = {
  rounds: 1,
  messages: 1_000,
  counted: 500,
  crashed: 1_000,
  kills: 1,
  heldSeconds: 2,
  campaigns: 5,
  taps: 2,
};

const page = fileURLToPath(new URL("../../../docs/benchmarks.md", import.meta.url));
const profiles = fileURLToPath(new URL("../profiles", import.meta.url));

const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith("--"));
const names = args.filter((arg) => !arg.startsWith("--"));
const known: readonly string[] = [...CONTENDERS, ...PARTS, "--quick", "--profile", "--help"];
const unknown = args.filter((arg) => !known.includes(arg));

if (unknown.length > 0 || options.includes("--help")) {
  process.stdout.write(unknown.length > 0 ? `${unknown.join(", ")}: unknown.\n\n${HELP}` : HELP);
  process.exit(unknown.length > 0 ? 1 : 0);
}
await run();

async function run(): Promise<void> {
  const size = options.includes("--quick") ? QUICK : WHOLE;
  if (options.includes("--profile")) {
    await mkdir(profiles, { recursive: true });
    profileInto(profiles);
  }
  const redis = await redisVersion();
  const contenders = narrowed(CONTENDERS).filter((name) => name !== "bullmq" || redis !== null);
  const parts = new Set(narrowed(PARTS));
  const figures: Figures = {
    postgres: await postgresVersion(),
    redis,
    size,
    throughput: new Map(),
    statements: new Map(),
    crashes: new Map(),
  };

  if (parts.has("throughput"))
    // In turn, so that the machine's other work affects all of them.
    for (let round = 1; round <= size.rounds; round += 1)
      for (const name of contenders) {
        progress(`${name}, ${size.messages} messages, round ${round} of ${size.rounds}`);
        const found = await measureThroughput(name, size.messages);
        figures.throughput.set(name, [...(figures.throughput.get(name) ?? []), found]);
      }
  if (parts.has("statements"))
    for (const name of contenders) {
      progress(`${name}, statements of ${size.counted} messages`);
      figures.statements.set(name, await countStatements(name, size.counted));
    }
  if (parts.has("crash"))
    for (const name of contenders) {
      progress(`${name}, killed ${size.kills} times in ${size.crashed} messages`);
      figures.crashes.set(name, await crash(name, size.crashed, size.kills));
    }
  if (contenders.includes("herald")) {
    if (parts.has("held")) {
      progress(`a rate held for ${size.heldSeconds} s`);
      figures.held = await holdRate(size.heldSeconds);
    }
    if (parts.has("due")) {
      progress(`${size.campaigns} campaigns that come due`);
      figures.due = await measureDue(size.campaigns);
    }
    if (parts.has("pause")) {
      progress(`${size.taps} taps on Pause`);
      figures.pause = await measurePause(size.taps);
    }
  }
  process.stdout.write(`\n${draw(figures)}`);
  if (size === WHOLE && names.length === 0 && redis !== null)
    await writeFile(page, draw(figures, keptSections(await readFile(page, "utf8"))));
}

/** Those that are named, or all if none is. */
function narrowed<T extends string>(all: readonly T[]): readonly T[] {
  const chosen = all.filter((name) => names.includes(name));
  return chosen.length > 0 ? chosen : all;
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
