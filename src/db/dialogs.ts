import { and, eq, sql } from "drizzle-orm";
import type { Scope } from "./connect.ts";
import { dialogs } from "./schema.ts";

/** Where each chat's dialog stands. What is stored is the conversations plugin's own affair. */
export async function readDialog({ db, botId }: Scope, chatId: number): Promise<unknown> {
  const [row] = await db
    .select({ state: dialogs.state })
    .from(dialogs)
    .where(and(eq(dialogs.botId, botId), eq(dialogs.chatId, chatId)));
  return row?.state;
}

export async function writeDialog({ db, botId }: Scope, chatId: number, state: unknown): Promise<void> {
  await db
    .insert(dialogs)
    .values({ botId, chatId, state })
    .onConflictDoUpdate({ target: [dialogs.botId, dialogs.chatId], set: { state, updatedAt: sql`now()` } });
}

export async function deleteDialog({ db, botId }: Scope, chatId: number): Promise<void> {
  await db.delete(dialogs).where(and(eq(dialogs.botId, botId), eq(dialogs.chatId, chatId)));
}
