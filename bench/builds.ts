import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { TOP_RATE } from "./compare.ts";
import type { Task } from "./contender.ts";
import { settleDown, withDatabase } from "./databases.ts";
import { withTls } from "./nginx.ts";
import { profileInto, start, startTelegramProcess } from "./processes.ts";
import { LATENCY_MS } from "./timing.ts";

/*
 * This build of Herald beside others and beside bare loops, in turn, in one run.
 *
 *   npm run bench -- --help                                   # builds the bench
 *   node bench/dist/bundles/builds.js [parts] [options] [checkouts]
 *
 *   parts       free (as fast as it goes), busy (the same beside two busy loops), held (1,000 per second, each call
 *               taking 60 ms), tls and tls-held (the same through nginx); default: all
 *   --count N   messages; default: 40,000
 *   --rounds N  default: 3
 *   --profile FOLDER   each sending process writes a CPU profile there
 *   checkouts   folders in which the bench was built, too
 *
 * Prints the medians of the rounds. CPU is that of the sending process, with everything in it.
 */

const PARTS = ["free", "busy", "held", "tls", "tls-held"] as const;
type Part = (typeof PARTS)[number];

interface Program {
  label: string;
  path: string;
}

interface Figures {
  cpuMs: number;
  perSecond: number;
  slowest: number;
}

const args = process.argv.slice(2);
const parts = PARTS.filter((part) => args.includes(part));
const checkouts = args.filter((arg) => existsSync(join(resolve(arg), "bench")));
const option = (name: string, usual: number) => Number(args[args.indexOf(name) + 1] ?? usual) || usual;
const COUNT = option("--count", 40_000);
const ROUNDS = option("--rounds", 3);

const profiles = args[args.indexOf("--profile") + 1];
if (args.includes("--profile") && profiles) profileInto(resolve(profiles));

const programs = [resolve("."), ...checkouts.map((folder) => resolve(folder))].flatMap((folder) =>
  ["herald", "bare"].map((name) => ({
    label: `${name} (${basename(folder)})`,
    path: ["bench/dist/bundles", "bench/dist"]
      .map((place) => join(folder, place, `${name}.js`))
      .find((path) => existsSync(path))!,
  })),
);

/** One run of a program from an empty database to the last outcome. */
async function measure({ path }: Program, part: Part): Promise<Figures> {
  const isHeld = part === "held" || part === "tls-held";
  return withDatabase("builds", async (store) => {
    const telegram = await startTelegramProcess({ people: COUNT, latencyMs: isHeld ? LATENCY_MS : 0 });
    const through = async (apiRoot: string): Promise<Figures> => {
      const task: Task = {
        phase: "send",
        apiRoot,
        store,
        count: COUNT,
        rate: isHeld ? TOP_RATE : null,
        killed: false,
      };
      await start(path, { ...task, phase: "prepare" }).result;
      await settleDown(store);
      const { cpuMs } = await start(path, task, true).result;
      const { perSecond, slowest } = await telegram.ask("sending");
      const { surplus, missing } = await telegram.ask("copies");
      if (surplus + missing.length > 0) throw new Error(`${surplus} repeated, ${missing.length} lost`);
      return { cpuMs: cpuMs / COUNT, perSecond, slowest };
    };
    try {
      if (!part.startsWith("tls")) return await through(telegram.apiRoot);
      return await withTls(Number(new URL(telegram.apiRoot).port), "", ({ apiRoot, certificate }) => {
        process.env["NODE_EXTRA_CA_CERTS"] = certificate;
        return through(apiRoot);
      });
    } finally {
      delete process.env["NODE_EXTRA_CA_CERTS"];
      await telegram.stop();
    }
  });
}

/** Runs `work` while this many processes do nothing but use up a core each. */
async function besideLoops<T>(loops: number, work: () => Promise<T>): Promise<T> {
  const children: ChildProcess[] = [];
  for (let loop = 0; loop < loops; loop += 1)
    children.push(spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
  try {
    return await work();
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

for (const part of parts.length > 0 ? parts : PARTS) {
  // A loop has no rate to hold.
  const those = programs.filter(({ label }) => !part.endsWith("held") || label.startsWith("herald"));
  const found = new Map(those.map(({ label }) => [label, [] as Figures[]]));
  await besideLoops(part === "busy" ? 2 : 0, async () => {
    for (let round = 0; round < ROUNDS; round += 1)
      for (const program of those) found.get(program.label)?.push(await measure(program, part));
  });
  for (const [label, figures] of found) {
    const of = (name: keyof Figures) => median(figures.map((one) => one[name]));
    process.stdout.write(
      `${part.padEnd(8)} ${label.padEnd(16)} ${of("cpuMs").toFixed(4)} ms CPU a message, ${of("perSecond").toFixed(1)} a second, ` +
        `emptiest second ${Math.min(...figures.map(({ slowest }) => slowest))}\n`,
    );
  }
}
process.exit(0);
