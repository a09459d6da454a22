import { and, eq, gt, inArray, sql } from "drizzle-orm";
import type { Campaign } from "../campaign/campaign.ts";
import { pauseAll, pauseBecause } from "../campaign/lifecycle.ts";
import { toCampaign } from "../campaign/queries.ts";
import { type Scope, inTransaction, query } from "../db/connect.ts";
import { campaigns } from "../db/schema.ts";
import type { DeliveryState } from "../db/states.ts";
import type { Claimed } from "./claim.ts";
import type { Outcome } from "./outcome.ts";
import { saveQuiet } from "./quiet.ts";

export interface Settlement {
  delivery: Claimed;
  outcome: Outcome;
}

/** Attempts before a delivery that only stumbles is given up. With the back-off below that is about 10 minutes. */
const MOST_ATTEMPTS = 10;

/** So many failures, and hardly anybody reached, mean that the fault is not the recipients': a wrong bot, a wrong list. */
export const FAILURES_ALIKE = 20;
/** The owner is on most lists, so one who was reached proves nothing: of those tried, more than 1 in 20 has to be. */
const HARDLY_ANYBODY = 1 / 20;
/** Reached so many, and more than failed: bot and list belong together, and a chat that is not found is really gone. */
const PROOFS = 5;

/** Doubling from 2 s to 5 min, with a random half so that what failed together does not come back together. */
function backOffMs(attempts: number, random: () => number): number {
  const full = Math.min(2_000 * 2 ** attempts, 300_000);
  return full / 2 + (full / 2) * random();
}

/** How a delivery is written down after an attempt. */
interface Row {
  campaignId: number;
  seq: number;
  claims: number;
  chatId: number;
  state: DeliveryState;
  attempts: number;
  notBefore: string | null;
  messageId: number | null;
  reason: string | null;
  description: string | null;
}

/** PostgreSQL takes neither NUL nor half an emoji. A word of Telegram's must not keep a batch from being written. */
function storable(text: string): string {
  return text.replaceAll("\0", "").replace(/\p{Surrogate}/gu, "\uFFFD");
}

/** The state that an outcome leaves the delivery in. */
function rowFor(
  { delivery, outcome }: Settlement,
  othersHaveIt: boolean,
  now: Date,
  random: () => number,
): Row {
  const row = {
    ...delivery,
    attempts: delivery.attempts + 1,
    notBefore: null,
    messageId: null,
    reason: null,
    description: null,
  };
  switch (outcome.type) {
    case "sent":
      return { ...row, state: "sent", messageId: outcome.messageId };
    case "refused":
      // The token is wrong, not this recipient: they wait until an admin has mended it. So with the post, unless it
      // was refused for this one before and others have it: then Resume would stop at this one for ever.
      if (outcome.class === "unauthorized") return { ...row, attempts: delivery.attempts, state: "pending" };
      if (outcome.class === "content" && !(delivery.attempts > 0 && othersHaveIt))
        return { ...row, state: "pending" };
      return { ...row, state: "failed", reason: outcome.class, description: storable(outcome.description) };
    case "deferred":
    case "withheld":
      return { ...row, attempts: delivery.attempts, state: "pending" };
    case "migrated":
      return { ...row, state: "pending", chatId: outcome.toChatId };
    case "stumbled":
      if (row.attempts >= MOST_ATTEMPTS)
        return { ...row, state: "failed", reason: "unavailable", description: storable(outcome.description) };
      return {
        ...row,
        state: "pending",
        notBefore: new Date(now.getTime() + backOffMs(delivery.attempts, random)).toISOString(),
        description: storable(outcome.description),
      };
    case "uncertain":
      return { ...row, state: "uncertain", reason: "uncertain", description: storable(outcome.description) };
  }
}

/**
 * Writes what a batch of attempts came to, in one transaction: the deliveries, the campaigns' counters, the
 * recipients who cannot be reached any more, and the pauses that outcomes call for. Settling the same batch again
 * changes nothing, even what was claimed anew meanwhile, so it can be repeated when the database's answer was lost.
 * Returns the campaigns that it paused.
 */
