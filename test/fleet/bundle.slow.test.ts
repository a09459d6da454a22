import { expect, test } from "vitest";
import { listBundle } from "../../src/campaign/bundle.ts";
import { homeScope } from "../../src/db/scope.ts";
import { homes, senders } from "../../src/db/schema.ts";
import { until, within } from "../support/broadcast.ts";
import { confirmedBundle, deliveriesOfBundle, seedOverlapping, takenBy } from "../support/bundle.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { sendersOf } from "../support/fleet.ts";
import { localTelegram } from "../support/herald.ts";
import { type Child, environment, isUp, spawnHerald } from "../support/process.ts";
import { range } from "../support/seed.ts";

const PEOPLE = range(100_000, 101_799);
const RATE = 50;
const POST = "Autumn menu";

test(
  "one of two processes is killed while it freezes a post to the people of three bots, the other while it sends, and a third one finishes: nobody gets it twice over all bots, and nobody is left out",
  { timeout: 180_000 },
  async () => {
    const telegram = await localTelegram({ limits: "none" });
    const location = await freshLocation();
    const bots = sendersOf(telegram, 3, 0);
    const ids = bots.map(({ botId }) => botId);
    telegram.people(PEOPLE.length, { firstId: PEOPLE[0] ?? 0 });
    await within(location, async ({ db }) => {
      await db.insert(homes).values({ homeId: BOT_ID });
      await db.insert(senders).values([BOT_ID, ...ids].map((botId) => ({ botId, homeId: BOT_ID })));
      await seedOverlapping(homeScope(db, BOT_ID), ids, PEOPLE);
    });
    const start = (): Child =>
      spawnHerald(
        {
          ...environment(telegram, location),
          EXTRA_BOT_TOKENS: bots.map(({ token }) => token).join(","),
          MESSAGES_PER_SECOND: String(RATE),
        },
        { sabotaged: true },
      );
    const heldBy = (child: Child) =>
      within(location, async ({ db }) => {
        const rows = await db.select().from(senders);
        return rows.filter(
          ({ botId, leaseHolder }) =>
            botId !== BOT_ID && leaseHolder?.startsWith(`herald ${child.pid} `) === true,
        ).length;
      });
    const copies = () => telegram.counts(({ text }) => text === POST);

    const first = start();
    await isUp(first);
    const second = start();
    await until(async () => (await heldBy(first)) >= 1 && (await heldBy(second)) >= 1, 30_000);
    // In the middle of a transaction that has taken people.
    await first.sabotage({ die: "after", statement: "insert into bundle_people" });
    const bundle = await within(location, ({ db }) => confirmedBundle(homeScope(db, BOT_ID), ids, POST));
    await first.exited;
    await until(async () => (await heldBy(second)) === 3, 30_000);
    await until(() => copies().size >= 300, 30_000);
    await second.kill9();
    expect(copies().size).toBeLessThan(PEOPLE.length);
    const third = start();

    const states = () =>
      within(location, async ({ db }) =>
        (await listBundle(homeScope(db, BOT_ID), bundle[0]?.bundleId ?? 0)).map(({ state }) => state),
      );
    await until(async () => (await states()).every((state) => state === "finished"), 90_000);
    expect(Math.max(...copies().values())).toBe(1);
    const [rows, taken] = await within(location, async ({ db }) => {
      const home = homeScope(db, BOT_ID);
      return [await deliveriesOfBundle(home, bundle), await takenBy(home, bundle)] as const;
    });
    expect(rows.map(({ chatId }) => chatId).toSorted((a, b) => a - b)).toEqual(PEOPLE);
    expect(taken).toEqual(PEOPLE);
    // What was in flight when a process died may have arrived; it is listed, and not sent again.
    const unsure = rows.filter(({ state }) => state !== "sent");
    expect(unsure.every(({ state }) => state === "uncertain")).toBe(true);
    expect(unsure.length).toBeLessThanOrEqual(3 * RATE);
    const sent = rows.filter(({ state }) => state === "sent");
    expect(sent.filter(({ chatId }) => copies().get(chatId) !== 1)).toEqual([]);
    third.signal("SIGTERM");
    expect(await third.exited).toBe(0);
  },
);
