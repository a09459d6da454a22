import { asc, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { addCodesTo } from "../../src/campaign/actions/change-codes.ts";
import { homeScope } from "../../src/db/scope.ts";
import { codes, deliveries } from "../../src/db/schema.ts";
import { cardOf, composes, deliveryStates, ownerOf, register, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { OWNER_ID, localTelegram } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { range, ownerActor } from "../support/seed.ts";
import { en, inState } from "../support/words.ts";

const PEOPLE = 10_000;
const CODE = /^Your code: (?<code>SPRING-[\dA-Z]{6})$/;

test(
  "10,000 people, 10,000 codes, killed five times, retried: no code goes to two people, and nobody has two",
  { timeout: 300_000 },
  async () => {
    const telegram = await localTelegram({ limits: "none" });
    telegram.latency = 5;
    const owner = ownerOf(telegram);
    const people = telegram.people(PEOPLE, { firstId: 100_000 });
    const database = await freshLocation();
    await register(
      database,
      people.map(({ id }) => id),
    );
    const variables = { ...environment(telegram, database), MESSAGES_PER_SECOND: "600" };
    const logs: string[] = [];
    let herald = spawnHerald(variables);
    await isUp(herald);
    await owner.sends("/stop");
    await owner.sees(en("stop-done"));
    await composes(owner, "Your code: {code}");
    await owner.sees(en("check-no-codes"));
    await within(database, ({ db }) =>
      addCodesTo(homeScope(db, BOT_ID), ownerActor(OWNER_ID), 1, { pattern: "SPRING-######", count: PEOPLE }),
    );
    await owner.sends("/codes 1");
    await owner.sees(en("codes-count", { all: PEOPLE, free: PEOPLE }));
    await owner.taps(en("button-to-review"));
    await owner.taps(en("button-send-now"));
    await owner.taps(en.opens("button-yes-send"));

    /** What each person got, in every copy. */
    const got = () =>
      people.flatMap(({ id }) =>
        telegram.messages(id).flatMap(({ text = "" }) => {
          const code = CODE.exec(text)?.groups?.["code"];
          return code === undefined ? [] : [[id, code] as const];
        }),
      );
    for (let kill = 1; kill <= 5; kill += 1) {
      await until(() => got().length >= kill * 1_500, 60_000);
      await herald.kill9();
      logs.push(herald.output());
      herald = spawnHerald(variables);
      await isUp(herald);
    }
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 90_000);
    // What is uncertain is sent again on request, with the same code.
    const uncertain = await within(database, ({ db }) =>
      db.select({ seq: deliveries.seq }).from(deliveries).where(eq(deliveries.state, "uncertain")),
    );
    if (uncertain.length > 0) {
      await owner.taps(en("button-retry-uncertain"));
      await owner.taps(en.opens("button-yes-retry"));
      await until(async () => (await deliveryStates(database))["sent"] === PEOPLE, 60_000);
    }
    herald.signal("SIGTERM");
    expect(await herald.exited).toBe(0);

    expect(await deliveryStates(database)).toEqual({ sent: PEOPLE });
    const copies = got();
    const ofPerson = new Map(copies);
    expect(ofPerson.size).toBe(PEOPLE);
    // Every copy of a person has the same code, and every code belongs to one person.
    expect(copies.every(([id, code]) => ofPerson.get(id) === code)).toBe(true);
    expect(new Set(ofPerson.values()).size).toBe(PEOPLE);
    const given = await within(database, ({ db }) =>
      db.select({ userId: codes.userId, code: codes.code }).from(codes).orderBy(asc(codes.userId)),
    );
    expect(given.map(({ userId, code }) => [userId, code])).toEqual(
      range(100_000, 100_000 + PEOPLE - 1).map((id) => [id, ofPerson.get(id)]),
    );
    // The log names no code.
    expect([...logs, herald.output()].join("\n")).not.toMatch(/SPRING-/);
  },
);
