import { followSupergroup } from "../../campaign/supergroup.ts";
import { markOutOfReach, markUnreachableOf } from "../../audience/out-of-reach.ts";
import { isForChats } from "../../audience/segment/audience.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { toCampaign } from "../../campaign/queries.ts";
import { type Counter, STATUS_AFTER, addToCounters, counterFor } from "../../campaign/counters.ts";
import { type SentPoll, notePolls } from "../../campaign/votes/poll-votes.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { backOffMs } from "../shared/backoff.ts";
import { failuresIn, pauseForFailuresAlike, pauseForSilence, proofsIn } from "./breaker.ts";
import { addFollowUps } from "../follow-ups/follow-up-queue.ts";
import { storable } from "../../storable.ts";
import { INTERRUPTED, type Settlement } from "../shared/settlement.ts";
import type { Claimed } from "../shared/claimed.ts";
import { savePausedUntil } from "../pace/retry-after.ts";
import { isPlain } from "../../telegram/outcome.ts";
import { type Moved, PROOFS, type Row, writeDeliveries, writeSent } from "./write-deliveries.ts";
import { findRefused, pauseForIncomplete, pauseForRefused } from "./refused-post.ts";

/** A delivery that only stumbles is given up after this many attempts, which with the back-off take about 10 minutes. */
const MOST_ATTEMPTS = 10;

const HOUR_MS = 3_600_000;

/** Half of it is random, so that what failed together is not tried again together. */
function scattered(full: number, random: () => number): number {
  return full / 2 + (full / 2) * random();
}

/** The state that an outcome leaves the delivery in. */
function rowFor(
  { delivery, outcome }: Settlement,
  othersHaveIt: boolean,
  now: Date,
  random: () => number,
): Row {
  if (outcome.type === "sent") return sentRow(delivery, outcome.messageIds);
  const { campaignId, seq, claims, callsDone, messageIds } = delivery;
  // Remember what has arrived, whatever happens to the rest.
  const [version, contentRevision] =
    callsDone > 0 ? [delivery.version, delivery.contentRevision] : [null, null];
  const attempts = delivery.attempts + 1;
  const row = { campaignId, seq, claims, attempts, callsDone, messageIds, version, contentRevision };
  switch (outcome.type) {
    case "refused":
      // Not the recipient's fault: they wait until an admin has fixed the token or the post. But if the post was refused
      // for them before and others have it, they fail, or Resume would stop here for ever.
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
      // Messages do not move with the group; under the new id, their numbers belong to others.
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
        contentRevision: delivery.contentRevision, // the call may have left and arrived
        reason: "uncertain",
        description: storable(outcome.description),
      };
  }
}

function sentRow(delivery: Claimed, messageIds: readonly number[]): Row {
  return {
    campaignId: delivery.campaignId,
    seq: delivery.seq,
    claims: delivery.claims,
    state: "sent",
    attempts: delivery.attempts + 1,
    callsDone: delivery.callsDone + 1,
    messageIds: [...delivery.messageIds, ...messageIds],
    version: delivery.version,
    contentRevision: delivery.contentRevision,
  };
}

function after(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}

export interface SettleOptions {
  /** How many calls one outage leaves uncertain at most, which alone is no reason to pause. Default: 0. */
  ofAnOutage?: number;
  /** A number from 0 to 1. Default: Math.random; for tests. */
  random?: () => number;
}

/**
 * Writes the outcomes of a batch in one transaction: deliveries, counters, recipients who can no longer be reached, and
 * the pauses that outcomes call for. Settling the same batch again counts and moves nothing twice, even if deliveries
 * were claimed again meanwhile, so it can be repeated when the database's answer was lost.
 * Returns the campaigns that it paused.
 */
