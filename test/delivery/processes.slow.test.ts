import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { Telegram } from "../../playground/telegram.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { senders } from "../../src/db/schema.ts";
import { contradictionsIn } from "../support/books.ts";
import { broadcasts, cardOf, until, within } from "../support/broadcast.ts";
import { numbersOn } from "../support/counts.ts";
import { BOT_ID } from "../support/database.ts";
import { gateTo } from "../support/gate.ts";
import { type Child, environment, isUp, spawnHerald } from "../support/process.ts";
import { type Relay, type Relayed, relay } from "../support/relay.ts";
import { copiesAmongPeople, stage, standsAside } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const POST = "One of several sends this.";
const PEOPLE = 400;
const RATE = 40;

/** A process and what it said to Telegram. */
interface Process {
  child: Child;
  route: Relay;
}

async function process(telegram: Telegram, database: DatabaseLocation): Promise<Process> {
  const route = await relay(telegram);
  const child = spawnHerald({
    ...environment(telegram, database),
    TELEGRAM_API_ROOT: route.apiRoot,
    MESSAGES_PER_SECOND: String(RATE),
  });
  return { child, route };
}

const isPost = ({ method, body }: Relayed) =>
  method === "sendMessage" && body.includes(POST) && /"chat_id":"?100\d{3}\b/.test(body);
const postsOf = ({ route }: Process) => route.calls.filter(isPost);

/** When the lease of the process that is cut off ends, by the database. */
async function leaseEnd(database: DatabaseLocation): Promise<number> {
  const [row] = await within(database, ({ db }) =>
    db.select({ until: senders.leaseUntil }).from(senders).where(eq(senders.botId, BOT_ID)),
  );
  return row?.until?.getTime() ?? 0;
}

describe("several processes on one PostgreSQL", () => {
  test(
    "the holder of three killed in the middle: one stand-by continues within 15 s and answers, and nobody gets it twice",
    { timeout: 180_000 },
    async () => {
      const { telegram, owner, database, people } = await stage(PEOPLE);
      const first = await process(telegram, database);
      await isUp(first.child);
      const others = [await process(telegram, database), await process(telegram, database)];
      await until(() => others.every(({ child }) => child.output().includes("standing by")), 20_000);
      await standsAside(owner);
      await broadcasts(owner, POST);
      await until(() => copiesAmongPeople(telegram, POST).length >= 100);
      await first.child.kill9();
      const killed = Date.now();
      await until(() => others.some((other) => postsOf(other).length > 0), 20_000);
      const [second, third] = others.toSorted((a, b) => postsOf(b).length - postsOf(a).length);
      if (!second || !third) throw new Error("there are two");
      expect((postsOf(second)[0]?.at ?? Infinity) - killed).toBeLessThan(15_000);

      await owner.sends("/campaigns");
      await owner.sees(en("campaigns-title", { tab: en("tab-running") }));
      expect(
        second.route.calls.some(({ body }) =>
          body.includes(en("campaigns-title", { tab: en("tab-running") })),
        ),
      ).toBe(true);
      await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 30_000);
      expect(third.route.calls.filter(({ method }) => method !== "getMe")).toEqual([]);

      const numbers = numbersOn(cardOf(owner)?.text ?? "");
      expect(numbers).toMatchObject({ total: PEOPLE, failed: 0, left: 0 });
      expect(numbers?.uncertain).toBeLessThanOrEqual(RATE / 5);
      for (const { child } of others) {
        child.signal("SIGTERM");
        expect(await child.exited).toBe(0);
      }
      expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    },
  );

  test.each([
    ["its connections break", "close", "reopen"],
    ["its packets are swallowed and arrive late", "swallow", "release"],
  ] as const)(
    "the holder cut off from the database: %s; it stops before its lease can be taken, and never sends at the same time as the next holder",
    { timeout: 90_000 },
    async (_title, cut, mend) => {
      const { telegram, owner, database, people } = await stage(PEOPLE);
      const { door, behind } = await gateTo(database);
      const old = await process(telegram, behind);
      await isUp(old.child);
      const young = await process(telegram, database);
      await until(() => young.child.output().includes("standing by"), 20_000);
      await standsAside(owner);
      await broadcasts(owner, POST);
      await until(() => copiesAmongPeople(telegram, POST).length >= 60);

      await door[cut]();
      const end = await leaseEnd(database);
      await until(() => postsOf(young).length > 0, 30_000);
      const takenOver = postsOf(young)[0]?.at ?? 0;
      const last = postsOf(old).at(-1)?.at ?? Infinity;
      expect(last).toBeLessThan(end);
      expect(last).toBeLessThan(takenOver);

      await door[mend]();
      // It learns of the other from the database or from Telegram, and ends, so that a supervisor may start it anew.
      expect(await old.child.exited).toBe(1);
      expect(old.child.output()).toMatch(/took over|Another program polls/);
      await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 30_000);
      expect(postsOf(old).at(-1)?.at).toBe(last);

      const numbers = numbersOn(cardOf(owner)?.text ?? "");
      expect(numbers).toMatchObject({ total: PEOPLE, failed: 0, left: 0 });
      expect(numbers?.uncertain).toBeLessThanOrEqual(RATE / 5);
      young.child.signal("SIGTERM");
      expect(await young.child.exited).toBe(0);
      expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
    },
  );
});
