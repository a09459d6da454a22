import { and, count, eq, sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { retry } from "../../src/campaign/actions/retry.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { countVotes, listPollTotals } from "../../src/campaign/votes/poll-votes.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { listTaps } from "../../src/campaign/votes/button-votes.ts";
import { systemClock } from "../../src/clock.ts";
import { type Scope, homeScope, inTransaction } from "../../src/db/scope.ts";
import { campaigns, deliveries, pollAnswers, pollTotals, polls, taps, votes } from "../../src/db/schema.ts";
import { createRetention } from "../../src/delivery/upkeep/retention.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";
import { until } from "../support/broadcast.ts";
import { freshScope } from "../support/database.ts";
import {
  ADMIN,
  NOW,
  claimAll,
  countersOf,
  emptied,
  range,
  seedCampaign,
  seedPeople,
} from "../support/seed.ts";

let scope: Scope;
let other: Scope;
beforeAll(async () => {
  scope = await freshScope();
  other = homeScope(scope.db, scope.botId + 1);
});
beforeEach(() => emptied(scope));

const made: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of made.splice(0)) await stop();
});

const DAYS = 90;
const DAY_MS = 86_400_000;

/** A retention at NOW that does not wait between its batches, but notes how long it would have. */
function retention({ days = DAYS, held = () => true }: { days?: number; held?: () => boolean } = {}) {
  const waits: number[] = [];
  const logged: string[] = [];
  const clock = { ...systemClock, now: () => NOW, sleep: async (ms: number) => void waits.push(ms) };
  const log = createLog("info", { write: (line: string) => void logged.push(line) });
  const parts = createRetention({ scope, clock, log, lease: { held }, days });
  made.push(parts);
  return { ...parts, waits, logged };
}

/** A campaign with `count` deliveries that all failed, which ended `ago` days before NOW. */
async function ended(
  count: number,
  ago: number,
  change: Partial<Campaign> = {},
  of = scope,
): Promise<number> {
  const finishedAt = new Date(NOW.getTime() - ago * DAY_MS);
  const { id } = await seedCampaign(of, {
    state: "finished",
    startedAt: finishedAt,
    frozenAt: finishedAt,
    finishedAt,
    total: count,
    failed: count,
    ...change,
  });
  await of.db.execute(
    sql`insert into deliveries (bot_id, campaign_id, seq, chat_id, state, reason)
        select ${of.botId}::bigint, ${id}::bigint, i, i, 'failed', 'other' from generate_series(1, ${count}::int) i`,
  );
  return id;
}

/** How many deliveries a campaign has left. */
async function left(id: number, { db, botId }: Scope = scope): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(deliveries)
    .where(and(eq(deliveries.botId, botId), eq(deliveries.campaignId, id)));
  return row?.count ?? 0;
}

/** So many people voted. */
async function voted(id: number, count: number, { db, botId }: Scope = scope): Promise<void> {
  await db.execute(
    sql`insert into votes (bot_id, campaign_id, user_id, choice)
        select ${botId}::bigint, ${id}::bigint, i, '👍' from generate_series(1, ${count}::int) i`,
  );
  await db.insert(taps).values({ botId, campaignId: id, button: "👍", what: "vote", count });
}

/** How many votes of a campaign are left, and how many it shows. */
async function votesOf(id: number, of: Scope = scope): Promise<[left: number, shown: number | undefined]> {
  const left = await of.db.$count(votes, and(eq(votes.botId, of.botId), eq(votes.campaignId, id)));
  return [left, (await listTaps(of, id)).votes.get("👍")];
}

/** So many polls of a campaign were voted in, in each by two people. */
async function polled(id: number, count: number, { db, botId }: Scope = scope): Promise<void> {
  await db.execute(
    sql`insert into polls (bot_id, poll_id, campaign_id)
        select ${botId}::bigint, ${id}::text || '.' || i, ${id}::bigint from generate_series(1, ${count}::int) i`,
  );
  await db.execute(
    sql`insert into poll_answers (bot_id, campaign_id, poll_id, voter_id, name, choices)
        select bot_id, campaign_id, poll_id, voter, '', '{0}' from polls, unnest(array[-1, 1]) voter
        where bot_id = ${botId} and campaign_id = ${id}`,
  );
  await db.insert(pollTotals).values({ botId, campaignId: id, what: "voters", count });
}

/** How many polls and answers of a campaign are left, and what it shows. */
async function pollsOf(id: number, of: Scope = scope): Promise<number[]> {
  const left = (table: typeof polls | typeof pollAnswers) =>
    of.db.$count(table, and(eq(table.botId, of.botId), eq(table.campaignId, id)));
  const [total] = await listPollTotals(of, id);
  return [await left(polls), await left(pollAnswers), total?.count ?? 0];
}

const droppedTo = async (id: number) => (await getCampaign(scope, id)).droppedTo;

