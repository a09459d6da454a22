import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { whole } from "../options.ts";
import { LAST_PORT } from "../wire/port.ts";
import { type Demo, startDemo } from "./demo.ts";

const HELP = `Herald against a local Telegram, on a page in the browser. No token, no account, no database server.

  npm run demo -- [options]

  --port 8081       where the page is; when it is taken, the next free one
  --people 500      how many people are on the bot's list
  --help            this text
`;

/**
 * A second Ctrl+C exits at once. npm, too, forwards the one that the terminal has already sent, so a second one this
 * soon is ignored.
 */
const SECOND_SIGNAL_MS = 500;

/** How often it checks whether npm still runs. */
const PARENTS_MS = 500;

function welcome({ address, apiAddress }: Demo, port: number, people: number): string {
  const list = people === 1 ? "1 person is" : `${people.toLocaleString("en")} people are`;
  const elsewhere = address.endsWith(`:${port}`) || port === 0 ? "" : `   (port ${port} is taken)`;
  return `
  Open  ${address}${elsewhere}

You are Olivia, who owns the bot of a coffee house. Tap Start, then send /broadcast: ${list} on the list.
Beside the chat the page shows what Telegram sees, Herald's log, and switches for trouble; kill -9 is one of them.
Herald's HTTP API is at ${apiAddress}/docs; /keys in the chat makes a key for it.
Ctrl+C ends it, and nothing is kept.
`;
}

function readOptions(): { port: number; people: number } | undefined {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8081" },
      people: { type: "string", default: "500" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  return { port: whole("port", values.port, LAST_PORT), people: whole("people", values.people, 100_000) };
}

/** Prints what the start is doing: it takes half a minute on a small machine. */
function onStep(what: string): void {
  process.stdout.write(`  ${what} …\n`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const starting = new AbortController();
  let demo: Demo | undefined;
  let stoppingSince: number | undefined;
  function end(): void {
    if (stoppingSince !== undefined && performance.now() - stoppingSince < SECOND_SIGNAL_MS) return;
    // Herald and the folder are cleaned up when this process exits.
    if (stoppingSince !== undefined) process.exit(0);
    stoppingSince = performance.now();
    starting.abort();
    demo?.stop().then(() => process.exit(0), fail);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  endWithNpm(end);
  process.stdout.write("Starting\n");
  try {
    demo = await startDemo({ ...options, onStep, signal: starting.signal });
  } catch (error) {
    if (starting.signal.aborted) process.exit(0);
    throw error;
  }
  process.stdout.write(welcome(demo, options.port, options.people));
}

/**
 * npm runs this in a shell and forwards signals only to that shell, which dies without telling us; if npm is killed,
 * neither is told. Then nobody is left to press Ctrl+C, so the demo stops by itself.
 */
function endWithNpm(end: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parents = readParents();
  const timer = setInterval(() => {
    if (readParents() === parents) return;
    clearInterval(timer);
    end();
  }, PARENTS_MS).unref();
}

/** The parent processes: the shell and, where the system tells (Linux), npm. */
function readParents(): string {
  const { ppid } = process;
  try {
    const status = readFileSync(`/proc/${ppid}/status`, "utf8");
    return `${ppid} ${/^PPid:\s*(\d+)/m.exec(status)?.[1]}`;
  } catch {
    return String(ppid);
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