export async function settle(
  outer: Scope,
  settlements: Settlement[],
  now: Date,
  { ofAnOutage = 0, random = Math.random }: SettleOptions = {},
): Promise<Campaign[]> {
  if (settlements.every(({ outcome }) => isPlain(outcome))) {
    const rows = settlements.map((settlement) => rowFor(settlement, false, now, random));
    if (await writeSent(outer, rows)) return [];
  }
  return inTransaction(outer, async (scope) => {
    const refused = await findRefused(scope, settlements);
    const rows = settlements.map((settlement) =>
      rowFor(settlement, refused.get(settlement)?.othersHaveIt ?? false, now, random),
    );
    const touched: Touched[] = [];
    // In the order of their numbers, so that two settles cannot deadlock.
    for (const id of [...new Set(rows.map(({ campaignId }) => campaignId))].toSorted((a, b) => a - b)) {
      const one = await writeCampaign(
        scope,
        id,
        rows.filter(({ campaignId }) => campaignId === id),
      );
      if (one) touched.push(one);
    }
    await addFollowUpsFor(scope, touched, rows, now);
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

function countIn(moved: readonly Moved[]): number {
  return moved.reduce((sum, { count }) => sum + count, 0);
}

interface Touched {
  campaign: Campaign;
  moved: Moved[];
  /** Before this batch, it was proven that the bot and the list belong together. */
  wasProven: boolean;
}

/** Writes the deliveries of one campaign and its counters. Null when nothing was left to count. */
async function writeCampaign(scope: Scope, id: number, rows: Row[]): Promise<Touched | null> {
  const moved = await writeDeliveries(scope, id, "sending", rows);
  // Another process believed this one dead and marked its deliveries as uncertain, but Telegram's answer did arrive.
  const known = countIn(moved) < rows.length ? rows.flatMap(knownLate) : [];
  const late = await writeDeliveries(scope, id, "uncertain", known);
  const added = new Map<Counter, number>();
  const add = (counter: Counter | null, count: number) => {
    if (counter && count !== 0) added.set(counter, (added.get(counter) ?? 0) + count);
  };
  for (const { state, reason, count } of [...moved, ...late]) add(counterFor(state, reason), count);
  add("uncertain", -countIn(late));
  const isPartlySent = moved.length + late.length > 0 && rows.some(({ messageIds }) => messageIds.length > 0);
  if (!isPartlySent && [...added.values()].every((count) => count === 0)) return null;
  const row = await addToCounters(scope, id, added);
  if (!row) return null;
  const campaign = toCampaign(row);
  const before = { ...campaign };
  for (const [name, count] of added) before[name] -= count;
  return { campaign, moved, wasProven: isProven(before) };
}

/** What an answer still tells about an uncertain delivery: that all or some of it was sent. */
function knownLate(row: Row): Row[] {
  if (row.state === "sent" || (row.state === "uncertain" && row.callsDone > 0)) return [row];
  if (row.callsDone === 0) return [];
  const { campaignId, seq, claims, attempts, callsDone, messageIds, version, contentRevision } = row;
  const known = { campaignId, seq, claims, attempts, callsDone, messageIds, version, contentRevision };
  return [{ ...known, state: "uncertain", reason: "uncertain", description: INTERRUPTED }];
}

/** Whether bot and list belong together. A token that posts to one chat is right; other chats' errors are their own. */
function isProven(campaign: Campaign): boolean {
  if (isForChats(campaign.audience)) return proofsIn(campaign) > 0;
  return proofsIn(campaign) >= PROOFS && proofsIn(campaign) > failuresIn(campaign);
}

/**
 * Marks recipients who blocked the bot or are gone, and chats that the bot was removed from: they are not written to until
 * they are back. `chat not found` may be about the bot as much as the chat (a wrong token finds no one), so it counts
 * against a recipient only in a proven campaign; the batch that proves it also marks earlier ones.
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

/** The poll that was sent, if any. A poll is always the only call of its post. */
function pollIn({ delivery: { campaignId, version }, outcome }: Settlement): SentPoll[] {
  if (outcome.type !== "sent" || outcome.pollId === undefined) return [];
  return [{ pollId: outcome.pollId, campaignId, version }];
}

/** Adds follow-ups for the messages that were sent, in the same transaction, so that a crash forgets none. */
async function addFollowUpsFor(scope: Scope, touched: Touched[], rows: Row[], now: Date): Promise<void> {
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
    // What has arrived is deleted later, whatever became of the rest.
    const arrived = seqs(({ messageIds }) => messageIds.length > 0);
    const dueAt = new Date(now.getTime() + (deleteAfterHours ?? 0) * HOUR_MS);
    if (deleteAfterHours) await addFollowUps(scope, campaign.id, "delete", arrived, dueAt);
  }
}
