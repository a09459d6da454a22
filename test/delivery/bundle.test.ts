import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { startTelegram } from "../../playground/telegram.ts";
import { listBundle } from "../../src/campaign/bundle.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { startDue } from "../../src/campaign/engine-moves.ts";
import { type Scope, scopeOf } from "../../src/db/scope.ts";
import { recipients, senders } from "../../src/db/schema.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { until } from "../support/broadcast.ts";
import { confirmedBundle, deliveriesOfBundle, seedOverlapping, takenBy } from "../support/bundle.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { engine } from "../support/engine.ts";
import { atEnd } from "../support/herald.ts";
import { type DatabaseFault, createLife } from "../support/life.ts";
import { emptied, range } from "../support/seed.ts";

/* A post to the people of three bots, each person once, and what it meets on its way. */

const SHOP = BOT_ID + 1;
const NEWS = BOT_ID + 2;
const ALL = [SHOP, BOT_ID, NEWS];
const PEOPLE = range(100_000, 100_017);

let home: Scope;
const of = (botId: number) => scopeOf(home, { botId });
beforeAll(async () => {
  home = await freshScope();
});

/** Three bots with the same people, most of whom have two or three of them. Returns whom each reaches. */
async function settled(): Promise<number[][]> {
  await emptied(home);
  await home.db.insert(senders).values([SHOP, NEWS].map((botId) => ({ botId, homeId: BOT_ID })));
  return seedOverlapping(home, ALL, PEOPLE);
}

/** One copy for each. */
const once = (people: number[]) => people.map((id) => [id, 1]);

async function blocks(chatId: number, botId?: number): Promise<void> {
  const ofBot = botId === undefined ? undefined : eq(recipients.botId, botId);
  await home.db
    .update(recipients)
    .set({ status: "blocked" })
    .where(and(eq(recipients.chatId, chatId), ofBot));
}

async function started(text: string): Promise<Campaign[]> {
  const bundle = await confirmedBundle(home, ALL, text);
  for (const { botId, id } of bundle) await startDue(of(botId), id, new Date());
  return bundle;
}

describe("a process that dies while it freezes", () => {
  /** What happens at a statement. A fault is one of the database; the process sees it and tries again. */
  const EVENTS = ["dies", "refuses", "forgets"] as const satisfies readonly ("dies" | DatabaseFault)[];

  /**
   * Freezes for all three bots at the same time, in chunks, until all is frozen or the life ends. Returns whether the
   * `nth` statement came.
   */
  async function freezes(bundle: Campaign[], event: (typeof EVENTS)[number], nth: number): Promise<boolean> {
    let statements = 0;
    const life = createLife({
      onStatement() {
        statements += 1;
        if (statements !== nth) return;
        if (event === "dies") life.die();
        else life.strike(event, 1);
      },
    });
    const freeze = async ({ botId, id }: Campaign) => {
      const scope = { ...of(botId), db: life.database(home.db) };
      for (let complete = false; !complete;)
        complete = await freezeChunk(scope, id, 4).catch((error: unknown) => {
          if ((error as { code?: unknown }).code !== "CONNECTION_CLOSED") throw error;
          return false;
        });
    };
    await Promise.race([life.ended, Promise.all(bundle.map(freeze))]);
    return statements >= nth;
  }

  test.each(EVENTS)(
    "at whichever statement it %s, everybody who is reachable is frozen for one bot, once",
    async (event) => {
      await settled();
      const [left = 0, elsewhere = 0] = PEOPLE;
      await blocks(left);
      await blocks(elsewhere, SHOP);
      for (let nth = 1; ; nth += 1) {
        const bundle = await started(`Post ${nth}`);
        const came = await freezes(bundle, event, nth);
        // Another process takes over.
        await freezes(bundle, "dies", Infinity);
        const rows = await deliveriesOfBundle(home, bundle);
        const people = rows.map(({ chatId }) => chatId).toSorted((a, b) => a - b);
        expect(people, `statement ${nth}`).toEqual(PEOPLE.slice(1));
        expect(await takenBy(home, bundle)).toEqual(people);
        for (const { id, total, frozenAt } of await listBundle(home, bundle[0]?.bundleId ?? 0)) {
          const seqs = rows.filter(({ campaignId }) => campaignId === id).map(({ seq }) => seq);
          expect(seqs).toEqual(range(1, total));
          expect(frozenAt).not.toBeNull();
        }
        if (came) continue;
        expect(nth).toBeGreaterThan(20);
        break;
      }
    },
    60_000,
  );
});

test("a bot whose engine never comes is waited for 15 s; the next ones then keep their order, and it gets the rest", async () => {
  const telegram = await startTelegram({ limits: "none" });
  atEnd(() => telegram.stop());
  const [ofShop = [], ofHome = [], ofNews = []] = await settled();
  for (const botId of ALL) telegram.bot(`${botId}:TEST-token`);
  telegram.people(PEOPLE.length, { firstId: PEOPLE[0] ?? 0 });
  // Nearly stands still; only the test moves it.
  const clock = movableClock(0.001);
  let looks = 0;
  const watched = {
    ...clock,
    sleep(ms: number, signal?: AbortSignal) {
      if (ms === 200) looks += 1;
      return clock.sleep(ms, signal);
    },
  };
  const bundle = await confirmedBundle(home, ALL, "Autumn menu");
  const [shop, own, news] = bundle as [Campaign, Campaign, Campaign];
  const runs = async ({ botId, id }: Campaign) => {
    await startDue(of(botId), id, new Date());
    const made = await engine(of(botId), telegram, { clock: watched, token: `${botId}:TEST-token` });
    made.dispatcher.poke();
  };
  const ends = (campaign: Campaign) =>
    until(async () => {
      clock.advance(200);
      return (await listBundle(home, shop.id)).some(
        ({ id, state }) => id === campaign.id && state === "finished",
      );
    });
  const got = (botId: number) =>
    [...telegram.counts(({ text, from }) => text === "Autumn menu" && from?.id === botId)].toSorted(
      ([a], [b]) => a - b,
    );

  /** Lets time pass, and those that wait look again. */
  const passes = async (ms: number, waiting: number) => {
    const before = looks;
    clock.advance(ms);
    await until(() => looks >= before + waiting);
  };
  await runs(news);
  await until(() => looks === 1);
  await passes(5_000, 1);
  // It waits for less long than the last one, whose patience with the first ends before.
  await runs(own);
  await until(() => looks === 3);
  await passes(14_500, 2);
  expect(await takenBy(home, bundle)).toEqual([]);
  await ends(own);
  await ends(news);
  expect(got(BOT_ID)).toEqual(once(ofHome));
  expect(got(NEWS)).toEqual(once(ofNews.filter((id) => !ofHome.includes(id))));
  expect(got(SHOP)).toEqual([]);

  await runs(shop);
  await ends(shop);
  expect(got(SHOP)).toEqual(once(ofShop.filter((id) => !ofHome.includes(id) && !ofNews.includes(id))));
  expect((await takenBy(home, bundle)).toSorted((a, b) => a - b)).toEqual(PEOPLE);
}, 60_000);
