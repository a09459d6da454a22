import { inArray } from "drizzle-orm";
import { expect, test } from "vitest";
import { isForChats } from "../../src/audience/segment/audience.ts";
import { getDraft } from "../../src/campaign/queries.ts";
import { homeScope } from "../../src/db/scope.ts";
import { recipients } from "../../src/db/schema.ts";
import { within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { copiesAmongPeople, scene, shows } from "../support/scene.ts";
import { en } from "../support/words.ts";

const people = (count: number) => en("people", { count });
const VIPS = [1, 4, 7, 9, 15].map((id) => 100_000 + id);

test("Filter… takes a line or taps, says whom it means, and Send to the rest reaches the others", async () => {
  const { owner, telegram, database } = await scene(20, {
    prepare: ({ db }) =>
      db
        .update(recipients)
        .set({ tags: ["vip"] })
        .where(inArray(recipients.chatId, VIPS)),
  });
  const audience = (id: number) =>
    within(database, async ({ db }) => (await getDraft(homeScope(db, BOT_ID), id)).audience);
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("For some of you");
  await owner.sees(en.like("audience-ask", { people: people(20) }));
  await owner.taps(en("audience-filter"));
  await owner.sees(en.opens("filter-ask", { id: "1" }));

  await owner.sends("tag:vip opened:3 hello");
  await owner.sees(/I don’t understand opened:3.*\n.*hello.*\nI understand: tag:vip\n/);
  expect(await audience(1)).toEqual({ languages: "all" });
  await owner.sends("tag:VIP");
  await owner.sees(/People with the tag vip: 5 people\ntag:vip\nFor example: /);
  expect(owner.buttons().flat()).toContain("✅ tag:vip");

  // The same by taps, in Exclude….
  await owner.taps("✅ tag:vip");
  await owner.sees(/All languages: 20 people/);
  await owner.taps(en("audience-exclude"));
  await owner.taps("tag:vip");
  await owner.sees(/People without the tag vip: 15 people\n-tag:vip\nFor example: /);
  await owner.taps(en("filter-clear"));
  await owner.taps(en("audience-filter"));
  await owner.taps("tag:vip");
  await owner.sees(/People with the tag vip: 5 people/);

  await owner.taps(en("filter-first"));
  await owner.sees(en("filter-first-ask"));
  await owner.sends("none");
  await owner.sees(en("filter-first-ask"));
  await owner.sends("2");
  await owner.sees(/the first 2 of: People with the tag vip: 2 people/);
  await owner.taps(en("filter-done"));
  await owner.sees(en.like("audience-ask", { people: people(2) }));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-to", { people: people(2) }));
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 2 }));
  await shows(owner, /finished/);

  await owner.taps(en("button-rest"));
  await owner.sees(en.like("review-to", { people: people(3) }));
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 3 }));
  await shows(owner, /finished/, 2);
  expect(new Map(copiesAmongPeople(telegram, "For some of you"))).toEqual(new Map(VIPS.map((id) => [id, 1])));
  await owner.sends("/rest 2");
  await owner.sees(en.like("error-conflict"));
});

test("a typed line adds to what is chosen, and in Exclude… it is left out", async () => {
  const { owner, database } = await scene(20, {
    prepare: ({ db }) =>
      db
        .update(recipients)
        .set({ tags: ["vip"], isPremium: true })
        .where(inArray(recipients.chatId, VIPS)),
  });
  const segment = () =>
    within(database, async ({ db }) => {
      const { audience } = await getDraft(homeScope(db, BOT_ID), 1);
      return isForChats(audience) ? null : (audience.segment ?? null);
    });
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("For some of you");
  await owner.sees(en.like("audience-ask", { people: people(20) }));
  await owner.taps(en("audience-exclude"));
  await owner.sees(en.opens("exclude-ask", { id: "1" }));

  await owner.sends("-tag:vip");
  await owner.sees(en("exclude-minus"));
  expect(await segment()).toBeNull();
  await owner.sends("tag:vip");
  await owner.sees(/People without the tag vip: 15 people\n-tag:vip\n/);
  expect(owner.buttons().flat()).toContain("✅ tag:vip");
  await owner.sends("source:promo lang:de");
  await owner.sees(/-tag:vip -\(source:promo lang:de\)\n/);
  await owner.sends("premium:no");
  await owner.sees(/with Telegram Premium: 0 people\n/);
  await owner.taps(en("audience-filter"));
  await owner.taps("✅ premium:yes");
  await owner.sends("lang:en");
  await owner.sees(/-tag:vip -\(source:promo lang:de\) lang:en/);
  expect(await segment()).toEqual({
    all: [
      { not: { tag: "vip" } },
      { not: { all: [{ source: "promo" }, { language: "de" }] } },
      { language: "en" },
    ],
  });
});

test("with no language chosen, a condition does not choose anybody", async () => {
  const { owner, database } = await scene(20, {
    prepare: ({ db }) =>
      db
        .update(recipients)
        .set({ tags: ["vip"] })
        .where(inArray(recipients.chatId, VIPS)),
  });
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("For some of you");
  await owner.sees(en.like("audience-ask", { people: people(20) }));
  await owner.taps(`✅ ${en("audience-all")} · 20`);
  await owner.sees(en.like("audience-ask", { people: people(0) }));
  await owner.taps(en("audience-filter"));
  await owner.sends("tag:vip");
  await owner.sees(/No language: people with the tag vip: 0 people\n.*\n.*Nobody is chosen/);
  expect(
    await within(database, async ({ db }) => (await getDraft(homeScope(db, BOT_ID), 1)).audience),
  ).toEqual({
    languages: [],
    segment: { tag: "vip" },
  });
  await owner.taps(en("filter-done"));
  expect((await owner.taps(en("audience-continue"))).text).toBe(en("audience-nobody"));
});