export async function settle(
  { db, botId }: Scope,
  settlements: Settlement[],
  now: Date,
  random: () => number = Math.random,
): Promise<Campaign[]> {
  return inTransaction({ db, botId }, async (scope) => {
    const sentTo = await campaignsWithSent(scope, settlements);
    const rows = settlements.map((settlement) =>
      rowFor(settlement, sentTo.has(settlement.delivery.campaignId), now, random),
    );
    const moved = await writeDeliveries(scope, rows);
    const touched = await addToCounters(scope, moved);
    await markRecipients(scope, moved, touched);
    await followMigrations(scope, settlements);
    const waits = settlements.map(({ outcome }) => (outcome.type === "deferred" ? outcome.waitMs : 0));
    if (waits.some((ms) => ms > 0)) await saveQuiet(scope, new Date(now.getTime() + Math.max(...waits)));
    return [
      ...(await pauseForRefusals(scope, settlements, rows)),
      ...(await pauseForFailuresAlike(scope, rows, touched)),
    ];
  });
}

interface Moved {
  campaignId: number;
  chatId: number;
  state: DeliveryState;
  reason: string | null;
}

/** One UPDATE from a JSON array: postgres.js and PGlite take it alike, and 500 rows cost little more than one. */
async function writeDeliveries({ db, botId }: Scope, rows: Row[]): Promise<Moved[]> {
  return query<Moved>(
    db,
    sql`update deliveries d
        set state = o."state"::delivery_state, attempts = o."attempts", not_before = o."notBefore", chat_id = o."chatId",
            message_id = o."messageId", reason = o."reason", description = o."description",
            settled_at = case when o."state" = 'pending' then null else now() end
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as o("campaignId" bigint, "seq" int, "claims" int, "chatId" bigint, "state" text,
          "attempts" int, "notBefore" timestamptz, "messageId" int, "reason" text, "description" text)
        where d.bot_id = ${botId} and d.campaign_id = o."campaignId" and d.seq = o."seq"
          and d.state = 'sending' and d.claims = o."claims"
        returning d.campaign_id::float8 as "campaignId", d.chat_id::float8 as "chatId", d.state::text as state, d.reason`,
  );
}

const COUNTERS = ["sent", "blocked", "deactivated", "unreachable", "failed", "uncertain"] as const;

function counterFor({ state, reason }: Moved): (typeof COUNTERS)[number] | null {
  if (state === "sent" || state === "uncertain") return state;
  if (state !== "failed") return null;
  return reason === "blocked" || reason === "deactivated" || reason === "unreachable" ? reason : "failed";
}

interface Touched {
  campaign: Campaign;
  /** It was proven before this batch that bot and list belong together. */
  wasProven: boolean;
}

/** Campaigns are taken in the order of their numbers, so that two settles cannot lock each other out. */
async function addToCounters({ db, botId }: Scope, moved: Moved[]): Promise<Touched[]> {
  const touched: Touched[] = [];
  for (const id of [...new Set(moved.map((row) => row.campaignId))].toSorted((a, b) => a - b)) {
    const counted = moved.filter((row) => row.campaignId === id).map(counterFor);
    const added = COUNTERS.map((name) => ({ name, count: counted.filter((one) => one === name).length }));
    if (added.every(({ count }) => count === 0)) continue;
    const [row] = await db
      .update(campaigns)
      .set(Object.fromEntries(added.map(({ name, count }) => [name, sql`${campaigns[name]} + ${count}`])))
      .where(and(eq(campaigns.botId, botId), eq(campaigns.id, id)))
      .returning();
    if (!row) continue;
    const before = { ...row };
    for (const { name, count } of added) before[name] -= count;
    touched.push({ campaign: toCampaign(row), wasProven: isProven(before) });
  }
  return touched;
}

type Counters = Pick<Campaign, (typeof COUNTERS)[number]>;

/** Who was reached, blocked the bot or deleted the account is known to it: these recipients are this bot's. */
function proofsIn({ sent, blocked, deactivated }: Counters): number {
  return sent + blocked + deactivated;
}

function failuresIn({ unreachable, failed }: Counters): number {
  return unreachable + failed;
}

function isProven(campaign: Counters): boolean {
  return proofsIn(campaign) >= PROOFS && proofsIn(campaign) > failuresIn(campaign);
}

