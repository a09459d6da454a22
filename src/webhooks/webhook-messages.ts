import { type SQL, and, asc, desc, eq, isNotNull, isNull, lt, lte, or, sql } from "drizzle-orm";
import { type Actor, authorize } from "../access/actor.ts";
import { apiKeys, webhookMessages, webhooks } from "../db/schema.ts";
import { type HomeScope, inTransaction } from "../db/scope.ts";
import { DomainError } from "../errors.ts";

/** An event on its way to one webhook, or what became of it. */
export type WebhookMessage = Omit<typeof webhookMessages.$inferSelect, "homeId">;

/** So many are kept of each webhook once they are delivered or given up. */
export const KEPT = 100;

/** The newest hundred events that it was told, or was to be told, and what the last attempt of each came to. Newest first. */
export async function listMessages({ db, homeId }: HomeScope, webhookId: number): Promise<WebhookMessage[]> {
  const rows = await db
    .select()
    .from(webhookMessages)
    .where(
      and(
        eq(webhookMessages.homeId, homeId),
        eq(webhookMessages.webhookId, webhookId),
        or(isNotNull(webhookMessages.lastAt), isNull(webhookMessages.nextAt)),
      ),
    )
    .orderBy(desc(webhookMessages.id))
    .limit(KEPT);
  return rows.map(toMessage);
}

/**
 * Sends an event again, as a new round of attempts under the same id. False if it is no longer kept.
 * @throws DomainError `forbidden`, `webhook-disabled`
 */
export async function resendMessage(
  scope: HomeScope,
  actor: Actor,
  webhookId: number,
  eventId: string,
): Promise<boolean> {
  return (await resend(scope, actor, webhookId, eq(webhookMessages.eventId, eventId))) > 0;
}

/**
 * Sends again what was given up. Returns how many.
 * @throws DomainError `forbidden`, `webhook-disabled`
 */
export async function resendFailed(scope: HomeScope, actor: Actor, webhookId: number): Promise<number> {
  const isGivenUp = and(isNull(webhookMessages.nextAt), isNull(webhookMessages.deliveredAt));
  return resend(scope, actor, webhookId, isGivenUp);
}

async function resend(
  scope: HomeScope,
  actor: Actor,
  webhookId: number,
  which: SQL | undefined,
): Promise<number> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "manage-webhooks");
    await mustBeEnabled(tx, webhookId);
    const again = await tx.db
      .update(webhookMessages)
      .set({ attempts: 0, deliveredAt: null, nextAt: sql`now()` })
      .where(and(eq(webhookMessages.homeId, tx.homeId), eq(webhookMessages.webhookId, webhookId), which))
      .returning({ id: webhookMessages.id });
    return again.length;
  });
}

/**
 * Sends an event of type `webhook.test`. Returns its id.
 * @throws DomainError `forbidden`, `webhook-disabled`
 */
export async function sendTestEvent(scope: HomeScope, actor: Actor, webhookId: number): Promise<string> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "manage-webhooks");
    await mustBeEnabled(tx, webhookId);
    const [row] = await tx.db
      .insert(webhookMessages)
      .values({
        homeId: tx.homeId,
        webhookId,
        eventId: sql`'evt_' || replace(gen_random_uuid()::text, '-', '')`,
        event: "webhook.test",
        payload: sql`json_build_object('type', 'webhook.test', 'timestamp',
          to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', json_build_object('webhook_id', ${webhookId}::int))::text`,
        nextAt: sql`now()`,
      })
      .returning({ eventId: webhookMessages.eventId });
    if (!row) throw new Error("an insert returned no row");
    return row.eventId;
  });
}

async function mustBeEnabled({ db, homeId }: HomeScope, id: number): Promise<void> {
  const [row] = await db
    .select({ disabledWhy: webhooks.disabledWhy })
    .from(webhooks)
    .where(and(eq(webhooks.homeId, homeId), eq(webhooks.id, id)));
  if (row?.disabledWhy) throw new DomainError("webhook-disabled");
}

