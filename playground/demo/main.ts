import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { LAST_PORT, whole } from "../options.ts";
import { type Demo, startDemo } from "./demo.ts";

const HELP = `Herald against a local Telegram, on a page in the browser. No token, no account, no database server.

  npm run demo -- [options]

  --port 8081       where the page is; when it is taken, the next free one
  --people 500      how many people are on the bot's list
  --help            this text
`;

/** A second Ctrl+C means it; but npm, too, passes on the one that the terminal has sent already. */
const SECOND_SIGNAL_MS = 500;

/** How often it looks whether npm still runs. */
const PARENTS_MS = 500;

function welcome({ address }: Demo, port: number, people: number): string {
  const list = people === 1 ? "1 person is" : `${people.toLocaleString("en")} people are`;
  const elsewhere = address.endsWith(`:${port}`) || port === 0 ? "" : `   (port ${port} is taken)`;
  return `
  Open  ${address}${elsewhere}

You are Olivia, who owns the bot of a coffee house. Tap Start, then send /broadcast: ${list} on the list.
Beside the chat the page shows what Telegram sees, Herald's log, and switches for trouble; kill -9 is one of them.
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
    // Whatever is left, Herald and the folder, goes when this process exits.
    if (stoppingSince !== undefined) process.exit(0);
    stoppingSince = performance.now();
    starting.abort();
    demo?.stop().then(() => process.exit(0), fail);
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
  endWithNpm(end);
  process.stdout.write("Starting a local Telegram, and Herald; it takes some ten seconds …\n");
  try {
    demo = await startDemo({ ...options, signal: starting.signal });
  } catch (error) {
    if (starting.signal.aborted) process.exit(0);
    throw error;
  }
  process.stdout.write(welcome(demo, options.port, options.people));
}

/**
 * npm runs this in a shell, and passes signals on to that shell only, which dies of them without a word to us; killed, it
 * says nothing to either. Nobody is left then who could press Ctrl+C.
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

/** The processes that this one was started by: the shell and, where the system tells (Linux), npm. */
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
