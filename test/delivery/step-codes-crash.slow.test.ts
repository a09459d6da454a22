import { asc, eq, gte, isNotNull, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { addCodesTo } from "../../src/campaign/actions/change-codes.ts";
import { homeScope } from "../../src/db/scope.ts";
import { campaigns, codes, recipients } from "../../src/db/schema.ts";
import { deliveryStates, ownerOf, register, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { OWNER_ID, localTelegram } from "../support/herald.ts";
import { ageStep } from "../support/newcomers.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { range, ownerActor } from "../support/seed.ts";
import { en } from "../support/words.ts";

const CODE = /^Your code: (?<code>SPRING-[\dA-Z]{6})$/;

test(
  "2,000 newcomers of a step with codes, killed four times, codes running out: no code goes to two people, and nobody is lost",
  { timeout: 300_000 },
  async () => {
    const COUNT = 2_000;
    const telegram = await localTelegram({ limits: "none" });
    telegram.latency = 5;
    const owner = ownerOf(telegram);
    const people = telegram.people(COUNT, { firstId: 100_000 });
    const database = await freshLocation();
    await register(
      database,
      people.map(({ id }) => id),
    );
    const variables = { ...environment(telegram, database), MESSAGES_PER_SECOND: "300" };
    let herald = spawnHerald(variables);
    await isUp(herald);
    await owner.sends("/newcomers add 1 hour");
    await owner.sees(en.like("newcomers-ask-post"));
    await owner.sends("Your code: {code}");
    await owner.sees(en("check-no-codes"));
    const adds = (count: number) =>
      within(database, ({ db }) =>
        addCodesTo(homeScope(db, BOT_ID), ownerActor(OWNER_ID), 1, { pattern: "SPRING-######", count }),
      );
    await adds(COUNT / 2);
    await owner.sends("/codes 1");
    await owner.sees(en("codes-count", { all: COUNT / 2, free: COUNT / 2 }));
    await owner.taps(en("button-to-review"));
    await owner.taps(en("newcomers-use"));
    await owner.sees(en.like("newcomers-added"));
    await herald.kill9();
    await ageStep(database, 1, 12);
    const joinedAt = sql`now() - interval '2 hours' - (${recipients.chatId} % 1000) * interval '1 s'`;
    await within(database, ({ db }) =>
      db.update(recipients).set({ joinedAt, createdAt: joinedAt }).where(gte(recipients.chatId, 100_000)),
    );
    const got = () =>
      people.flatMap(({ id }) =>
        telegram.messages(id).flatMap(({ text = "" }) => {
          const code = CODE.exec(text)?.groups?.["code"];
          return code === undefined ? [] : [[id, code] as const];
        }),
      );
    const stateOfStep = () =>
      within(database, async ({ db }) => {
        const [row] = await db.select().from(campaigns).where(eq(campaigns.id, 1));
        return row;
      });
    herald = spawnHerald(variables);
    await isUp(herald);
    for (let kill = 1; kill <= 2; kill += 1) {
      await until(() => got().length >= kill * 400, 60_000);
      await herald.kill9();
      herald = spawnHerald(variables);
      await isUp(herald);
    }
    await until(async () => (await stateOfStep())?.pauseReason === "codes", 150_000);
    expect(Number((await stateOfStep())?.pauseDetail)).toBe(COUNT / 2);
    await adds(COUNT);
    await owner.sends("/resume 1");
    for (let kill = 3; kill <= 4; kill += 1) {
      await until(() => got().length >= kill * 400, 90_000);
      await herald.kill9();
      herald = spawnHerald(variables);
      await isUp(herald);
    }
    await until(async () => {
      const { sent = 0, uncertain = 0 } = await deliveryStates(database);
      return sent + uncertain === COUNT;
    }, 90_000);
    herald.signal("SIGTERM");
    expect(await herald.exited).toBe(0);
    const copies = got();
    const ofPerson = new Map(copies);
    // What a kill left uncertain may have arrived, or not; it never goes twice.
    const { uncertain = 0 } = await deliveryStates(database);
    expect(copies.length).toBe(ofPerson.size);
    expect(ofPerson.size).toBeGreaterThanOrEqual(COUNT - uncertain);
    expect(new Set(ofPerson.values()).size).toBe(ofPerson.size);
    const given = await within(database, ({ db }) =>
      db
        .select({ userId: codes.userId, code: codes.code })
        .from(codes)
        .where(isNotNull(codes.userId))
        .orderBy(asc(codes.userId)),
    );
    expect(given.map(({ userId }) => userId)).toEqual(range(100_000, 100_000 + COUNT - 1));
    const owned = new Map(given.map(({ userId, code }) => [userId, code]));
    expect(copies.filter(([id, code]) => owned.get(id) !== code)).toEqual([]);
  },
);
