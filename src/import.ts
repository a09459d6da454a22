import { closeSync, createReadStream, openSync, statSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { isSupportedCountry } from "libphonenumber-js/max";
import {
  type ImportOptions,
  type ImportProgress,
  checkRecipients,
  importRecipients,
} from "./audience/import/import-people.ts";
import type { ImportSummary, RowRead } from "./audience/import/import-summary.ts";
import { UnreadableFile } from "./audience/import/csv-rows.ts";
import { ORDERS } from "./audience/import/date-cells.ts";
import { REASONS, type RowFault } from "./audience/import/person-row.ts";
import {
  describeResult,
  describeRow,
  describeShape,
  describeSummary,
  formatNumber,
} from "./audience/import/import-report.ts";
import { readConfig } from "./config.ts";
import { FolderInUse } from "./db/embedded/folder-lock.ts";
import { openDatabase } from "./db/open/open-database.ts";
import { scopeOfBot } from "./scope-of-bot.ts";
import { readEnvironment } from "./environment.ts";
import { StartError } from "./errors.ts";
import { rootCause, withoutToken } from "./log.ts";

/*
 * `npm run recipients:import -- people.csv`: imports people from a file into the database that .env names.
 * Exit codes: 0 the file was read to its end (refused rows are listed), 1 failure, 2 usage.
 */

const USAGE = `Imports people from a CSV file.

  npm run recipients:import -- [options] people.csv

  --bot NAME             the bot whose people they are, by its id or @username; the bot of BOT_TOKEN unless given
  --dry-run              import nothing and need no database; show how the file and its first rows are read
  --columns NAMES        for a file without a header: its columns in order, e.g. chat_id,_,first_name (_ skips one)
  --id-column NAME       the column with the Telegram ids, if several look like it
  --ignore NAMES         columns to skip, separated by commas
  --country CODE         the country of phone numbers without a country code, e.g. RU
  --dates dmy|mdy        the order in dates such as 03/04/2024
  --encoding NAME        the encoding of the file, if it cannot be detected, e.g. windows-1252
  --help                 show this text

Only the ids are needed: chat_id, telegram_id, user_id, id … Also read: language, first_name, last_name, username, phone,
joined_at, tags, and what keeps people out: status, active, unsubscribed, blocked. All other columns become attributes. docs/import.md has all the names.
Importing the same file again is safe: it changes only what differs.
`;

/** Faults shown on the screen; if there are more, all of them go into a file. */
const MOST_LISTED = 50;

/** Rows that a dry run shows as Herald reads them. */
const ROWS_SHOWN = 5;

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
  const { path, size, dryRun, bot, options } = args;

  const stop = new AbortController();
  // A second signal ends the process at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

  const bar = process.stderr.isTTY ? createBar(size) : null;
  const faults = createFaultList(path);
  const shown: RowRead[] = [];
  const hooks = {
    onRow: (row: RowRead) => {
      if (dryRun && shown.length < ROWS_SHOWN) shown.push(row);
      for (const fault of row.faults) faults.add(row.line, fault);
    },
    ...(bar ? { onProgress: bar.show } : {}),
    signal: stop.signal,
  };
  let summary: ImportSummary | null = null;
  try {
    summary = dryRun
      ? await checkRecipients(createReadStream(path), hooks, options)
      : await importFile(path, bot, hooks, options);
  } finally {
    bar?.clear();
    faults.close();
    if (summary?.shape) process.stdout.write(describeShape(summary.shape));
    process.stdout.write(shown.map((row) => `${describeRow(row)}\n`).join(""));
    process.stderr.write(faults.report());
  }
  process.stdout.write(describeSummary(summary, dryRun));
  if (stop.signal.aborted)
    process.stdout.write("Stopped before the end. Import the file again to continue.\n");
  return stop.signal.aborted ? 1 : 0;
}

/**
 * A failed query's message contains its parameters, such as names and phone numbers; its cause is what the database
 * said.
 */
function explain(error: unknown): string {
  if (error instanceof FolderInUse)
    return `${error.message}\nOr import the file while it runs: POST /v1/recipients/import (docs/api.md).`;
  if (error instanceof StartError || error instanceof UnreadableFile) return error.message;
  const cause = error instanceof Error ? rootCause(error).stack : String(error);
  return `The import failed. What was imported before that stays; import the file again to continue.\n${cause}`;
}

