import { and, eq, sql } from "drizzle-orm";
import type { HomeScope } from "./scope.ts";
import type { Db } from "./connect.ts";
import { dialogs } from "./schema.ts";

/** The state of each chat's dialog, in the conversations plugin's own format. */
export async function readDialog({ db, homeId }: HomeScope, chatId: number): Promise<unknown> {
  const [row] = await db
    .select({ state: dialogs.state })
    .from(dialogs)
    .where(and(eq(dialogs.homeId, homeId), eq(dialogs.chatId, chatId)));
  return row?.state;
}

export async function writeDialog({ db, homeId }: HomeScope, chatId: number, state: unknown): Promise<void> {
  await db
    .insert(dialogs)
    .values({ homeId, chatId, state })
    .onConflictDoUpdate({ target: [dialogs.homeId, dialogs.chatId], set: { state, updatedAt: sql`now()` } });
}

export async function deleteDialog({ db, homeId }: HomeScope, chatId: number): Promise<void> {
  await db.delete(dialogs).where(and(eq(dialogs.homeId, homeId), eq(dialogs.chatId, chatId)));
}

/** Closes all dialogs of all homes: after a restore, the chats are further on than they are. Drafts stay. */
export async function deleteAllDialogs(db: Db): Promise<void> {
  await db.delete(dialogs);
}
