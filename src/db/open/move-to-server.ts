import { StartError } from "../../errors.ts";
import { sayingWhoBlocks } from "../server/lock-holders.ts";
import { copyTables } from "../copy-tables.ts";
import { openEmbedded } from "../embedded/embedded.ts";
import { holdsDatabase } from "../embedded/held-folder.ts";
import { type Say, sayOnStderr } from "../say.ts";
import { newSession, reach } from "../server/server.ts";
import { LIFT_LIMITS } from "../server/statement-limits.ts";
import { openDatabase } from "./open-database.ts";

/**
 * Copies everything from the embedded database in `dataDir` into an empty server database, in one transaction there:
 * either everything arrives or nothing does. The embedded data stays unchanged.
 * `onTable` gets each table with its number of rows, `say` what it waits for.
 * @throws StartError if there is no such database, if a Herald uses it, or if the server's tables already have rows.
 */
export async function moveToServer(
  dataDir: string,
  url: string,
  onTable: (table: string, rows: number) => void,
  say: Say = sayOnStderr,
): Promise<void> {
  if (!holdsDatabase(dataDir))
    throw new StartError(`There is no embedded database in ${dataDir}. Is DATA_DIR right?`);
  const embedded = await openEmbedded(dataDir, newSession(), say);
  try {
    const server = await openDatabase({ type: "server", url }, say); // migrates, and says what is wrong with it
    const { db, session } = server;
    const target = await reach(url, 1, session);
    try {
      const copied = target.begin(async (tx) => {
        await tx.unsafe(LIFT_LIMITS); // a large table takes its time
        await copyTables(embedded.source, tx, onTable);
      });
      await sayingWhoBlocks({ db, session, say, what: "to copy the tables" }, copied);
    } finally {
      await target.end({ timeout: 5 });
      await server.close();
    }
  } finally {
    await embedded.close();
  }
}
