import { eq, inArray, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { campaigns, recipients } from "../../src/db/schema.ts";
import { until, within } from "../support/broadcast.ts";
import { running } from "../support/herald.ts";
import { ageStep } from "../support/newcomers.ts";
import { scene } from "../support/scene.ts";
import { en } from "../support/words.ts";

const HOURS = 2;

test("a series is composed step by step, reaches who joins from then on, and each step can be changed", async () => {
  const { telegram, owner, database, herald, people } = await scene(1);
  await owner.sends("/newcomers");
  await owner.sees(en("newcomers-empty"));
  await owner.taps(en("newcomers-add"));
  await owner.sees(en("newcomers-ask-when"));
  await owner.sends("soon");
  await owner.sees(en("newcomers-when-unknown", { text: "soon" }));
  await owner.sends(`${HOURS} hours`);
  const when = en("newcomers-after-hours", { count: HOURS });
  await owner.sees(en("newcomers-ask-post", { when }));
  await owner.sends("Nice to meet you, {first_name}!");
  await owner.sees(en("newcomers-review", { when }));
  await owner.taps(en("newcomers-use"));
  await owner.sees(en("newcomers-added", { id: "1", when }));
  await owner.sends("/newcomers add 3 days at 10:00 source:promo");
  const later = `${en("newcomers-after-days", { count: 3, time: "10:00" })} · ${en("newcomers-from", { source: "promo" })}`;
  await owner.sees(en("newcomers-ask-post", { when: later }));
  await owner.sends("How do you like it?");
  await owner.sees(en("newcomers-review", { when: later }));
  await owner.taps(en("newcomers-use"));
  await owner.sees(en("newcomers-added", { id: "2", when: later }));

  const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  await ann.sends("/start");
  await ann.sees(en.like("start-person", { name: "Ann" }));
  await herald.stop();
  // As if all of that had been three hours ago.
  await ageStep(database, 1, HOURS + 1);
  await within(database, ({ db }) =>
    db
      .update(recipients)
      .set({
        joinedAt: sql`${recipients.joinedAt} - interval '2.5 hours'`,
        createdAt: sql`${recipients.createdAt} - interval '2.5 hours'`,
      })
      .where(eq(recipients.chatId, 50)),
  );
  await running(telegram, { database, messagesPerSecond: 100 });
  await ann.sees("Nice to meet you, Ann!");
  // She has it a moment before its outcome is counted.
  await until(() =>
    within(database, async ({ db }) => (await db.$count(campaigns, eq(campaigns.sent, 1))) === 1),
  );

  await owner.sends("/newcomers");
  await owner.sees(en.like("newcomers-counts", { sent: 1 }));
  await owner.taps(en("newcomers-open", { id: "1" }));
  await owner.taps(en("button-pause"));
  await owner.sees(/⏸/);
  await owner.taps(en("newcomers-change"));
  await owner.sees(en("newcomers-review", { when }));
  await owner.taps(en("button-edit-post"));
  await owner.sees(en("post-replace"));
  await owner.sends("Hello again, {first_name}!");
  await owner.sees(en("newcomers-review", { when }));
  await owner.taps(en("newcomers-use-post"));
  await owner.sees(en("newcomers-changed", { id: "1" }));
  await owner.sends("/newcomers when 2");
  await owner.sees(en("newcomers-ask-when"));
  await owner.sends("4 days at 10:00");
  const new4 = en("newcomers-after-days", { count: 4, time: "10:00" });
  await owner.sees(en("newcomers-retimed", { id: "2", when: new4 }));
  await owner.sends("/newcomers remove 1");
  await owner.sees(en("newcomers-removed", { id: "1" }));
  await owner.sends("/newcomers");
  const { text = "" } = await owner.sees(new4);
  expect(text).not.toContain("Hello again");
  // Who was there before the series got nothing of it, and nobody got anything twice.
  const texts = (id: number) => telegram.person({ id }).holds.map(({ text }) => text);
  expect(people.flatMap(texts).filter((text) => text?.startsWith("Nice"))).toEqual([]);
  expect(texts(50).filter((text) => text?.startsWith("Nice"))).toHaveLength(1);
});

test("a step with codes gives each newcomer one; it pauses without them, says so, and goes on with more", async () => {
  const { telegram, owner, database, herald } = await scene(1);
  await owner.sends("/newcomers add 2 hours");
  await owner.sees(en.like("newcomers-ask-post"));
  await owner.sends("Your code: {code}");
  await owner.sees(en("check-no-codes"));
  expect(owner.buttons().flat()).not.toContain(en("newcomers-use"));
  await owner.sends("/codes 1");
  await owner.sees(en("codes-count", { all: 0, free: 0 }));
  await owner.sends({ document: { content: "FIRST\n", file_name: "codes.txt" } });
  await owner.sees(en("codes-count", { all: 1, free: 1 }));
  await owner.taps(en("button-to-review"));
  await owner.sees(en("check-codes-of-step", { codes: 1 }));
  await owner.taps(en("newcomers-use"));
  await owner.sees(en.like("newcomers-added"));
  const newcomers = [50, 51, 52].map((id) =>
    telegram.person({ id, firstName: `N${id}`, languageCode: "en" }),
  );
  for (const one of newcomers) {
    await one.sends("/start");
    await one.sees(en.like("start-person", { name: one.user.first_name }));
  }
  await herald.stop();
  await ageStep(database, 1, HOURS + 1);
  await within(database, ({ db }) =>
    db
      .update(recipients)
      .set({
        joinedAt: sql`${recipients.joinedAt} - interval '2.5 hours'`,
        createdAt: sql`${recipients.createdAt} - interval '2.5 hours'`,
      })
      .where(inArray(recipients.chatId, [50, 51, 52])),
  );
  const again = await running(telegram, { database, messagesPerSecond: 100 });
  const [first, ...others] = newcomers;
  await first?.sees("Your code: FIRST");
  await again.stop();
  // The next look at who is due, without waiting a minute for it.
  const third = await running(telegram, { database, messagesPerSecond: 100 });
  await owner.sees(en("paused-codes", { description: "2" }));
  await owner.sends("/newcomers");
  await owner.sees(en("newcomers-lacks-codes", { count: 2 }));
  await owner.taps(en("newcomers-open", { id: "1" }));
  await owner.sees(en("newcomers-codes", { free: 0 }));
  await owner.taps(en("option-codes"));
  await owner.sees(en("codes-count", { all: 1, free: 0 }));
  await owner.sends("NEXT-### 5");
  await owner.sees(en("codes-then-resume", { id: "1" }));
  await owner.sees(en("codes-count", { all: 6, free: 5 }));
  await owner.sends("/resume 1");
  await until(() =>
    within(database, async ({ db }) => (await db.$count(campaigns, eq(campaigns.state, "paused"))) === 0),
  );
  await third.stop();
  await running(telegram, { database, messagesPerSecond: 100 });
  await until(
    () => others.every((one) => one.holds.some(({ text }) => text?.startsWith("Your code: NEXT-"))),
    20_000,
  );
  const texts = newcomers
    .flatMap(({ holds }) => holds.map(({ text = "" }) => text))
    .filter((text) => text.startsWith("Your code"));
  expect(new Set(texts).size).toBe(3);
  expect(texts).toHaveLength(3);
});