describe("what is deleted", () => {
  test("the deliveries of a campaign that ended long ago; its totals stay", async () => {
    const id = await ended(5, 200);
    const before = await countersOf(scope, id);
    const { sweep, logged } = retention();
    await sweep();
    expect(await left(id)).toBe(0);
    expect(await countersOf(scope, id)).toEqual(before);
    expect(await getCampaign(scope, id)).toMatchObject({
      state: "finished",
      detailsDroppedAt: NOW,
      droppedTo: 5,
    });
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { campaign: id, deliveries: 5 },
    ]);
  });

  test("on the day, not a second before it", async () => {
    const day = await ended(2, DAYS);
    const second = await ended(2, DAYS - 1 / 86_400);
    await retention().sweep();
    expect(await left(day)).toBe(0);
    expect(await left(second)).toBe(2);
    expect(await getCampaign(scope, second)).toMatchObject({ detailsDroppedAt: null, droppedTo: 0 });
  });

  test.each(["finished", "cancelled", "expired"] as const)("of one that is %s", async (state) => {
    const id = await ended(3, 91, { state });
    await retention().sweep();
    expect(await left(id)).toBe(0);
  });

  test.each(["running", "paused", "scheduled", "draft"] as const)(
    "never of one that is %s",
    async (state) => {
      // An end from before a retry would not count either.
      const id = await ended(3, 500, { state });
      await retention().sweep();
      expect(await left(id)).toBe(3);
      expect((await getCampaign(scope, id)).detailsDroppedAt).toBeNull();
    },
  );

  test("never of another bot, under the same number", async () => {
    const id = await ended(3, 91);
    const theirs = await ended(3, 91, { id }, other);
    await retention().sweep();
    expect([await left(id), await left(theirs, other)]).toEqual([0, 3]);
  });

  test("nothing with 0 days, and nothing without the lease", async () => {
    const id = await ended(3, 10_000);
    await retention({ days: 0 }).sweep();
    await retention({ held: () => false }).sweep();
    expect(await left(id)).toBe(3);
    expect((await getCampaign(scope, id)).detailsDroppedAt).toBeNull();
  });

  test("who voted for what; the counts stay", async () => {
    const [old, young] = [await ended(3, 91), await ended(3, 89)];
    const theirs = await ended(3, 91, { id: old }, other);
    for (const id of [old, young]) await voted(id, 2);
    await voted(theirs, 2, other);
    const { sweep, logged } = retention();
    await sweep();
    expect(await votesOf(old)).toEqual([0, 2]);
    expect(await votesOf(young)).toEqual([2, 2]);
    expect(await votesOf(theirs, other)).toEqual([2, 2]);
    expect(logged.filter((line) => line.includes("votes"))).toHaveLength(1);
  });

  test("who answered what in polls, however many; what they add up to stays", async () => {
    const [old, young] = [await ended(3, 91), await ended(3, 89)];
    await polled(old, 4_500);
    await polled(young, 2);
    await retention().sweep();
    expect(await pollsOf(old)).toEqual([0, 0, 4_500]);
    expect(await pollsOf(young)).toEqual([2, 4, 2]);
    // Voting is over: Telegram still tells of it, but whose poll that was is no longer known.
    const voters = { judged: 0, right: 0, options: [], voters: 7 };
    const { known } = await countVotes(scope, [{ pollId: `${old}.1`, tally: voters, answers: [] }]);
    expect(known.size).toBe(0);
    expect(await pollsOf(old)).toEqual([0, 0, 4_500]);
  });

  test("a vote that came in while its campaign was being deleted, an hour later", async () => {
    const id = await ended(3, 91);
    await retention().sweep();
    await voted(id, 1);
    await retention({ days: 0 }).sweep();
    expect(await votesOf(id)).toEqual([1, 1]);
    await retention().sweep();
    expect(await votesOf(id)).toEqual([0, 1]);
  });

  test("a campaign without deliveries is not marked", async () => {
    const id = await ended(0, 91);
    await retention().sweep();
    expect((await getCampaign(scope, id)).detailsDroppedAt).toBeNull();
  });
});

/** A retention that starts at `from` and lives for so many minutes. */
async function lives(from: string, minutes: number, stopped = false): Promise<void> {
  const clock = manualClock(from);
  const parts = createRetention({
    scope,
    clock,
    log: createLog("silent"),
    lease: { held: () => true },
    days: DAYS,
  });
  made.push(parts);
  await parts.start();
  if (stopped) await parts.stop();
  await clock.advance(minutes * 60_000);
}

test("it runs by itself once an hour, until it is stopped", async () => {
  const id = await ended(3, 91);
  await lives("2026-03-02T12:24:00Z", 58);
  await lives("2026-03-02T12:24:00Z", 61, true);
  await systemClock.sleep(100);
  expect(await left(id)).toBe(3);
  await lives("2026-03-02T12:24:00Z", 60);
  await until(async () => (await left(id)) === 0);
});

