import { readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { CONTENDERS, type ContenderName, type Crashes, TOP_RATE, type Throughput } from "./compare.ts";
import { IN_FLIGHT } from "./contender.ts";
import { table } from "./markdown-table.ts";
import { type Held, LATENCY_MS } from "./timing.ts";

/** The figures of a run; parts that did not run are empty. */
export interface Figures {
  postgres: string;
  redis: string | null;
  size: { rounds: number; messages: number; crashed: number };
  /** One entry per round. */
  throughput: Map<ContenderName, Throughput[]>;
  /** Null for a contender without a database. */
  statements: Map<ContenderName, number | null>;
  crashes: Map<ContenderName, Crashes>;
  held?: Held;
  due?: number[];
  pause?: number[];
}

const { dependencies: versions } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { dependencies: Record<string, string> };

const LABELS: Record<ContenderName, string> = {
  bare: "bare loop",
  herald: "**Herald**",
  "graphile-worker": `graphile-worker ${versions["graphile-worker"]}`,
  "pg-boss": `pg-boss ${versions["pg-boss"]}`,
  bullmq: `BullMQ ${versions["bullmq"]}`,
};

/** The sections with the figures of bench/crowd.ts and bench/lean, which are run separately. */
export function keptSections(page: string): string {
  const heads = "When a crowd writes to the bot|What it takes from the machine";
  const sections = page.matchAll(new RegExp(`^## (?:${heads})\\n.*?(?=\\n\\n## )`, "gms"));
  return [...sections].map(([section]) => section).join("\n\n");
}

/** docs/benchmarks.md, rounded to what a second run on the same machine would reproduce. `kept` is copied unchanged. */
export function draw(figures: Figures, kept = ""): string {
  const sections = [
    intro(figures),
    throughput(figures),
    crashes(figures),
    held(figures),
    timing(figures),
    kept,
    NOTES,
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function intro({ postgres, redis }: Figures): string {
  const [cpu] = cpus();
  const machine = [
    `${cpus().length} × ${cpu?.model ?? "processor"} (${arch()}, ${platform()})`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `Node ${process.version.slice(1)}`,
    `PostgreSQL ${postgres}`,
    ...(redis ? [`Redis ${redis}`] : []),
    new Date().toISOString().slice(0, 10),
  ];
  return `# Benchmarks

\`npm run bench\` writes this page, except for the sections about a crowd and about the machine. Everything else comes from one run on one machine,
which the contenders, the local Telegram and the databases share. Only the ratios carry over: the figures do not tell
how much another machine does per second.

${machine.join(" · ")}`;
}

function throughput({ throughput: found, statements, size }: Figures): string {
  if (found.size === 0 && statements.size === 0) return "";
  const rows = CONTENDERS.filter((name) => found.has(name) || statements.has(name)).map((name) => {
    const rounds = found.get(name);
    const asked = statements.get(name);
    return [
      LABELS[name],
      ofBareLoop(rounds, found.get("bare")),
      short(median(rounds?.map(({ perSecond }) => perSecond))),
      short(median(rounds?.map(({ perSecondWhole }) => perSecondWhole))),
      short(median(rounds?.map(({ cpuMs }) => cpuMs))),
      short(median(rounds?.map(({ cpuMsWhole }) => cpuMsWhole))),
      asked === null ? "none" : short(asked),
      short(median(rounds?.map(({ peakMb }) => peakMb))),
    ];
  });
  const heads = [
    "",
    "of the bare loop",
    "messages per second",
    "with enqueueing",
    "CPU ms per message",
    "with enqueueing",
    "statements per message",
    "peak MB",
  ];
  return `## As fast as it goes

${number(size.messages)} messages in each of ${size.rounds} rounds; the table shows the medians. A contender's rounds differed by up to ${spread(found)} %.

${table(heads, rows)}`;
}

function crashes({ crashes: found, size }: Figures): string {
  if (found.size === 0) return "";
  const rows = CONTENDERS.flatMap((name) => {
    const one = found.get(name);
    if (!one) return [];
    const uncertain = one.uncertain === 0 ? "0" : `${number(one.uncertain)} (${number(one.arrived)} arrived)`;
    return [[LABELS[name], String(one.kills), number(one.duplicates), uncertain, number(one.lost)]];
  });
  return `## Killed in the middle

${number(size.crashed)} messages. Each process is killed on the way (\`kill -9\`) and started again, until everything is done. The queues
run as fast as they can, Herald at ${number(TOP_RATE)} per second, its highest rate.

${table(["", "kills", "sent twice", "reported as uncertain", "silently lost"], rows)}`;
}

function held({ held: found }: Figures): string {
  if (!found) return "";
  const row = [
    number(TOP_RATE),
    found.perSecond.toFixed(1),
    number(found.slowest),
    number(found.fastest),
    `${Math.round(found.cpuShare * 100)} %`,
    number(found.mostAtOnce),
    short(found.peakMb),
  ];
  const heads = [
    "set to",
    "reached",
    "emptiest second",
    "fullest second",
    "CPU of one core",
    "most calls in flight",
    "peak MB",
  ];
  return `## Holding a rate

Herald for ${found.seconds} s, each call taking ${LATENCY_MS} ms; messages per second as Telegram counts them.

${table(heads, [row])}`;
}

function timing({ due, pause }: Figures): string {
  const rows = [
    ...(due
      ? [["from the due time to the first message", ...percentiles(due), `${due.length} campaigns`]]
      : []),
    ...(pause
      ? [["from a tap on Pause to the last message", ...percentiles(pause), `${pause.length} taps`]]
      : []),
  ];
  if (rows.length === 0) return "";
  return `## How soon it reacts

Herald at ${number(TOP_RATE)} per second, each call taking ${LATENCY_MS} ms; the table shows milliseconds. The second row measures
Herald as a whole, with an admin who taps on the card.

${table(["", "median", "99th percentile", "longest", "measured"], rows)}`;
}

const NOTES = `## How it was measured

- All contenders send the same text, at most ${IN_FLIGHT} calls at once (Herald limits them itself, by the latency that it
  sees). Herald calls Telegram by its own client, the others by grammY as it comes. Each runs in its own process, against the same local Telegram without limits, whose process
  records when each message arrives. The people exist beforehand; the queues get one job per person, in bulk.
- graphile-worker runs as in [its own performance test](https://worker.graphile.org/docs/performance): \`addJobs\`,
  \`localQueue\` of 500, \`completeJobBatchDelay\` 0. pg-boss: \`insert\`, 3 workers with a \`batchSize\` of 500, woken by
  \`notifyWorker\` instead of waiting for the next poll. BullMQ: \`addBulk\`, \`removeOnComplete\`. All are the newest releases
  that run on Node 20.
- Herald freezes the audience while it sends; all of its figures include that. The bare loop has nothing to enqueue.
- CPU and memory are those of the sending process. Statements are counted between the process and the database, in a
  separate run; what a database function does inside is not seen. For BullMQ they are Redis commands.
- Large batches save statements, but they are what a kill sends twice (pg-boss) or leaves uncertain (Herald). Herald
  claims at most 200 at once, and far fewer at its usual rates.
- After a kill, the queues wait for a timeout before they pick up the dead process's jobs. To save hours, it was
  shortened where that is a setting (pg-boss, BullMQ), and replaced by hand in graphile-worker (\`forceUnlockWorkers\`).
- Herald never resends by itself what may have arrived: it reports those messages as uncertain, and the admin decides.

## Running it again

\`\`\`sh
npm run bench                   # all of it, about ten minutes; writes this page
npm run bench -- herald pause   # one part of it
npm run bench -- --help
npx tsx bench/crowd.ts --help   # the section about a crowd
npx tsx bench/lean/main.ts --help   # the section about the machine
\`\`\``;

function median(values: number[] | undefined): number | undefined {
  return values?.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Compares each round with the bare loop's same round, because both had to share the machine with the same other work. */
function ofBareLoop(rounds: Throughput[] | undefined, bare: Throughput[] | undefined): string {
  const ratios = rounds?.flatMap(({ perSecond }, round) => {
    const whole = bare?.[round]?.perSecond;
    return whole === undefined ? [] : [perSecond / whole];
  });
  return median(ratios)?.toFixed(2) ?? "";
}

/** How much faster a contender's fastest round was than its slowest, in percent, for the contender with the widest spread. */
function spread(found: Figures["throughput"]): number {
  const spreads = [...found.values()].map((rounds) => {
    const speeds = rounds.map(({ perSecond }) => perSecond);
    return Math.max(...speeds) / Math.min(...speeds) - 1;
  });
  return Math.round(Math.max(0, ...spreads) * 100);
}

function percentiles(values: number[]): string[] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  return [at(0.5), at(0.99), at(1)].map((ms) => number(Math.round(ms ?? NaN)));
}

/** Two significant digits. */
function short(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en", { maximumSignificantDigits: 2 });
}

function number(value: number): string {
  return value.toLocaleString("en");
}