/** How many events each webhook gave up that can be sent again. */
export async function countGivenUp({ db, homeId }: HomeScope): Promise<Map<number, number>> {
  const rows = await db
    .select({ id: webhookMessages.webhookId, count: sql<number>`count(*)::int` })
    .from(webhookMessages)
    .where(
      and(
        eq(webhookMessages.homeId, homeId),
        isNull(webhookMessages.nextAt),
        isNull(webhookMessages.deliveredAt),
      ),
    )
    .groupBy(webhookMessages.webhookId);
  return new Map(rows.map(({ id, count }) => [id, count]));
}

function toMessage(row: typeof webhookMessages.$inferSelect): WebhookMessage {
  const { homeId: _, ...message } = row;
  return message;
}

/** What the courier has to know of a webhook. */
export type Receiver = Pick<
  typeof webhooks.$inferSelect,
  "id" | "url" | "secret" | "previousSecret" | "previousUntil"
> & {
  /** Set if the key that it was made with is no longer valid: it must not be called, but disabled. */
  keyEnd: "key-revoked" | "key-expired" | null;
};

/** The ids of webhooks for which something is due; a look into the index for each. */
export async function listDueReceivers({ db, homeId }: HomeScope, now: Date): Promise<number[]> {
  const due = db
    .select({ id: webhookMessages.id })
    .from(webhookMessages)
    .where(
      and(
        eq(webhookMessages.homeId, webhooks.homeId),
        eq(webhookMessages.webhookId, webhooks.id),
        lte(webhookMessages.nextAt, now),
      ),
    );
  const rows = await db
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.homeId, homeId), isNull(webhooks.disabledWhy), sql`exists (${due})`));
  return rows.map(({ id }) => id);
}

/** A webhook as it is now. Null if it is deleted or disabled. */
export async function findReceiver(
  { db, homeId }: HomeScope,
  id: number,
  now: Date,
): Promise<Receiver | null> {
  const [row] = await db
    .select({
      id: webhooks.id,
      url: webhooks.url,
      secret: webhooks.secret,
      previousSecret: webhooks.previousSecret,
      previousUntil: webhooks.previousUntil,
      keyEnd: sql<Receiver["keyEnd"]>`case when ${apiKeys.revokedAt} is not null then 'key-revoked'
        when ${apiKeys.expiresAt} <= ${now.toISOString()}::timestamptz then 'key-expired' end`,
    })
    .from(webhooks)
    // Keys are negated in createdBy; an owner has no row there.
    .leftJoin(apiKeys, and(eq(apiKeys.homeId, webhooks.homeId), eq(apiKeys.id, sql`-${webhooks.createdBy}`)))
    .where(and(eq(webhooks.homeId, homeId), eq(webhooks.id, id), isNull(webhooks.disabledWhy)));
  return row ?? null;
}

/** What is due for a webhook, the longest due first. */
export async function listDue(
  { db, homeId }: HomeScope,
  webhookId: number,
  now: Date,
  most: number,
): Promise<WebhookMessage[]> {
  const rows = await db
    .select()
    .from(webhookMessages)
    .where(
      and(
        eq(webhookMessages.homeId, homeId),
        eq(webhookMessages.webhookId, webhookId),
        lte(webhookMessages.nextAt, now),
      ),
    )
    .orderBy(asc(webhookMessages.nextAt), asc(webhookMessages.id))
    .limit(most);
  return rows.map(toMessage);
}

/** What an attempt came to. */
export interface Attempt {
  at: Date;
  /** The status of the answer; null if there was none. */
  status: number | null;
  /** Why there was none; null if there was one. */
  fault: WebhookMessage["lastFault"];
}

/** Writes an attempt that was answered with success. */
export async function noteDelivered(
  scope: HomeScope,
  { webhookId, id }: WebhookMessage,
  attempt: Attempt,
): Promise<void> {
  await inTransaction(scope, async (tx) => {
    // The webhook first, as when it is disabled: the other way round, the two could deadlock.
    await tx.db
      .update(webhooks)
      .set({ lastAt: attempt.at, lastStatus: attempt.status, lastFault: null, failingSince: null })
      .where(and(eq(webhooks.homeId, tx.homeId), eq(webhooks.id, webhookId)));
    await writeAttempt(tx, webhookId, id, attempt, { deliveredAt: attempt.at, nextAt: null });
  });
}

