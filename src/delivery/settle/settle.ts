import { sql } from "drizzle-orm";
import { followSupergroup } from "../../campaign/supergroup.ts";
import { markOutOfReach, markUnreachableOf } from "../../audience/out-of-reach.ts";
import { isForChats } from "../../audience/segment.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { toCampaign } from "../../campaign/queries.ts";
import { type Counter, STATUS_AFTER, addToCounters, counterFor } from "../../campaign/counters.ts";
import { type SentPoll, notePolls } from "../../campaign/votes/poll-votes.ts";
import { query } from "../../db/connect.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import type { DeliveryState } from "../../db/states.ts";
import { backOffMs } from "../shared/backoff.ts";
import { failuresIn, pauseForFailuresAlike, pauseForSilence, proofsIn } from "./breaker.ts";
import { addFollowUps } from "../follow-ups/follow-up-queue.ts";
import { storable } from "../../storable.ts";
import { INTERRUPTED, type Settlement } from "../shared/settlement.ts";
import { savePausedUntil } from "../pace/retry-after.ts";
import { lookIntoRefused, pauseForIncomplete, pauseForRefused } from "./refused-post.ts";

/** Attempts before a delivery that only stumbles is given up. With the back-off below that is about 10 minutes. */
const MOST_ATTEMPTS = 10;

const HOUR_MS = 3_600_000;

/** Reached so many, and more than failed: bot and list belong together, and a chat that is not found is really gone. */
const PROOFS = 5;

/** With a random half, so that what failed together does not come back together. */
function scattered(full: number, random: () => number): number {
  return full / 2 + (full / 2) * random();
}

/** How a delivery is written down after an attempt. */
interface Row {
  campaignId: number;
  seq: number;
  claims: number;
  /** Only of a group that moved. */
  chatId?: number;
  state: DeliveryState;
  attempts: number;
  // What is left out is null in the database.
  notBefore?: string;
  callsDone: number;
  messageIds: number[];
  version: string | null;
  contentRevision: number | null;
  reason?: string;
  description?: string;
}

/** The state that an outcome leaves the delivery in. */
function rowFor(
  { delivery, outcome }: Settlement,
  othersHaveIt: boolean,
  now: Date,
  random: () => number,
): Row {
  const { campaignId, seq, claims, callsDone, messageIds } = delivery;
  // Whatever becomes of the rest, what has arrived is remembered.
  const [version, contentRevision] =
    callsDone > 0 ? [delivery.version, delivery.contentRevision] : [null, null];
  const attempts = delivery.attempts + 1;
  const row = { campaignId, seq, claims, attempts, callsDone, messageIds, version, contentRevision };
  switch (outcome.type) {
    case "sent":
      return {
        ...row,
        state: "sent",
        callsDone: callsDone + 1,
        messageIds: [...messageIds, ...outcome.messageIds],
        version: delivery.version,
        contentRevision: delivery.contentRevision,
      };
    case "refused":
      // The token is wrong, not this recipient: they wait until an admin has mended it. So with the post, unless it
      // was refused for this one before and others have it: then Resume would stop at this one for ever.
      if (outcome.class === "unauthorized") return { ...row, attempts: delivery.attempts, state: "pending" };
      if (outcome.class === "content" && !(delivery.attempts > 0 && othersHaveIt))
        return { ...row, state: "pending" };
      return { ...row, state: "failed", reason: outcome.class, description: storable(outcome.description) };
    case "deferred":
    case "unpaid":
    case "withheld":
      return { ...row, attempts: delivery.attempts, state: "pending" };
    case "postponed":
      return { ...row, attempts: delivery.attempts, state: "pending", notBefore: after(now, outcome.waitMs) };
    case "migrated":
      // Its messages do not move with it; under the new id their numbers are those of others.
      return { ...row, state: "pending", chatId: outcome.toChatId, messageIds: [] };
    case "stumbled":
      if (row.attempts >= MOST_ATTEMPTS)
        return { ...row, state: "failed", reason: "unavailable", description: storable(outcome.description) };
      return {
        ...row,
        state: "pending",
        notBefore: after(now, scattered(backOffMs(delivery.attempts), random)),
        description: storable(outcome.description),
      };
    case "uncertain":
      return {
        ...row,
        state: "uncertain",
        contentRevision: delivery.contentRevision, // the call may have left, and the copy be there
        reason: "uncertain",
        description: storable(outcome.description),
      };
  }
}

function after(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}

export interface SettleOptions {
  /** One outage leaves at most so many calls uncertain, which alone is no reason to pause. Default: 0. */
  ofAnOutage?: number;
  /** From 0 to 1; for tests. */
  random?: () => number;
}

/**
 * Writes what a batch of attempts came to, in one transaction: the deliveries, the campaigns' counters, the
 * recipients who cannot be reached any more, and the pauses that outcomes call for. Settling the same batch again
 * counts and moves nothing twice, even what was claimed anew meanwhile, so it can be repeated when the database's
 * answer was lost.
 * Returns the campaigns that it paused.
 */
