import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { homes, processes, senders } from "../../src/db/schema.ts";
import { type LeasePool, createLeasePool } from "../../src/delivery/upkeep/lease-pool.ts";
import { createLog } from "../../src/log.ts";
import { freshScope } from "../support/database.ts";
import { range } from "../support/seed.ts";

let home: Awaited<ReturnType<typeof freshScope>>;
beforeAll(async () => {
  home = await freshScope();
});

const BOTS = range(2_000_001, 2_000_010);

beforeEach(async () => {
  const { db, homeId } = home;
  await db.execute(sql`truncate senders, homes, processes`);
  await db.insert(homes).values({ homeId });
  await db.insert(senders).values([homeId, ...BOTS].map((botId) => ({ botId, homeId })));
});

function pool(holder: string, regained: number[] = [], exclusive = false): LeasePool {
  return createLeasePool({
    home,
    clock: systemClock,
    log: createLog("silent"),
    holder,
    exclusive,
    onRegained: (botId) => regained.push(botId),
  });
}

const sorted = (ids: Iterable<number>) => [...ids].toSorted((a, b) => a - b);
const heldBy = (one: LeasePool) => sorted(one.held.keys());

/** As after TTL_MS without a renewal. */
async function runsOut(holder: string): Promise<void> {
  const past = sql`now() - interval '1 second'`;
  await home.db.update(senders).set({ leaseUntil: past }).where(eq(senders.leaseHolder, holder));
  await home.db
    .update(processes)
    .set({ seenAt: sql`now() - interval '1 minute'` })
    .where(eq(processes.holder, holder));
}

describe("the leases of senders", () => {
  test("one process takes all, and not the home's", async () => {
    const a = pool("a");
    await a.renew(BOTS);
    expect(heldBy(a)).toEqual(BOTS);
    expect(a.surplus).toBe(0);
    expect(a.held.get(BOTS[0] ?? 0)?.held()).toBe(true);
  });

  test("a second process gets its share as the first gives back, and nobody holds the same", async () => {
    const [a, b] = [pool("a"), pool("b")];
    await a.renew(BOTS);
    await b.renew(BOTS);
    expect(heldBy(b)).toEqual([]);
    await a.renew(BOTS);
    expect(a.surplus).toBe(5);
    for (const botId of heldBy(a).slice(0, 5)) await a.giveBack(botId);
    await b.renew(BOTS);
    await a.renew(BOTS);
    expect(heldBy(b)).toHaveLength(5);
    expect(sorted([...heldBy(a), ...heldBy(b)])).toEqual(BOTS);
    expect([a.surplus, b.surplus]).toEqual([0, 0]);
  });

  test("each process knows what the others report of their senders, and which of them Telegram asked to wait", async () => {
    const [a, b] = [pool("a"), pool("b")];
    const [one = 0, two = 0, three = 0] = BOTS;
    const quiet = new Date(Date.now() + 60_000);
    const rate = { set: 28, now: 22.4, paid: "off" } as const;
    await home.db.update(senders).set({ quietUntil: quiet }).where(eq(senders.botId, one));
    await a.renew([one, two, three]);
    await a.renew([one, two, three], { senders: { [one]: { state: "failing", rate } } });
    await b.renew([one, two, three]);
    expect(a.elsewhere.get(one)).toBeUndefined();
    expect(b.elsewhere.get(one)).toEqual({
      holder: "a",
      report: { state: "failing", rate },
      quietUntil: quiet,
    });
    expect(b.elsewhere.get(two)).toEqual({ holder: "a", report: null, quietUntil: null });
    // What has not changed is not written again, and is still there.
    await a.renew([one, two, three], { senders: { [one]: { state: "failing", rate } } });
    await b.renew([one, two, three]);
    expect(b.elsewhere.get(one)?.report).toEqual({ state: "failing", rate });
    await a.renew([one, two, three], { senders: {} });
    await b.renew([one, two, three]);
    expect(b.elsewhere.get(one)?.report).toBeNull();
    // Of a process that has died, nothing is known.
    await runsOut("a");
    const watcher = pool("c");
    await watcher.renew([]);
    expect(watcher.elsewhere.get(two)).toEqual({ holder: null, report: null, quietUntil: null });
  });

  test("three processes that start together hold every sender once, and none more than a third and one", async () => {
    const pools = ["a", "b", "c"].map((holder) => pool(holder));
    await Promise.all(pools.map((one) => one.renew(BOTS)));
    for (let round = 0; round < 4; round += 1)
      for (const one of pools) {
        await one.renew(BOTS);
        for (const botId of heldBy(one).slice(0, one.surplus)) await one.giveBack(botId);
      }
    for (const one of pools) await one.renew(BOTS);
    const all = pools.flatMap(heldBy);
    expect(sorted(all)).toEqual(BOTS);
    for (const one of pools) expect(one.held.size).toBeLessThanOrEqual(4);
  });

  test("those of a dead process go to the one that is left", async () => {
    const [a, b] = [pool("a"), pool("b")];
    await a.renew(BOTS);
    await runsOut("a");
    await b.renew(BOTS);
    expect(heldBy(b)).toEqual(BOTS);
    await a.renew(BOTS);
    expect(heldBy(a)).toEqual([]);
  });

  test("one that leaves gives all back at once", async () => {
    const [a, b] = [pool("a"), pool("b")];
    await a.renew(BOTS);
    await b.renew(BOTS);
    await a.leave();
    expect(heldBy(a)).toEqual([]);
    await b.renew(BOTS);
    expect(heldBy(b)).toEqual(BOTS);
  });

  test("a sender whose row is locked does not hold up the renewal of the others, and is renewed afterwards", async () => {
    const [a] = [pool("a")];
    await a.renew(BOTS);
    const [locked = 0] = BOTS;
    await home.db.transaction(async (tx) => {
      await tx.select().from(senders).where(eq(senders.botId, locked)).for("update");
      await a.renew(BOTS);
      expect(heldBy(a)).toEqual(BOTS);
    });
    await a.renew(BOTS);
    const [row] = await home.db.select().from(senders).where(eq(senders.botId, locked));
    expect(row?.leaseUntil?.getTime()).toBeGreaterThan(Date.now() + 8_000);
  });

  test("a sender that is removed is no longer held", async () => {
    const a = pool("a");
    await a.renew(BOTS);
    const [gone = 0, ...others] = BOTS;
    await home.db.delete(senders).where(eq(senders.botId, gone));
    await a.renew(others);
    expect(heldBy(a)).toEqual(others);
  });

  test("on a database of its own a process holds all of them, without asking it", async () => {
    const a = pool("a", [], true);
    await a.renew(BOTS);
    expect(heldBy(a)).toEqual(BOTS);
    const rows = await home.db.select().from(processes);
    expect(rows).toEqual([]);
  });
});
