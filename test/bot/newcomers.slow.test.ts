import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { storedStep } from "../../src/campaign/step-plan.ts";
import { campaigns, recipients } from "../../src/db/schema.ts";
import { until, within } from "../support/broadcast.ts";
import { running } from "../support/herald.ts";
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
  await within(database, async ({ db }) => {
    const ago = new Date(Date.now() - (HOURS + 1) * 3_600_000);
    const [row] = await db.select({ step: campaigns.step }).from(campaigns).where(eq(campaigns.id, 1));
    if (!row?.step) throw new Error("the step is gone");
    const step = { ...storedStep.parse(row.step, "campaign 1"), since: ago.toISOString() };
    await db
      .update(campaigns)
      .set({ step: storedStep.store(step), joinedCursor: ago })
      .where(eq(campaigns.id, 1));
    await db
      .update(recipients)
      .set({
        joinedAt: sql`${recipients.joinedAt} - interval '2.5 hours'`,
        createdAt: sql`${recipients.createdAt} - interval '2.5 hours'`,
      })
      .where(eq(recipients.chatId, 50));
  });
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
