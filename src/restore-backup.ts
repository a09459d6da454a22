import { parseArgs } from "node:util";
import { prepareRestore } from "./backup/restore-into.ts";
import { holdRestored } from "./campaign/hold-restored.ts";
import { readLocation, readTokens } from "./config.ts";
import { homes } from "./db/schema.ts";
import { deleteAllDialogs } from "./db/dialog-state.ts";
import { dropAllUpdates } from "./db/queued-updates.ts";
import { rebuildAt } from "./db/open/rebuild-at.ts";
import { readEnvironment } from "./environment.ts";
import { StartError } from "./errors.ts";
import { rootCause, withoutToken } from "./log.ts";
import { findLostTokens } from "./senders/configured-senders.ts";
import { type Sender, nameOfSender } from "./senders/sender.ts";
import { createTokenVault } from "./senders/token-vault.ts";

/*
 * `npm run restore -- FILE`: makes the database anew from a backup. Stop Herald first. It needs no token, so it reads only
 * DATABASE_URL and DATA_DIR, and what opens the tokens of further bots, to say which cannot be opened. Exit codes:
 * 0 everything was restored, 1 nothing was, 2 usage.
 */

const USAGE = `Restores a backup into the database that .env names (DATABASE_URL, else DATA_DIR). Stop Herald first.

  npm run restore -- [--replace] FILE

  --replace   put an embedded database aside that is there already; it is kept in DATA_DIR

Everything that was running, paused or scheduled is on hold afterwards, until an admin resumes or cancels it.
`;

process.exitCode = await main().catch((error: unknown) => {
  const cause = error instanceof Error ? rootCause(error) : new Error(String(error));
  process.stderr.write(
    `${withoutToken((cause instanceof StartError ? cause.message : cause.stack) ?? "")}\n`,
  );
  return 1;
});

async function main(): Promise<number> {
  const args = readArguments();
  if (typeof args === "string") {
    process.stderr.write(args + USAGE);
    return 2;
  }
  const { path, replace } = args;
  const environment = readEnvironment();
  const location = readLocation(environment);
  const { tokenKey, extraBotTokens } = readTokens(environment);
  const vault = createTokenVault(tokenKey, extraBotTokens);
  const lost: Sender[] = [];
  let restored = 0;
  let held = 0;
  const { madeAt, fill } = await prepareRestore(path, {
    onTable(_, rows) {
      restored += rows;
    },
    async finish(db, at) {
      held = await holdRestored(db, at);
      await deleteAllDialogs(db);
      for (const { homeId } of await db.select({ homeId: homes.homeId }).from(homes))
        lost.push(...(await findLostTokens({ db, homeId }, vault)));
      await dropAllUpdates({ db });
    },
  });
  const aside = await rebuildAt(location, { replace, now: new Date() }, fill);
  const lines = [
    `${counted(restored, "row")} restored.`,
    `Everything is as it was on ${madeAt.toISOString()}.`,
    ...(held > 0
      ? [
          `On hold, because what was sent after that is not known: ${counted(held, "campaign")}. Start Herald; the cards say more.`,
        ]
      : []),
    ...(lost.length > 0 ? [lostWords(lost)] : []),
    ...(aside === null ? [] : [`What was there before is in ${aside}. Delete it once all is well.`]),
  ];
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return 0;
}

/** A backup does not hold the key that opens the tokens of further bots. */
function lostWords(lost: readonly Sender[]): string {
  return (
    `Herald cannot send by ${lost.map(nameOfSender).join(", ")}: their tokens are encrypted, and SECRET_KEY, or the file secret.key in DATA_DIR, is ` +
    "missing or another one. It is not part of a backup: put back the one from then, and start Herald. Without it, give the " +
    "tokens again in /bots. Tokens of EXTRA_BOT_TOKENS have to be there again as well. Nothing else is lost."
  );
}

/** "1 row", "1,024 rows". */
function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** The command line's meaning, or what is wrong with it. */
function readArguments(): { path: string; replace: boolean } | string {
  try {
    const { values, positionals } = parseArgs({
      options: { replace: { type: "boolean", default: false }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    const [path] = positionals;
    if (values.help) return "";
    if (path === undefined || positionals.length > 1) return "Name one file.\n\n";
    return { path, replace: values.replace };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n\n`;
  }
}
