import { randomBytes } from "node:crypto";
import { type SQL, and, asc, count, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { type Actor, type Limit, actorId, authorize } from "../access/actor.ts";
import { record } from "../access/audit.ts";
import { type LimitChange, limitKey } from "../access/bot-limits.ts";
import { type ApiKey, revokeKey } from "../access/keys.ts";
import { apiKeys, webhookMessages, webhooks } from "../db/schema.ts";
import { type HomeScope, inTransaction } from "../db/scope.ts";
import type { WebhookEvent, WhyDisabled } from "../db/states.ts";
import { DomainError } from "../errors.ts";
import { pruneMessages } from "./webhook-messages.ts";

/*
 * What owners and programs do to webhooks. A program needs a key that may send: a webhook gives away no more than any key
 * may read, but calls out of Herald's network. It ends with its key, so that a revoked key leaves nothing behind.
 */

/** An address that is told of events. Its secrets are with those who made it. */
export type Webhook = Omit<typeof webhooks.$inferSelect, "homeId" | "secret" | "previousSecret">;

/** Each is called by itself, so that a slow one holds up no other. */
const MOST_WEBHOOKS = 20;

/** How long both the old and the new secret sign. */
export const OVERLAP_MS = 24 * 3_600_000;

export interface WebhookChange {
  url?: string;
  events?: readonly WebhookEvent[];
  /** False disables it, true enables it again. */
  enabled?: boolean;
}

/**
 * Makes a webhook for an address that has been checked. `secret` signs what it gets; it cannot be read again.
 * @throws DomainError `forbidden`, `too-many`
 */
export async function createWebhook(
  scope: HomeScope,
  actor: Actor,
  { url, events }: { url: string; events: readonly WebhookEvent[] },
): Promise<{ webhook: Webhook; secret: string }> {
  const secret = newSecret();
  const webhook = await change(scope, actor, async (tx) => {
    // Held to the end of the transaction, so that of webhooks made at the same time each counts those before it.
    await tx.db.execute(
      sql`select pg_advisory_xact_lock(hashtextextended('create-webhook', ${tx.homeId}::bigint))`,
    );
    const [known] = await tx.db
      .select({ count: count() })
      .from(webhooks)
      .where(eq(webhooks.homeId, tx.homeId));
    if ((known?.count ?? 0) >= MOST_WEBHOOKS)
      throw new DomainError("too-many-webhooks", { count: MOST_WEBHOOKS });
    const [row] = await tx.db
      .insert(webhooks)
      .values({ homeId: tx.homeId, url, events: [...new Set(events)], secret, createdBy: actorId(actor) })
      .returning();
    if (!row) throw new Error("an insert returned no row");
    await record(tx, actor, "webhook.created", row.id);
    return toWebhook(row);
  });
  return { webhook, secret };
}

/** A message holds twenty of them. */
const LONGEST_HOST = 60;

/**
 * "shop.example (7)": what people recognise a webhook by. The id tells two of one host apart; the rest of the address may hold
 * a password.
 */
export function nameOfWebhook({ url, id }: Pick<Webhook, "url" | "id">): string {
  const { host } = new URL(url);
  const shown = host.length > LONGEST_HOST ? `${host.slice(0, LONGEST_HOST - 1)}…` : host;
  return `${shown} (${id})`;
}

/** Oldest first. */
export async function listWebhooks(home: HomeScope): Promise<Webhook[]> {
  const rows = await home.db.select().from(webhooks).where(isShown(home)).orderBy(asc(webhooks.id));
  return rows.map(toWebhook);
}

export async function findWebhook(scope: HomeScope, id: number): Promise<Webhook | null> {
  const [row] = await scope.db.select().from(webhooks).where(isWebhook(scope, id));
  return row ? toWebhook(row) : null;
}

/**
 * What is absent stays. A webhook that is disabled is told nothing of what happens meanwhile. Null if there is none.
 * @throws DomainError `forbidden`
 */
export async function changeWebhook(
  scope: HomeScope,
  actor: Actor,
  id: number,
  { url, events, enabled }: WebhookChange,
): Promise<Webhook | null> {
  return change(scope, actor, async (tx) => {
    const [row] = await tx.db
      .update(webhooks)
      .set({
        url: url ?? sql`${webhooks.url}`, // an update sets something
        // How the old address failed says nothing of the new one.
        ...(url !== undefined && {
          failingSince: sql`case when ${webhooks.url} = ${url} then ${webhooks.failingSince} end`,
        }),
        ...(events && { events: [...new Set(events)] }),
        ...(enabled && { disabledWhy: null, disabledAt: null, failingSince: null }),
      })
      .where(isWebhook(tx, id))
      .returning();
    if (!row) return null;
    await record(tx, actor, "webhook.changed", id);
    if (enabled !== false) return toWebhook(row);
    return (await disableWebhooks(tx, eq(webhooks.id, id), "turned-off"))[0] ?? toWebhook(row);
  });
}

/**
 * Makes a new secret. The one before signs as well for a day, so that the receiver can change over. Null if there is no such
 * webhook.
 * @throws DomainError `forbidden`
 */
export async function rotateSecret(
  scope: HomeScope,
  actor: Actor,
  id: number,
  now: Date,
): Promise<string | null> {
  const secret = newSecret();
  return change(scope, actor, async (tx) => {
    const rotated = await tx.db
      .update(webhooks)
      .set({
        secret,
        previousSecret: sql`${webhooks.secret}`,
        previousUntil: new Date(now.getTime() + OVERLAP_MS),
      })
      .where(isWebhook(tx, id))
      .returning({ id: webhooks.id });
    if (rotated.length === 0) return null;
    await record(tx, actor, "webhook.rotated", id);
    return secret;
  });
}

/**
 * Deletes a webhook and what it has not been told. False if there is none.
 * @throws DomainError `forbidden`
 */
export async function deleteWebhook(scope: HomeScope, actor: Actor, id: number): Promise<boolean> {
  return change(scope, actor, async (tx) => {
    const deleted = await tx.db.delete(webhooks).where(isWebhook(tx, id)).returning({ id: webhooks.id });
    if (deleted.length === 0) return false;
    await tx.db
      .delete(webhookMessages)
      .where(and(eq(webhookMessages.homeId, tx.homeId), eq(webhookMessages.webhookId, id)));
    await record(tx, actor, "webhook.deleted", id);
    return true;
  });
}

/**
 * Revokes a key as revokeKey() does, and disables the webhooks that were made with it.
 * @throws DomainError `forbidden`
 */
export async function revokeKeyAndWebhooks(
  scope: HomeScope,
  actor: Actor,
  keyId: number,
): Promise<ApiKey | null> {
  const key = await inTransaction(scope, async (tx) => {
    const revoked = await revokeKey(tx, actor, keyId);
    if (revoked) await disableWebhooks(tx, eq(webhooks.createdBy, -keyId), "key-revoked");
    return revoked;
  });
  scope.wantedEvents?.changed();
  return key;
}

/**
 * Changes which bots a key may use as limitKey() does, and takes from the webhooks that were made with it what they have not
 * been told yet, or could be told again, of other bots.
 * @throws DomainError `forbidden`, `bot-unknown`
 */
export async function limitKeyAndWebhooks(
  scope: HomeScope,
  actor: Actor,
  keyId: number,
  change: LimitChange,
): Promise<{ limit: Limit } | null> {
  return inTransaction(scope, async (tx) => {
    const limited = await limitKey(tx, actor, keyId, change);
    if (!limited?.limit) return limited;
    const made = tx.db
      .select({ id: webhooks.id })
      .from(webhooks)
      .where(and(eq(webhooks.homeId, tx.homeId), eq(webhooks.createdBy, -keyId)));
    await tx.db
      .delete(webhookMessages)
      .where(
        and(
          eq(webhookMessages.homeId, tx.homeId),
          inArray(webhookMessages.webhookId, made),
          sql`(${webhookMessages.payload}::json -> 'data' ->> 'bot')::bigint <> all(${sql`array[${sql.join([...limited.limit], sql`, `)}]::bigint[]`})`,
        ),
      );
    return limited;
  });
}

/** Disables webhooks that are not, and gives up what they have not been told. Returns them. */
export async function disableWebhooks(
  tx: HomeScope,
  which: SQL | undefined,
  why: WhyDisabled,
): Promise<Webhook[]> {
  const disabled = await tx.db
    .update(webhooks)
    .set({ disabledWhy: why, disabledAt: sql`now()` })
    .where(and(eq(webhooks.homeId, tx.homeId), which, isNull(webhooks.disabledWhy)))
    .returning();
  for (const { id } of disabled) {
    await tx.db
      .update(webhookMessages)
      .set({ nextAt: null })
      .where(
        and(
          eq(webhookMessages.homeId, tx.homeId),
          eq(webhookMessages.webhookId, id),
          isNotNull(webhookMessages.nextAt),
        ),
      );
    await pruneMessages(tx, id);
  }
  await tx.nudges?.send(tx.db, tx.homeId, "webhooks");
  return disabled.map(toWebhook);
}

/** Checks the actor, changes something in one transaction, and lets all processes know. */
async function change<T>(scope: HomeScope, actor: Actor, work: (tx: HomeScope) => Promise<T>): Promise<T> {
  const result = await inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "manage-webhooks");
    const changed = await work(tx);
    await tx.nudges?.send(tx.db, tx.homeId, "webhooks");
    return changed;
  });
  scope.wantedEvents?.changed();
  return result;
}

/** As Standard Webhooks wants it: `whsec_` and 24 to 64 bytes in base64. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

function isWebhook(home: HomeScope, id: number): SQL | undefined {
  return and(isShown(home), eq(webhooks.id, id));
}

/**
 * SQL: a webhook of the home. A scope that shows only some bots shows those webhooks that are told of no others: they were
 * made with a key that is limited to some of these bots.
 */
function isShown({ homeId, only }: HomeScope): SQL | undefined {
  const ofHome = eq(webhooks.homeId, homeId);
  if (only === undefined) return ofHome;
  const shown = sql`array[${sql.join([...only], sql`, `)}]::bigint[]`;
  return and(
    ofHome,
    sql`exists (select from ${apiKeys} k
      where k.home_id = ${homeId} and k.id = -${webhooks.createdBy} and k.bots <@ ${shown})`,
  );
}

function toWebhook(row: typeof webhooks.$inferSelect): Webhook {
  const { homeId: _, secret: __, previousSecret: ___, ...webhook } = row;
  return webhook;
}
