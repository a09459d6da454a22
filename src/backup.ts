import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { writeBackup } from "./backup/write-backup.ts";
import { readLocation } from "./config.ts";
import { snapshotAt } from "./db/open/snapshot-at.ts";
import { readEnvironment } from "./environment.ts";
import { StartError } from "./errors.ts";
import { rootCause, withoutToken } from "./log.ts";

/*
 * `npm run backup -- FILE`: writes everything in the database into a file, while Herald runs or not. It needs no token, so
 * it reads only DATABASE_URL and DATA_DIR. Exit codes: 0 the file is complete, 1 there is none, 2 usage.
 */

const USAGE = `Writes a backup of the database that .env names (DATABASE_URL, else DATA_DIR). Herald may run meanwhile.

  npm run backup -- [--overwrite] FILE

It holds people's names and your posts, so keep it where nobody else can read it. It does not hold .env.
`;

process.exitCode = await main().catch((error: unknown) => {
  const cause = error instanceof Error ? rootCause(error) : new Error(String(error));
  const text = cause instanceof StartError || "code" in cause ? cause.message : cause.stack;
  process.stderr.write(`${withoutToken(text ?? "")}\nNothing was written.\n`);
  return 1;
});

async function main(): Promise<number> {
  const args = readArguments();
  if (typeof args === "string") {
    process.stderr.write(args + USAGE);
    return args === "" ? 0 : 2;
  }
  const { path, overwrite } = args;
  if (!existsSync(dirname(path))) throw new StartError(`There is no folder ${dirname(path)}. Make it first.`);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new StartError(`${path} is a folder. Add the name of a file.`);
  if (there && !overwrite)
    throw new StartError(`${path} is there already. Choose another name, or add --overwrite.`);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => stop.abort(new StartError("Stopped before the end.")));
  const location = readLocation(readEnvironment());
  const { bytes, rows } = await writeBackup((work) => snapshotAt(location, work), path, {
    now: new Date(),
    signal: stop.signal,
  });
  process.stdout.write(
    `${path}: ${rows.toLocaleString("en")} rows in ${Math.ceil(bytes / 1_000).toLocaleString("en")} kB\n`,
  );
  return 0;
}

/** The command line's meaning, or what is wrong with it. */
function readArguments(): { path: string; overwrite: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      options: { overwrite: { type: "boolean", default: false }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    const [path] = positionals;
    if (values.help) return "";
    if (path === undefined || positionals.length > 1) return "Name one file.\n\n";
    return { path, overwrite: values.overwrite };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n`;
  }
}
