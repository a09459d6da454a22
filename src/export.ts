import { createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { peopleTable } from "./audience/import/people-table.ts";
import { explainLine } from "./audience/segment/explain-line.ts";
import { readLine } from "./audience/segment/read-line.ts";
import { savedByName } from "./audience/segment/saved-segments.ts";
import type { Segment } from "./audience/segment/segment.ts";
import { whyUnanswerable } from "./campaign/segment-reach.ts";
import { readConfig } from "./config.ts";
import { FolderInUse } from "./db/embedded/folder-lock.ts";
import { openDatabase } from "./db/open/open-database.ts";
import type { Scope } from "./db/scope.ts";
import { readEnvironment } from "./environment.ts";
import { StartError } from "./errors.ts";
import { asCsv } from "./http/core/streamed.ts";
import { rootCause, withoutToken } from "./log.ts";
import { dayBoundsIn } from "./schedule/day-bounds.ts";
import { scopeOfBot } from "./scope-of-bot.ts";

/*
 * `npm run recipients:export -- people.csv`: writes people of the database that .env names as a file that an import reads.
 * Exit codes: 0 all of them were written, 1 failure, 2 usage.
 */

const USAGE = `Exports people as CSV, with the columns that an import reads.

  npm run recipients:export -- [options] people.csv
  npm run --silent recipients:export -- [options] > people.csv

  --segment LINE         only people who meet these conditions, such as 'tag:vip seen:<30d': docs/segments.md
  --bot NAME             the bot whose people they are, by its id or @username; the bot of BOT_TOKEN unless given
  --overwrite            replace the file if it is there already
  --help                 show this text

People who cannot be reached are exported, too. The file holds names and phone numbers, so keep it where nobody else can read it.
`;

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${withoutToken(explain(error))}\n`);
  return 1;
});

async function main(): Promise<number> {
  const args = readArguments();
  if (typeof args === "string") {
    process.stderr.write(args + USAGE);
    return args === "" ? 0 : 2;
  }
  const { path, line, bot } = args;
  const config = readConfig(readEnvironment());
  const database = await openDatabase(config.database);
  try {
    const of = await scopeOfBot(database.db, config.botToken, bot, "nothing was exported");
    const segment = line === null ? null : await segmentIn(of, line, config.timezone);
    const count = await write(of, segment, path);
    process.stderr.write(`${count.toLocaleString("en")} people${path === null ? "" : `: ${path}`}\n`);
    return 0;
  } finally {
    await database.close();
  }
}

/** @throws StartError with what of the line is not understood, or cannot be answered */
async function segmentIn(of: Scope, line: string, zone: string): Promise<Segment> {
  const reading = readLine(line, dayBoundsIn(zone), await savedByName(of));
  if (reading.type !== "read") throw new StartError(`--segment: ${explainLine(reading).join("\n")}`);
  const why = await whyUnanswerable(of, reading.segment);
  if (why !== null) throw new StartError(`--segment: ${why}`);
  return reading.segment;
}

/** Writes to standard output, or a file that has its name once it is complete. Resolves with how many people are in it. */
async function write(of: Scope, segment: Segment | null, path: string | null): Promise<number> {
  const { columns, pages } = await peopleTable(of, segment, new Date());
  let count = 0;
  async function* counted() {
    for await (const rows of pages) {
      count += rows.length;
      yield rows;
    }
  }
  const table = Readable.from(asCsv(columns, counted()));
  if (path === null) {
    await pipeline(table, process.stdout);
    return count;
  }
  const unfinished = `${path}.part`;
  try {
    // People's names and phone numbers are nobody else's.
    await pipeline(table, createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return count;
}

function explain(error: unknown): string {
  if (error instanceof FolderInUse)
    return `${error.message}\nOr export while it runs: GET /v1/recipients/export (docs/api.md).`;
  if (error instanceof StartError) return error.message;
  const cause = error instanceof Error ? rootCause(error).stack : String(error);
  return `The export failed. What was written of it is not complete.\n${cause}`;
}

interface Arguments {
  /** Null for standard output. */
  path: string | null;
  /** Null for everybody. */
  line: string | null;
  /** As it was typed; null for the home. */
  bot: string | null;
}

/** The command line's meaning, or what is wrong with it; "" if it asks for help. */
function readArguments(): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: withLine(process.argv.slice(2)),
      options: {
        segment: { type: "string" },
        bot: { type: "string" },
        overwrite: { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
      allowPositionals: true,
    });
    const [path = null] = positionals;
    if (values.help) return "";
    if (positionals.length > 1) return "Name one file.\n\n";
    if (path !== null && !existsSync(dirname(path))) return `There is no folder ${dirname(path)}.\n\n`;
    if (path !== null && !values.overwrite && existsSync(path))
      return `${path} is there already. Choose another name, or add --overwrite.\n\n`;
    if (path === null && npmSpeaks())
      return "npm has written lines of its own to the output: name a file, or use npm run --silent.\n\n";
    return { path, line: values.segment ?? null, bot: values.bot ?? null };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n`;
  }
}

/** What follows --segment is its line, also where that begins with a minus: parseArgs() would take it for an option. */
function withLine(args: readonly string[]): string[] {
  const place = args.indexOf("--segment");
  const line = args[place + 1];
  if (place === -1 || line === undefined) return [...args];
  return [...args.slice(0, place), `--segment=${line}`, ...args.slice(place + 2)];
}

/** `npm run` begins the output with the name of the script, which would be the first lines of the file. */
function npmSpeaks(): boolean {
  const { npm_lifecycle_event: script, npm_config_loglevel: level } = process.env;
  return script !== undefined && level !== "silent" && !process.stdout.isTTY;
}
