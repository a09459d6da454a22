import { and, eq, inArray } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { inboxMessages, inboxThreads, inboxes } from "../db/schema.ts";

/**
 * Follows a group that became a supergroup. Telegram numbers its messages anew, so cards and copies are no longer found: each
 * person gets a new card, and what was written in the old group and has not left cannot be copied.
 */
export async function moveInbox({ db, botId }: Scope, fromId: number, toId: number): Promise<void> {
  await db
    .update(inboxes)
    .set({ groupId: toId })
    .where(and(eq(inboxes.botId, botId), eq(inboxes.groupId, fromId)));
  await db
    .update(inboxThreads)
    .set({ groupId: toId, threadId: null, cardId: null })
    .where(and(eq(inboxThreads.botId, botId), eq(inboxThreads.groupId, fromId)));
  await db
    .update(inboxMessages)
    .set({ state: "refused", untold: true, description: "the group became a supergroup" })
    .where(
      and(
        eq(inboxMessages.botId, botId),
        eq(inboxMessages.fromChat, fromId),
        inArray(inboxMessages.state, ["waiting"]),
      ),
    );
}
