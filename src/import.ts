import { closeSync, createReadStream, openSync, statSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  FAULTS,
  type Fault,
  type ImportProgress,
  type ImportSummary,
  checkRecipients,
  importRecipients,
} from "./audience/import.ts";
import { UnreadableFile } from "./audience/csv.ts";
import { readConfig } from "./config.ts";
import { openDatabase } from "./db/connect.ts";
import { readEnvironment } from "./environment.ts";
import { StartError } from "./errors.ts";
import { rootCause, withoutToken } from "./log.ts";

/*
 * `npm run recipients:import -- people.csv`: people from a file into the database that .env names.
 * Exit codes: 0 the file was read to its end (rows may have been refused; they are listed), 1 failure, 2 usage.
 */

const USAGE = `Imports people from a CSV file.

  npm run recipients:import -- people.csv
  npm run recipients:import -- --dry-run people.csv     only checks the file, needs no database

The first line names the columns, in any order: chat_id,language,first_name,last_name,username,phone
Only chat_id is needed. The separator is a comma, a semicolon or a tab; the text is UTF-8.
The same file can be imported again: what is known already is left alone.
`;

/** Faults that are listed on the screen; when there are more, all of them go into a file. */
const MOST_LISTED = 50;

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${withoutToken(explain(error))}\n`);
  return 1;
});

async function main(): Promise<number> {
  const args = readArguments();
  if (typeof args === "string") {
    process.stderr.write(args + USAGE);
    return 2;
  }
  const { path, size, dryRun } = args;

  const stop = new AbortController();
  // A second signal ends the process at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

  const bar = process.stderr.isTTY ? createBar(size) : null;
  const faults = createFaultList(path);
  const hooks = {
    onFault: faults.add,
    ...(bar ? { onProgress: bar.show } : {}),
    signal: stop.signal,
  };
  let summary: ImportSummary;
  try {
    summary = dryRun ? await checkRecipients(createReadStream(path), hooks) : await importFile(path, hooks);
  } finally {
    bar?.clear();
    faults.close();
    process.stderr.write(faults.report());
  }
  process.stdout.write(describe(summary, dryRun));
  if (stop.signal.aborted) process.stdout.write("Stopped before the end. Import the file again to go on.\n");
  return stop.signal.aborted ? 1 : 0;
}

/** A failed query prints its parameters, names and phone numbers; what the database said of it is its cause. */
function explain(error: unknown): string {
  if (error instanceof StartError || error instanceof UnreadableFile) return error.message;
  const cause = error instanceof Error ? rootCause(error).stack : String(error);
  return `The import failed. What was imported before stays; import the file again to go on.\n${cause}`;
}

/** What to import, or what is wrong with the command line. */
function readArguments(): { path: string; size: number; dryRun: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      options: { "dry-run": { type: "boolean", default: false }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    const [path] = positionals;
    if (values.help) return "";
    if (path === undefined || positionals.length > 1) return "Name one file.\n\n";
    const file = statSync(path, { throwIfNoEntry: false });
    if (!file?.isFile()) return `There is no file ${path}.\n\n`;
    return { path, size: file.size, dryRun: values["dry-run"] };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n`;
  }
}

async function importFile(
  path: string,
  hooks: Parameters<typeof importRecipients>[2],
): Promise<ImportSummary> {
  const config = readConfig(readEnvironment());
  const database = await openDatabase(config.database);
  try {
    // The number before the colon of a token is the bot's id.
    const botId = Number(config.botToken.split(":", 1)[0]);
    return await importRecipients({ db: database.db, botId }, createReadStream(path), hooks);
  } finally {
    await database.close();
  }
}

/** One line on a terminal that is drawn over itself, ten times a second at most. */
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
        `${"█".repeat(full)}${"░".repeat(20 - full)} ${Math.floor(share * 100)}%  ${number(rows)} rows  ` +
        `${number(rows / seconds)}/s  ${left} s left`;
      process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
    },
    clear(): void {
      process.stderr.write("\r\x1b[K");
    },
  };
}

/** Keeps what fits on the screen, and writes the rest to a file as it comes: a million faults need no memory. */
function createFaultList(path: string) {
  const target = `${path}.errors.csv`;
  const shown: Fault[] = [];
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
    add(fault: Fault): void {
      count += 1;
      if (count <= MOST_LISTED) shown.push(fault);
      if (count === 1) unwritten.push("line,result,reason\n");
      unwritten.push(`${fault.line},${resultOf(fault)},"${FAULTS[fault.kind].reason}"\n`);
      if (unwritten.length > 1_000) write();
    },
    close(): void {
      if (count > MOST_LISTED) write();
      if (file !== null) closeSync(file);
    },
    report(): string {
      const lines = shown.map(
        (fault) => `line ${fault.line}: ${FAULTS[fault.kind].reason} (${resultOf(fault)})`,
      );
      if (count > MOST_LISTED)
        lines.push(
          `and ${number(count - MOST_LISTED)} more. ` +
            (problem === null ? `All of them are in ${target}` : `They could not be written: ${problem}`),
        );
      return lines.map((line) => `${line}\n`).join("");
    },
  };
}

function resultOf({ kind }: Fault): string {
  const { loses } = FAULTS[kind];
  return loses === "row" ? "not imported" : `imported without ${loses}`;
}

function describe(summary: ImportSummary, dryRun: boolean): string {
  const { rows, inserted, updated, unchanged, duplicates, refused, incomplete, ignoredColumns } = summary;
  const lines = dryRun
    ? [
        `${number(rows)} rows: ${number(rows - refused - duplicates)} can be imported. Nothing was: this was a dry run.`,
      ]
    : [
        `${number(rows)} rows: ${number(inserted)} inserted, ${number(updated)} updated, ${number(unchanged)} unchanged.`,
      ];
  if (duplicates > 0) lines.push(`${number(duplicates)} came again and were merged into one.`);
  if (refused > 0) lines.push(`${number(refused)} were not imported.`);
  if (incomplete > 0) lines.push(`${number(incomplete)} lost a field that was wrong.`);
  if (ignoredColumns.length > 0) lines.push(`Columns left out: ${ignoredColumns.map(quoted).join(", ")}.`);
  return lines.map((line) => `${line}\n`).join("");
}

function quoted(name: string): string {
  return `"${name.length > 40 ? `${name.slice(0, 40)}…` : name}"`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