interface Arguments {
  path: string;
  size: number;
  dryRun: boolean;
  /** As it was typed; null for the home. */
  bot: string | null;
  options: ImportOptions;
}

/** The command line's meaning, or what is wrong with it; "" if it asks for help. */
function readArguments(): Arguments | string {
  try {
    const { values, positionals } = parseArgs({
      options: {
        bot: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        columns: { type: "string" },
        "id-column": { type: "string" },
        ignore: { type: "string" },
        country: { type: "string" },
        dates: { type: "string" },
        encoding: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
      allowPositionals: true,
    });
    const { columns, ignore, encoding, dates, "id-column": idColumn } = values;
    const country = values.country?.toUpperCase();
    const [path] = positionals;
    if (values.help) return "";
    if (path === undefined || positionals.length > 1) return "Name one file.\n\n";
    if (country !== undefined && !isSupportedCountry(country))
      return `There is no country ${country}: --country takes two letters, such as RU.\n\n`;
    const order = ORDERS.find((known) => known === dates);
    if (dates !== undefined && !order) return `--dates takes ${ORDERS.join(" or ")}.\n\n`;
    const file = statSync(path, { throwIfNoEntry: false });
    if (!file?.isFile()) return `There is no file ${path}.\n\n`;
    const options = {
      ...(columns !== undefined && { columns: listOf(columns) }),
      ...(ignore !== undefined && { ignore: listOf(ignore) }),
      ...(idColumn !== undefined && { idColumn }),
      ...(country !== undefined && { country }),
      ...(order && { dates: order }),
      ...(encoding !== undefined && { encoding }),
    };
    return { path, size: file.size, dryRun: values["dry-run"], bot: values.bot ?? null, options };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n`;
  }
}

function listOf(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}

async function importFile(
  path: string,
  bot: string | null,
  hooks: Parameters<typeof importRecipients>[2],
  options: ImportOptions,
): Promise<ImportSummary> {
  const config = readConfig(readEnvironment());
  const database = await openDatabase(config.database);
  try {
    const of = await scopeOfBot(database.db, config.botToken, bot, "nothing was imported");
    return await importRecipients(of, createReadStream(path), hooks, options);
  } finally {
    await database.close();
  }
}

/** A progress line on a terminal, redrawn at most ten times a second. */
function createBar(size: number) {
  const startedAt = performance.now();
  let shownAt = 0;
  return {
    show({ bytes, rows }: ImportProgress): void {
      const now = performance.now();
      if (now - shownAt < 100) return;
      shownAt = now;
      const seconds = (now - startedAt) / 1000;
      const share = Math.min(bytes / Math.max(size, 1), 1);
      const left = Math.ceil((seconds / share) * (1 - share));
      const full = Math.round(share * 20);
      const text =
        `${"█".repeat(full)}${"░".repeat(20 - full)} ${Math.floor(share * 100)}%  ${formatNumber(rows)} rows  ` +
        `${formatNumber(rows / seconds)}/s  ${left} s left`;
      process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
    },
    clear(): void {
      process.stderr.write("\r\x1b[K");
    },
  };
}

/** Keeps what fits on the screen and streams all faults to a file, so that a million of them need no memory. */
function createFaultList(path: string) {
  const target = `${path}.errors.csv`;
  const shown: string[] = [];
  let count = 0;
  let file: number | null = null;
  let unwritten: string[] = [];
  let problem: string | null = null;

  function write(): void {
    if (problem === null)
      try {
        file ??= openSync(target, "w");
        writeSync(file, unwritten.join(""));
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
    unwritten = [];
  }

  return {
    add(line: number, fault: RowFault): void {
      count += 1;
      const [result, reason] = [describeResult(fault), REASONS[fault.kind]];
      if (count <= MOST_LISTED) shown.push(`line ${line}: ${reason} (${result})`);
      if (count === 1) unwritten.push("line,result,reason\n");
      unwritten.push(`${line},${result},"${reason.replaceAll('"', '""')}"\n`);
      if (unwritten.length > 1_000) write();
    },
    close(): void {
      if (count > MOST_LISTED) write();
      if (file !== null) closeSync(file);
    },
    report(): string {
      const more =
        `and ${formatNumber(count - MOST_LISTED)} more. ` +
        (problem === null ? `All of them are in ${target}` : `They could not be written: ${problem}`);
      return [...shown, ...(count > MOST_LISTED ? [more] : [])].map((line) => `${line}\n`).join("");
    },
  };
}