/**
 * Who blocked the bot or is gone is not written to again. `chat not found` says as much of the bot as of the
 * chat (a wrong token finds no one), so it counts against a recipient only in a campaign that is proven;
 * in the batch that proves it, those from before are caught up.
 */
async function markRecipients(scope: Scope, moved: Moved[], touched: Touched[]): Promise<void> {
  const proven = new Set(
    touched.filter(({ campaign }) => isProven(campaign)).map(({ campaign }) => campaign.id),
  );
  const marks = moved.flatMap(({ state, reason, chatId, campaignId }) => {
    if (state !== "failed") return [];
    const counts =
      reason === "blocked" ||
      reason === "deactivated" ||
      (reason === "unreachable" && proven.has(campaignId));
    return counts ? [{ chatId, status: reason }] : [];
  });
  if (marks.length > 0)
    await scope.db.execute(
      sql`update recipients r set status = o."status"::recipient_status, status_changed_at = now()
          from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as o("chatId" bigint, "status" text)
          where r.bot_id = ${scope.botId} and r.chat_id = o."chatId"`,
    );
  for (const { campaign, wasProven } of touched)
    if (proven.has(campaign.id) && !wasProven && campaign.unreachable > 0)
      await catchUpUnreachable(scope, campaign.id);
}

async function catchUpUnreachable({ db, botId }: Scope, campaignId: number): Promise<void> {
  await db.execute(
    sql`update recipients r set status = 'unreachable', status_changed_at = now()
        from deliveries d
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.state = 'failed' and d.reason = 'unreachable'
          and r.bot_id = d.bot_id and r.chat_id = d.chat_id and r.status = 'active' and r.updated_at <= d.settled_at`,
  );
}

/** A group that became a supergroup keeps its row under the new id. */
async function followMigrations({ db, botId }: Scope, settlements: Settlement[]): Promise<void> {
  for (const { delivery, outcome } of settlements)
    if (outcome.type === "migrated")
      await db.execute(
        sql`update recipients r set chat_id = ${outcome.toChatId}
            where bot_id = ${botId} and chat_id = ${delivery.chatId} and not exists
              (select from recipients where bot_id = ${botId} and chat_id = ${outcome.toChatId})`,
      );
}

/** Of the campaigns whose post was refused, those that somebody has got. */
async function campaignsWithSent({ db, botId }: Scope, settlements: Settlement[]): Promise<Set<number>> {
  const ids = settlements
    .filter(({ outcome }) => outcome.type === "refused" && outcome.class === "content")
    .map(({ delivery }) => delivery.campaignId);
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), inArray(campaigns.id, ids), gt(campaigns.sent, 0)));
  return new Set(rows.map(({ id }) => id));
}

/** A post that Telegram refuses pauses its campaign; a refused token pauses them all. */
async function pauseForRefusals(scope: Scope, settlements: Settlement[], rows: Row[]): Promise<Campaign[]> {
  const paused: Campaign[] = [];
  for (const [index, { delivery, outcome }] of settlements.entries()) {
    if (outcome.type !== "refused" || rows[index]?.state !== "pending") continue;
    const detail = storable(outcome.description);
    if (outcome.class === "unauthorized") paused.push(...(await pauseAll(scope, "unauthorized", detail)));
    const campaign =
      outcome.class === "content" ? await pauseBecause(scope, delivery.campaignId, "content", detail) : null;
    if (campaign) paused.push(campaign);
  }
  return paused;
}

async function pauseForFailuresAlike(scope: Scope, rows: Row[], touched: Touched[]): Promise<Campaign[]> {
  const paused: Campaign[] = [];
  for (const { campaign } of touched) {
    const failures = failuresIn(campaign);
    if (campaign.errorsWaived || failures < FAILURES_ALIKE) continue;
    if (proofsIn(campaign) > failures * HARDLY_ANYBODY) continue;
    const last = rows.findLast((row) => row.campaignId === campaign.id && row.state === "failed");
    const done = await pauseBecause(scope, campaign.id, "errors", last?.description ?? "");
    if (done) paused.push(done);
  }
  return paused;
}