/** Writes an attempt that failed. `nextAt` is null when it was the last. Returns since when all of its attempts have failed. */
export async function noteFailed(
  scope: HomeScope,
  { webhookId, id }: WebhookMessage,
  attempt: Attempt,
  nextAt: Date | null,
): Promise<Date> {
  return inTransaction(scope, async (tx) => {
    const at = attempt.at.toISOString();
    const [row] = await tx.db
      .update(webhooks)
      .set({
        lastAt: attempt.at,
        lastStatus: attempt.status,
        lastFault: attempt.fault,
        failingSince: sql`coalesce(${webhooks.failingSince}, ${at}::timestamptz)`,
      })
      .where(and(eq(webhooks.homeId, tx.homeId), eq(webhooks.id, webhookId)))
      .returning({ since: webhooks.failingSince });
    await writeAttempt(tx, webhookId, id, attempt, { nextAt });
    return row?.since ?? attempt.at;
  });
}

async function writeAttempt(
  { db, homeId }: HomeScope,
  webhookId: number,
  id: number,
  { at, status, fault }: Attempt,
  change: { deliveredAt?: Date; nextAt: Date | null },
): Promise<void> {
  await db
    .update(webhookMessages)
    .set({
      attempts: sql`${webhookMessages.attempts} + 1`,
      lastAt: at,
      lastStatus: status,
      lastFault: fault,
      ...change,
    })
    .where(
      and(
        eq(webhookMessages.homeId, homeId),
        eq(webhookMessages.webhookId, webhookId),
        eq(webhookMessages.id, id),
        // Disabled meanwhile: it stays given up.
        isNotNull(webhookMessages.nextAt),
      ),
    );
}

/**
 * Gives up events that a webhook has not been sent although they wait since before `before`, and the oldest beyond the
 * `most` that may wait: it takes them more slowly than they come. Returns how many. What has been tried is given up by its
 * own schedule.
 */
export async function giveUpOldest(
  scope: HomeScope,
  webhookId: number,
  { before, most }: { before: Date; most: number },
): Promise<number> {
  const { db, homeId } = scope;
  const waiting = and(
    eq(webhookMessages.homeId, homeId),
    eq(webhookMessages.webhookId, webhookId),
    isNotNull(webhookMessages.nextAt),
    isNull(webhookMessages.lastAt),
  );
  const [beyond] = await db
    .select({ id: webhookMessages.id })
    .from(webhookMessages)
    .where(waiting)
    .orderBy(desc(webhookMessages.id))
    .offset(most)
    .limit(1);
  let count = 0;
  for (let given = GIVEN_UP_AT_ONCE; given === GIVEN_UP_AT_ONCE; count += given) {
    const oldest = db
      .select({ id: webhookMessages.id })
      .from(webhookMessages)
      .where(waiting)
      .orderBy(asc(webhookMessages.id))
      .limit(GIVEN_UP_AT_ONCE);
    const rows = await db
      .update(webhookMessages)
      .set({ nextAt: null })
      .where(
        and(
          waiting,
          lte(webhookMessages.id, sql`(select max(id) from ${oldest} as oldest)`),
          or(lt(webhookMessages.createdAt, before), lte(webhookMessages.id, beyond?.id ?? 0)),
        ),
      )
      .returning({ id: webhookMessages.id });
    given = rows.length;
    await pruneMessages(scope, webhookId);
  }
  return count;
}

/** In one statement, which takes some 20 ms. */
const GIVEN_UP_AT_ONCE = 2_000;

/**
 * Deletes what is done, except for the newest hundred of each webhook. By a range, not by a list of ids, for which all that
 * waits would be read where PostgreSQL has no statistics.
 */
export async function pruneMessages({ db, homeId }: HomeScope, webhookId: number): Promise<void> {
  const done = and(
    eq(webhookMessages.homeId, homeId),
    eq(webhookMessages.webhookId, webhookId),
    isNull(webhookMessages.nextAt),
  );
  const newestToGo = db
    .select({ id: webhookMessages.id })
    .from(webhookMessages)
    .where(done)
    .orderBy(desc(webhookMessages.id))
    .offset(KEPT)
    .limit(1);
  await db.delete(webhookMessages).where(and(done, lte(webhookMessages.id, sql`${newestToGo}`)));
}