export async function settle(
  outer: Scope,
  settlements: Settlement[],
  now: Date,
  { ofAnOutage = 0, random = Math.random }: SettleOptions = {},
): Promise<Campaign[]> {
  return inTransaction(outer, async (scope) => {
    const refused = await lookIntoRefused(scope, settlements);
    const rows = settlements.map((settlement) =>
      rowFor(settlement, refused.get(settlement)?.othersHaveIt ?? false, now, random),
    );
    const touched: Touched[] = [];
    // In the order of their numbers, so that two settles cannot lock each other out.
    for (const id of [...new Set(rows.map(({ campaignId }) => campaignId))].toSorted((a, b) => a - b)) {
      const one = await writeCampaign(
        scope,
        id,
        rows.filter(({ campaignId }) => campaignId === id),
      );
      if (one) touched.push(one);
    }
    await noteFollowUps(scope, touched, rows, now);
    await notePolls(scope, settlements.flatMap(pollIn));
    await markRecipients(scope, touched);
    for (const { delivery, outcome } of settlements)
      if (outcome.type === "migrated") await followSupergroup(scope, delivery.chatId, outcome.toChatId);
    const ends = settlements.flatMap(({ outcome }) =>
      outcome.type === "deferred" ? [outcome.until?.getTime() ?? now.getTime() + outcome.waitMs] : [],
    );
    if (ends.length > 0) await savePausedUntil(scope, new Date(Math.max(...ends)));
    const counted = touched.map(({ campaign }) => campaign);
    return [
      ...(await pauseForRefused(
        scope,
        settlements.filter((_, index) => rows[index]?.state !== "failed"),
        refused,
      )),
      ...(await pauseForIncomplete(scope, settlements, counted)),
      ...(await pauseForFailuresAlike(scope, rows, counted, ofAnOutage)),
      ...(await pauseForSilence(scope, settlements)),
    ];
  });
}

/** So many deliveries went into the same state for the same reason. */
interface Moved {
  state: DeliveryState;
  reason: string | null;
  count: number;
  /** Whose they are, as a PostgreSQL array in words. */
  chatIds: string;
}

/** Rows that stand farther apart than this are written apart. */
const GAP = 1_000;

/** Writes the rows of one campaign that still stand in `from` under the same claim. */
async function writeDeliveries(
  scope: Scope,
  campaignId: number,
  from: "sending" | "uncertain",
  rows: Row[],
): Promise<Moved[]> {
  const moved: Moved[] = [];
  const sorted = rows.toSorted((a, b) => a.seq - b.seq);
  for (let start = 0, end = 1; start < sorted.length; start = end) {
    const isNear = (at: number) => (sorted[at]?.seq ?? Infinity) - (sorted[at - 1]?.seq ?? 0) <= GAP;
    for (end = start + 1; isNear(end);) end += 1;
    moved.push(...(await writeRange(scope, campaignId, from, sorted.slice(start, end))));
  }
  return moved;
}

/**
 * One UPDATE, whatever the number of rows. They are looked up by key within a short range and their values by seq, as
 * in claim.ts: no join, so no plan to go wrong. As text, the state is found in no index: the one of what is `sending`
 * holds a dead entry for each message since the last vacuum, and while an old snapshot lives (a backup) all are visited.
 */
async function writeRange(
  { db, botId }: Scope,
  campaignId: number,
  from: "sending" | "uncertain",
  rows: Row[],
): Promise<Moved[]> {
  // As text, because the two drivers pass arrays differently.
  const seqs = `{${rows.map(({ seq }) => seq).join(",")}}`;
  return query<Moved>(
    db,
    sql`with batch as materialized (select ${bySeq(rows)}::jsonb as rows), moved as (
        update deliveries d
        set (state, attempts, not_before, chat_id, calls_done, version, content_revision, message_id, message_ids, reason, description, settled_at) = (
          select o."state"::delivery_state, o."attempts", o."notBefore", coalesce(o."chatId", d.chat_id), o."callsDone",
                 o."version", o."contentRevision", o."messageIds"[1], case when cardinality(o."messageIds") > 1 then o."messageIds" end, o."reason",
                 o."description", case when o."state" = 'pending' then null else now() end
          from jsonb_to_record((select rows from batch) -> d.seq::text) as o("state" text, "attempts" int,
            "notBefore" timestamptz, "chatId" bigint, "callsDone" int, "version" text, "contentRevision" int, "messageIds" int[], "reason" text, "description" text))
        where d.bot_id = ${botId} and d.campaign_id = ${campaignId} and d.seq = any(${seqs}::int[])
          and d.seq between ${rows[0]?.seq ?? 0} and ${rows.at(-1)?.seq ?? 0} and d.state::text = ${from} and d.claims = ((select rows from batch) -> d.seq::text ->> 'claims')::int
        returning d.state, d.reason, d.chat_id)
        select state::text as state, reason, count(*)::int as count, array_agg(chat_id)::text as "chatIds"
        from moved group by state, reason`,
  );
}

