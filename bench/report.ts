import { readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { CONTENDERS, type ContenderName, type Crashes, TOP_RATE, type Throughput } from "./compare.ts";
import { IN_FLIGHT } from "./contender.ts";
import { type Held, LATENCY_MS } from "./timing.ts";

/** What a run found; a part that did not run is empty. */
export interface Figures {
  postgres: string;
  redis: string | null;
  size: { rounds: number; messages: number; crashed: number };
  /** A figure for each round. */
  throughput: Map<ContenderName, Throughput[]>;
  /** Null when it has no database. */
  statements: Map<ContenderName, number | null>;
  crashes: Map<ContenderName, Crashes>;
  held?: Held;
  due?: number[];
  pause?: number[];
}

const { dependencies: versions } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { dependencies: Record<string, string> };

const LABELS: Record<ContenderName, string> = {
  bare: "bare loop",
  herald: "**Herald**",
  "graphile-worker": `graphile-worker ${versions["graphile-worker"]}`,
  "pg-boss": `pg-boss ${versions["pg-boss"]}`,
  bullmq: `BullMQ ${versions["bullmq"]}`,
};

/** docs/benchmarks.md. Rounded to what a second run on the same machine would show again. */
export function draw(figures: Figures): string {
  const sections = [
    intro(figures),
    throughput(figures),
    crashes(figures),
    held(figures),
    timing(figures),
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

\`npm run bench\` writes this page. Everything in it is from one run on one machine, which the contenders, the local
Telegram and the databases share. The ratios are the result; how much another machine does in a second is not in here.

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
    "messages a second",
    "with enqueueing",
    "CPU ms a message",
    "with enqueueing",
    "statements a message",
    "peak MB",
  ];
  return `## As fast as it goes

${number(size.messages)} messages in each of ${size.rounds} rounds; the medians. A contender's rounds differed by up to ${spread(found)} %.

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

${number(size.crashed)} messages; \`kill -9\` on the way, and the same process started again, until everything is done.
The queues go as fast as they can, Herald at ${number(TOP_RATE)} a second, the most that it can be set to.

${table(["", "kills", "sent twice", "reported as uncertain", "lost without a word"], rows)}`;
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
  return `## A rate held

Herald for ${found.seconds} s, each call taking ${LATENCY_MS} ms, messages a second as Telegram counts them.

${table(heads, [row])}`;
}

function timing({ due, pause }: Figures): string {
  const rows = [
    ...(due ? [["from due to the first message", ...percentiles(due), `${due.length} campaigns`]] : []),
    ...(pause
      ? [["from a tap on Pause to the last message", ...percentiles(pause), `${pause.length} taps`]]
      : []),
  ];
  if (rows.length === 0) return "";
  return `## How soon

Herald at ${number(TOP_RATE)} a second, each call taking ${LATENCY_MS} ms; milliseconds. The second row is the whole of
Herald, with an admin who taps on the card.

${table(["", "median", "99th percentile", "longest", "of"], rows)}`;
}

const NOTES = `## What was set

- All contenders send the same text by the same sender, at most ${IN_FLIGHT} calls at once (Herald bounds them by itself, from
  the latency that it sees), each in a process of its own, to the same local Telegram without limits. Its process
  says when each message came. The people are there before; the queues get a job for each, in bulk.
- graphile-worker as in [its own performance test](https://worker.graphile.org/docs/performance): \`addJobs\`,
  \`localQueue\` of 500, \`completeJobBatchDelay\` 0. pg-boss: \`insert\`, 3 workers with a \`batchSize\` of 500, woken by
  \`notifyWorker\` instead of waiting for the next poll. BullMQ: \`addBulk\`, \`removeOnComplete\`. The newest releases
  that run on Node 20.
- Herald freezes the audience while it sends; that is in all of its figures. The bare loop has nothing to enqueue.
- CPU and memory are those of the sending process. Statements are counted between process and database, in a run
  of its own: what a function does inside is not seen. For BullMQ they are Redis commands.
- Large batches save statements, and are what a kill sends twice (pg-boss) or leaves uncertain (Herald): Herald claims
  at most 200 at once, at its usual rates far fewer.
- After a kill the queues wait for a time-out before they take up what the dead process had. To spare hours it was
  shortened where that is a setting (pg-boss, BullMQ), and done by hand in graphile-worker (\`forceUnlockWorkers\`).
- Herald never sends by itself what may have arrived: it reports those as uncertain, and the admin decides.

## Again

\`\`\`sh
npm run bench                   # all of it, some ten minutes; writes this page
npm run bench -- herald pause   # one part of it
npm run bench -- --help
\`\`\``;

function median(values: number[] | undefined): number | undefined {
  return values?.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Each round is compared with the bare loop's of the same round: what else the machine did then fell on both. */
function ofBareLoop(rounds: Throughput[] | undefined, bare: Throughput[] | undefined): string {
  const ratios = rounds?.flatMap(({ perSecond }, round) => {
    const whole = bare?.[round]?.perSecond;
    return whole === undefined ? [] : [perSecond / whole];
  });
  return median(ratios)?.toFixed(2) ?? "";
}

/** By how much the fastest round of a contender beat its slowest, in percent; of the contender where that was most. */
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

/** Padded as the formatter would; numbers stand to the right. */
function table(heads: string[], rows: string[][]): string {
  const lines = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0);
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  const [head = [], ...body] = lines.map((cells) => cells.map(pad));
  return [head, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
