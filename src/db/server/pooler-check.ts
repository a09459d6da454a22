import { randomBytes } from "node:crypto";
import type postgres from "postgres";

/**
 * How the server splits transactions; null if it does not. If each statement gets a different connection, some poolers
 * close the connection, and others let it happen. Without begin(), because postgres.js would wait forever on the
 * latter.
 */
export async function findSplitTransactions(client: postgres.Sql): Promise<string | null> {
  const mark = randomBytes(6).toString("hex");
  try {
    await client`begin`;
    await client`select set_config('herald.mark', ${mark}, true)`;
    const [row] = await client`select current_setting('herald.mark', true) as mark`;
    await client`commit`;
    return row?.["mark"] === mark ? null : "what one statement set was gone in the next";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