function bySeq(rows: Row[]): string {
  return JSON.stringify(Object.fromEntries(rows.map((row) => [row.seq, row])));
}

function countIn(moved: readonly Moved[]): number {
  return moved.reduce((sum, { count }) => sum + count, 0);
}

interface Touched {
  campaign: Campaign;
  moved: Moved[];
  /** It was proven before this batch that bot and list belong together. */
  wasProven: boolean;
}

/** The deliveries of one campaign and its counters. Null when nothing was left to count. */
async function writeCampaign(scope: Scope, id: number, rows: Row[]): Promise<Touched | null> {
  const moved = await writeDeliveries(scope, id, "sending", rows);
  // Another process took this one for dead and called what it held uncertain; it lived, and Telegram's answer came.
  const known = countIn(moved) < rows.length ? rows.flatMap(knownLate) : [];
  const late = await writeDeliveries(scope, id, "uncertain", known);
  const added = new Map<Counter, number>();
  const add = (counter: Counter | null, count: number) => {
    if (counter && count !== 0) added.set(counter, (added.get(counter) ?? 0) + count);
  };
  for (const { state, reason, count } of [...moved, ...late]) add(counterFor(state, reason), count);
  add("uncertain", -countIn(late));
  const halfway = moved.length + late.length > 0 && rows.some(({ messageIds }) => messageIds.length > 0);
  if (!halfway && [...added.values()].every((count) => count === 0)) return null;
  const row = await addToCounters(scope, id, added);
  if (!row) return null;
  const campaign = toCampaign(row);
  const before = { ...campaign };
  for (const [name, count] of added) before[name] -= count;
  return { campaign, moved, wasProven: isProven(before) };
}

/** What is still to be learned of an uncertain delivery: that it was sent, or what of it was. */
function knownLate(row: Row): Row[] {
  if (row.state === "sent" || (row.state === "uncertain" && row.callsDone > 0)) return [row];
  if (row.callsDone === 0) return [];
  const { campaignId, seq, claims, attempts, callsDone, messageIds, version, contentRevision } = row;
  const known = { campaignId, seq, claims, attempts, callsDone, messageIds, version, contentRevision };
  return [{ ...known, state: "uncertain", reason: "uncertain", description: INTERRUPTED }];
}

/** A token that posts to one chat is the right one: what other chats say is of themselves. */
function isProven(campaign: Campaign): boolean {
  if (isForChats(campaign.audience)) return proofsIn(campaign) > 0;
  return proofsIn(campaign) >= PROOFS && proofsIn(campaign) > failuresIn(campaign);
}

/**
 * Recipients who blocked the bot or are gone are not written to again until they are back, nor are chats that the bot was
 * removed from. `chat not found` says as much of the bot as of the chat (a wrong token finds no one), so it counts against a
 * recipient only in a campaign that is proven; the batch that proves it also marks those from before.
 */
async function markRecipients(scope: Scope, touched: Touched[]): Promise<void> {
  for (const { campaign, moved, wasProven } of touched) {
    const proven = isProven(campaign);
    for (const [reason, status] of STATUS_AFTER) {
      if (reason === "unreachable" && !proven) continue;
      for (const gone of moved.filter((one) => one.state === "failed" && one.reason === reason))
        await markOutOfReach(scope, gone.chatIds, status);
    }
    if (proven && !wasProven && campaign.unreachable > 0) await markUnreachableOf(scope, campaign.id);
  }
}

/** The poll that was sent. A post that is one has no second call. */
function pollIn({ delivery: { campaignId, version }, outcome }: Settlement): SentPoll[] {
  if (outcome.type !== "sent" || outcome.pollId === undefined) return [];
  return [{ pollId: outcome.pollId, campaignId, version }];
}

/** What is to be done with the messages that were sent, in the transaction that notes them: a crash forgets none. */
async function noteFollowUps(scope: Scope, touched: Touched[], rows: Row[], now: Date): Promise<void> {
  for (const { campaign } of touched) {
    const { pin, deleteAfterHours } = campaign.content.options ?? {};
    if (!pin && !deleteAfterHours) continue;
    const seqs = (which: (row: Row) => boolean) =>
      rows
        .filter((row) => row.campaignId === campaign.id && which(row))
        .map(({ seq }) => seq)
        .toSorted((a, b) => a - b);
    const sent = seqs(({ state }) => state === "sent");
    if (pin) await addFollowUps(scope, campaign.id, "pin", sent, now);
    // What has arrived goes again, whatever became of the rest.
    const arrived = seqs(({ messageIds }) => messageIds.length > 0);
    const dueAt = new Date(now.getTime() + (deleteAfterHours ?? 0) * HOUR_MS);
    if (deleteAfterHours) await addFollowUps(scope, campaign.id, "delete", arrived, dueAt);
  }
}