describe("batches", () => {
  test("are small, in order, and leave the database nine tenths of the time", async () => {
    const id = await ended(4_500, 91);
    const { sweep, waits } = retention();
    await sweep();
    expect(await left(id)).toBe(0);
    expect(waits).toHaveLength(3);
    for (const ms of waits) expect(ms).toBeGreaterThanOrEqual(50);
  });

  test("cut short anywhere, are continued by the next run; nobody can be retried meanwhile", async () => {
    const id = await ended(4_500, 91);
    await seedPeople(scope, range(1, 4_500));
    let looks = 0;
    // Before the campaign, before its first batch, and no more before the second.
    await retention({ held: () => (looks += 1) <= 3 }).sweep();
    expect([await left(id), await droppedTo(id)]).toEqual([2_500, 2_000]);
    await expect(retry(scope, ADMIN, id, "failed")).rejects.toMatchObject({ code: "details-gone" });
    expect(await left(id)).toBe(2_500);
    const later = retention();
    await later.sweep();
    expect([await left(id), await droppedTo(id)]).toEqual([0, 4_500]);
    // The day that the first run came is the day until which they were kept.
    expect((await getCampaign(scope, id)).detailsDroppedAt).toEqual(NOW);
    expect(later.waits).toHaveLength(2);
  });

  test("of votes are just as small, and end with the lease", async () => {
    const id = await ended(0, 91, { detailsDroppedAt: NOW });
    await voted(id, 4_500);
    let looks = 0;
    // Before the campaigns, before their votes, before the first batch, and no more before the second.
    await retention({ held: () => (looks += 1) <= 3 }).sweep();
    expect(await votesOf(id)).toEqual([2_500, 4_500]);
    const { sweep, waits } = retention();
    await Promise.all([sweep(), retention().sweep()]);
    expect(await votesOf(id)).toEqual([0, 4_500]);
    expect(waits.length).toBeLessThanOrEqual(2);
    for (const ms of waits) expect(ms).toBeGreaterThanOrEqual(50);
  });

  test("of two processes at once delete everything once, and neither fails", async () => {
    const ids = [await ended(4_500, 92), await ended(2_500, 91)];
    await Promise.all([retention().sweep(), retention().sweep()]);
    await retention().sweep();
    for (const id of ids) expect(await left(id)).toBe(0);
  });

  test("what is already deleted is not read again", async () => {
    await ended(10, 91);
    await retention().sweep();
    const { sweep, waits, logged } = retention();
    await sweep();
    expect([waits, logged]).toEqual([[], []]);
  });

  test("stop waits for the batch under way, and no other follows", async () => {
    const id = await ended(6_000, 91);
    const { sweep, stop } = retention();
    const sweeping = sweep();
    await stop();
    const kept = await left(id);
    expect(await droppedTo(id)).toBe(6_000 - kept);
    await sweeping;
    expect(await left(id)).toBe(kept);
    expect(kept).toBeGreaterThan(0);
  });
});

describe("beside a retry", () => {
  test("one of the two is first: all deliveries can be sent again, or none is left", async () => {
    await seedPeople(scope, range(1, 5));
    const ids: number[] = [];
    for (const _ of range(1, 30)) ids.push(await ended(5, 91));
    const outcomes = ids.map((id) => retry(scope, ADMIN, id, "failed").catch((error: unknown) => error));
    await Promise.all([retention().sweep(), ...outcomes]);
    await retention().sweep();
    for (const id of ids) {
      const { state, detailsDroppedAt } = await getCampaign(scope, id);
      const sendable = (await claimAll(scope, id)).length;
      expect([
        ["running", null, 5, 5],
        ["finished", NOW, 0, 0],
      ]).toContainEqual([state, detailsDroppedAt, sendable, await left(id)]);
    }
  });

  test("that is not committed yet, deleting waits and then deletes nothing", async () => {
    await seedPeople(scope, range(1, 5));
    const id = await ended(5, 91);
    let sweeping: Promise<void> | undefined;
    await inTransaction(scope, async (tx) => {
      await retry(tx, ADMIN, id, "failed");
      sweeping = retention().sweep();
      await systemClock.sleep(100);
    });
    await sweeping;
    expect(await getCampaign(scope, id)).toMatchObject({ state: "running", detailsDroppedAt: null });
    expect(await claimAll(scope, id)).toHaveLength(5);
  });

  test("a campaign that was retried is as young as its new end", async () => {
    await seedPeople(scope, range(1, 5));
    const id = await ended(5, 91);
    await retry(scope, ADMIN, id, "failed");
    await scope.db.update(campaigns).set({ state: "finished", finishedAt: NOW });
    await retention().sweep();
    expect(await left(id)).toBe(5);
  });
});
