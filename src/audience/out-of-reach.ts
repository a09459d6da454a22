import { and, eq, ne, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { recipients } from "../db/schema.ts";
import type { RecipientStatus } from "../db/states.ts";
import { notePeople } from "../webhooks/note-events.ts";

/** Marks recipients to whom Telegram says the bot cannot write. `chatIds` is a PostgreSQL array, as text. */
export async function markOutOfReach(
  scope: Scope,
  chatIds: string,
  status: Exclude<RecipientStatus, "active">,
): Promise<void> {
  const marked = await scope.db
    .update(recipients)
    .set({ status, statusChangedAt: sql`now()` })
    .where(
      and(
        eq(recipients.botId, scope.botId),
        ne(recipients.status, status),
        sql`${recipients.chatId} = any(${chatIds}::bigint[])`,
        // Frozen in the order of their ids, these are close together; without the range, PostgreSQL would scan the
        // table.
        sql`${recipients.chatId} between (select min(id) from unnest(${chatIds}::bigint[]) as id)
          and (select max(id) from unnest(${chatIds}::bigint[]) as id)`,
      ),
    )
    .returning({ chatId: recipients.chatId });
  if (status !== "blocked") return;
  await notePeople(
    scope,
    "recipient.blocked",
    marked.map(({ chatId }) => chatId),
  );
}

/** Marks those whom a campaign did not reach before its list was proven to be this bot's. */
export async function markUnreachableOf({ db, botId }: Scope, campaignId: number): Promise<void> {
  await db.execute(
    sql`update recipients r set status = 'unreachable', status_changed_at = now()
        from deliveries d
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.state = 'failed' and d.reason = 'unreachable'
          and r.bot_id = d.bot_id and r.chat_id = d.chat_id and r.status = 'active' and r.updated_at <= d.settled_at`,
  );
}
