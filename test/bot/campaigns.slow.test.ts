import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { ERRORS } from "../../playground/server/faults.ts";
import type { Person } from "../../playground/people/person.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import type { Content } from "../../src/content/content.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { campaigns, deliveries, preferences } from "../../src/db/schema.ts";
import { broadcasts, cardOf, ownerOf, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { movableClock } from "../support/clock.ts";
import { OWNER, OWNER_ID, localTelegram, running } from "../support/herald.ts";
import { range, seedCampaign, seedSeries } from "../support/seed.ts";
import { en, inState } from "../support/words.ts";
import { scene } from "../support/scene.ts";

/** A hundred people and the owner, and drafts of theirs. */
const crowd = (drafts = 0, rate = 50) =>
  scene(100, {
    rate,
    ownerStays: true,
    prepare: async (scope) => {
      for (let index = 1; index <= drafts; index += 1)
        await createDraft(scope, OWNER, {
          content: { kind: "text", text: `Draft ${index}`, buttons: [] },
          audience: EVERYONE,
          originKey: `test:${index}`,
        });
    },
  });

test("/campaigns pages through what there is, the newest first", async () => {
  const { owner } = await crowd(10);
  await owner.sends("/campaigns");
  await owner.sees(en("campaigns-title", { tab: en("tab-drafts") }));
  // Two rows of two: four in one are cut on a phone.
  expect(owner.buttons().slice(0, 2)).toEqual([
    [en("tab-running"), en("tab-scheduled")],
    [`• ${en("tab-drafts")} 10`, en("tab-done")],
  ]);
  expect(owner.buttons()[2]).toEqual([`#10 · ${en("state-draft")} · Draft 10`]);
  await owner.taps(en("page-older"));
  await until(() => owner.buttons().length === 6);
  expect(owner.buttons().slice(2)).toEqual([
    [`#2 · ${en("state-draft")} · Draft 2`],
    [`#1 · ${en("state-draft")} · Draft 1`],
    [en("page-newer")],
    [en("button-calendar")],
  ]);
  await owner.taps(en("page-newer"));
  await until(() => owner.buttons().at(-2)?.[0] === en("page-older"));
  await owner.taps(en("tab-done"));
  await owner.sees(en("campaigns-empty"));
});

test("Cancel asks once; Back goes on, Yes ends it, and what was sent stays sent", async () => {
  const { telegram, owner } = await crowd(0, 10);
  await broadcasts(owner, "Cut short.");
  await owner.sees(inState("running"));
  await owner.taps(en("button-cancel"));
  await owner.sees(en.like("ask-cancel", { id: 1 }));
  await owner.taps(en("button-back"));
  await owner.sees(en("card-title", { id: 1, state: en("state-running") }));
  await owner.sends("/cancel 1");
  await owner.sees(en.like("ask-cancel", { id: 1 }));
  expect(await owner.taps(en("button-yes-cancel"))).toMatchObject({ text: en("done-cancelled") });
  await owner.sees(en("card-title", { id: 1, state: en("state-cancelled") }));
  expect(cardOf(owner)?.text).toMatch(/\nCancelled by Olga, \d\d:\d\d\n\d+ people were not messaged\./);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const sent = telegram.counts((message) => message.text === "Cut short.").size;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(telegram.counts((message) => message.text === "Cut short.").size).toBe(sent);
  await owner.sends("/resume 1");
  await owner.sees(en.like("error-conflict", { id: 1, state: en("state-cancelled") }));
});

test("Show post shows it as people got it, each version of it, whenever it was sent", async () => {
  const { telegram, owner } = await crowd();
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("Hello, {first_name}");
  await owner.sees(en.like("audience-ask"));
  await telegram.person({ id: 100_000 }).sends("/language de");
  await until(() => telegram.received(100_000).some((message) => message.text?.includes("Deutsch")));
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title"));
  await owner.taps(en("button-versions"));
  await owner.sees(en.like("versions-ask", { id: 1 }));
  await owner.taps(en("button-add-version", { language: "Deutsch" }));
  await owner.sees(en.like("post-version"));
  await owner.sends({ photo: true, caption: "Hallo, {first_name}" });
  await owner.sees(en.like("review-title"));
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await until(() => inState("finished").test(cardOf(owner)?.text ?? ""));
  for (const ask of [
    () => owner.taps(en("button-show-post"), { on: cardOf(owner)! }),
    () => owner.sends("/post 1"),
  ]) {
    const before = owner.holds.at(-1)!.message_id;
    await ask();
    await owner.sees("Hallo, Olga");
    const shown = owner.holds.filter(({ message_id, from }) => message_id > before && from?.is_bot);
    expect(shown.map(({ text, caption }) => text ?? caption)).toEqual([
      "Hello, Olga",
      "Deutsch:",
      "Hallo, Olga",
    ]);
  }
  telegram.fault({ method: "sendPhoto" }, { error: ERRORS.wrongRemoteFile });
  await owner.sends("/post 1");
  await owner.sees(en("show-post-refused", { description: ERRORS.wrongRemoteFile.description }));
});

test("Duplicate makes a draft with the same post and audience", async () => {
  const { owner } = await crowd();
  await broadcasts(owner, "Once more.");
  await until(() => inState("finished").test(cardOf(owner)?.text ?? ""));
  expect(await owner.taps(en("button-duplicate"))).toMatchObject({ text: en("done-duplicated", { id: 2 }) });
  await owner.sees(en("review-title", { id: 2 }));
  await owner.sends("/duplicate 1");
  await owner.sees(en("review-title", { id: 3 }));
});

test("once the deliveries are dropped, the card keeps its totals, and old buttons and commands say why they do nothing", async () => {
  const { telegram, owner, database, herald } = await crowd();
  await telegram.person({ id: 100_000 }).blocks();
  await telegram.person({ id: 100_001 }).deactivates();
  await broadcasts(owner, "Long ago.");
  await until(() => inState("finished").test(cardOf(owner)?.text ?? ""));
  expect(owner.buttons(cardOf(owner)).flat()).toContain(en("button-failures"));
  await herald.stop();
  await within(database, async ({ db }) => {
    await db.update(campaigns).set({
      detailsDroppedAt: sql`${campaigns.finishedAt} + interval '90 days 20 minutes'`,
      droppedTo: campaigns.total,
    });
    await db.delete(deliveries);
  });
  await running(telegram, { database });
  const gone =
    "Campaign #1: the delivery details were kept for 90 days; only the totals are left: /campaign 1";
  expect(await owner.taps(en("button-failures"))).toMatchObject({ text: gone });
  const card = await owner.sees(en("card-details-gone", { days: 90 }));
  expect(card.text).toContain(en("card-sent", { count: 99 }));
  expect(owner.buttons(card)).toEqual([[en("button-show-post"), en("button-duplicate")]]);
  for (const command of ["/retry 1", "/failures 1"]) {
    await owner.sends(command);
    await owner.sees(gone);
  }
  await owner.sends("/duplicate 1");
  await owner.sees(en("review-title", { id: 2 }));
});

test.each([
  ["/pause", "Add the campaign’s number: /pause 12"],
  ["/campaign", "Add the campaign’s number: /campaign 12"],
  ["/campaign twelve", "Add the campaign’s number"],
  ["/campaign 99", "There is no campaign #99"],
  ["/pause 99", "There is no campaign #99"],
  ["/resume 1", "campaign #1 is draft"],
])("%s is answered with what to do", async (command, answer) => {
  const { owner } = await crowd(1);
  await owner.sends(command);
  await owner.sees(answer);
});

test("two campaigns at once both advance, and the small one is not stuck behind the large one", async () => {
  const { telegram, owner } = await crowd(0, 20);
  await broadcasts(owner, "The large one.");
  await owner.sees(inState("running"));
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await telegram.person({ id: 100_000 }).sends("/language de");
  await until(() => telegram.received(100_000).some((message) => message.text?.includes("Deutsch")));
  await owner.sends("The small one.");
  await owner.sees(en.like("audience-ask"));
  await owner.taps(/^Deutsch/);
  await owner.taps(en("audience-continue"));
  await owner.sees(en.like("review-title", { id: 2 }));
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 1 }));
  await until(() => inState("finished").test(cardOf(owner, 2)?.text ?? ""), 5_000);
  expect(cardOf(owner, 1)?.text).toContain("sending");
});

const textAt = (owner: Person, id: number) =>
  owner.holds.find(({ message_id }) => message_id === id)?.text ?? "";

const isReplaced = (owner: Person, id: number, where = "below") =>
  until(() => textAt(owner, id) === `Campaign #1: its card is ${where}.`);

describe("a card that a newer one replaces says where the card is", () => {
  test("typed for, and tapped in the list", async () => {
    const { telegram, owner } = await crowd(0, 2);
    await broadcasts(owner, "Slowly.");
    await owner.sees(en("card-title", { id: 1, state: en("state-running") }));
    const first = cardOf(owner)!.message_id;
    await owner.sends("/campaign 1");
    await isReplaced(owner, first);
    expect(owner.buttons(owner.holds.find(({ message_id }) => message_id === first))).toEqual([]);
    const second = cardOf(owner)!.message_id;
    expect(second).toBeGreaterThan(first);
    await owner.sends("/pause 1");
    await isReplaced(owner, second);
    const third = cardOf(owner)!.message_id;
    await owner.sends("/campaigns");
    await owner.sees(en("campaigns-title", { tab: en("tab-running") }));
    await owner.taps(/^#1 /);
    await isReplaced(owner, third);
    // The card that is tapped stays the card.
    const card = cardOf(owner)!.message_id;
    await owner.taps(en("button-resume"), { on: card });
    await owner.sees(en("card-title", { id: 1, state: en("state-running") }));
    expect(cardOf(owner)?.message_id).toBe(card);
    expect(
      telegram.counts(({ text }) => en.opens("card-elsewhere", { id: 1 }).test(text ?? "")).get(OWNER_ID),
    ).toBe(3);
  });

  test("an edit that Telegram does not take changes nothing else", async () => {
    const { telegram, owner } = await crowd(0, 2);
    await broadcasts(owner, "Slowly.");
    await owner.sees(en("card-title", { id: 1, state: en("state-running") }));
    await owner.taps(en("button-pause"));
    await owner.sees(inState("paused"));
    const old = cardOf(owner)!.message_id;
    await telegram.person({ id: OWNER_ID }).deletes(old);
    await owner.sends("/campaign 1");
    await owner.sees(en("card-title", { id: 1, state: en("state-paused") }));
    expect(cardOf(owner)!.message_id).toBeGreaterThan(old);
  });
});

/** Saturday, in Moscow three in the afternoon. */
const SATURDAY = "2026-11-21T12:00:00Z";

/** An owner in Moscow who looks at what `seed` left, on that Saturday. */
async function onSaturday(seed: (scope: Scope) => Promise<void>) {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const database = await freshLocation();
  await within(database, async ({ db }) => {
    await db.insert(preferences).values({ homeId: BOT_ID, userId: OWNER_ID, timezone: "Europe/Moscow" });
    await seed(homeScope(db, BOT_ID));
  });
  const clock = movableClock();
  clock.jump(Date.parse(SATURDAY) - Date.now());
  await running(telegram, { database }, { clock });
  return { telegram, owner, database };
}

const text = (text: string): Content => ({ kind: "text", text, buttons: [] });

/** A campaign that waits, and its series, which goes on every day at 10:00 in Moscow. */
async function seedDaily(scope: Scope, id: number, startsAt: Date, post: string): Promise<void> {
  const recurrence = { zone: "Europe/Moscow", rule: { every: "day", hour: 10, minute: 0 } } as const;
  const template = { content: text(post), audience: EVERYONE, recurrence, createdBy: OWNER_ID };
  await seedSeries(scope, { id, lastAt: startsAt, ...template });
  await seedCampaign(scope, { id, state: "scheduled", startsAt, seriesId: id, run: 1, ...template });
}

test("Scheduled shows the admin's own time, the soonest first, repeats and pauses marked; Drafts what they change", async () => {
  const { owner } = await onSaturday(async (scope) => {
    const waiting = (id: number, startsAt: string, post: string, change = {}) =>
      seedCampaign(scope, {
        id,
        state: "scheduled",
        startsAt: new Date(startsAt),
        content: text(post),
        ...change,
      });
    await waiting(12, "2026-11-23T07:00:00Z", "Sale: everything must go, all of it");
    await waiting(13, "2027-01-04T21:30:00Z", "Next year");
    await waiting(14, "2026-11-21T15:30:00Z", "Put off", { state: "paused", pauseReason: "admin" });
    await seedDaily(scope, 15, new Date("2026-11-22T07:00:00Z"), "Good morning");
    await seedCampaign(scope, { id: 16, content: text("Sale!"), changes: 12, changesRevision: 1 });
    await seedCampaign(scope, { id: 17, content: text("New") });
  });
  await owner.sends("/campaigns");
  await owner.sees(en("campaigns-title", { tab: en("tab-scheduled") }));
  expect(owner.buttons()).toEqual([
    [en("tab-running"), `• ${en("tab-scheduled")} 4`],
    [`${en("tab-drafts")} 2`, en("tab-done")],
    ["#14 · ⏸ Sat 21 Nov 18:30 · Put off"],
    ["#15 · 🔁 Sun 22 Nov 10:00 · Good morning"],
    ["#12 · Mon 23 Nov 10:00 · Sale: everything must g…"],
    ["#13 · Tue 5 Jan 2027 00:30 · Next year"],
    [en("button-calendar")],
  ]);
  await owner.taps(`${en("tab-drafts")} 2`);
  await owner.sees(en("campaigns-title", { tab: en("tab-drafts") }));
  expect(owner.buttons().slice(2, -1)).toEqual([
    [`#17 · ${en("state-draft")} · New`],
    [`#16 · ${en("list-changes", { id: 12 })} · Sale!`],
  ]);
  await owner.taps(en.opens("tab-scheduled"));
  await owner.taps(/^#12/);
  await owner.sees(en.like("card-title", { id: 12 }));
});

test("/campaigns finds by words in pages, and a tap leads back to all", async () => {
  const { owner } = await onSaturday(async (scope) => {
    for (const id of range(1, 9)) await seedCampaign(scope, { id, content: text(`Winter sale ${id}`) });
    await seedCampaign(scope, {
      id: 10,
      content: text("Something else"),
      state: "finished",
      total: 7,
      sent: 6,
    });
    await seedCampaign(scope, {
      id: 11,
      state: "expired",
      startsAt: new Date(SATURDAY),
      content: { kind: "photo", fileId: "f", buttons: [[{ text: "Winter Shop", url: "https://a.b" }]] },
    });
  });
  await owner.sends("/campaigns WINTER");
  await owner.sees(en("found-title", { words: "WINTER", count: 10 }));
  expect(owner.buttons()).toEqual([
    [`#11 · 21 Nov · ${en("state-expired")} · photo`],
    ...range(3, 9)
      .toReversed()
      .map((id) => [`#${id} · ${en("state-draft")} · Winter sale ${id}`]),
    [en("page-older")],
    [en("button-all-campaigns")],
  ]);
  await owner.taps(en("page-older"));
  await until(() => owner.buttons().length === 4);
  expect(owner.buttons()).toEqual([
    [`#2 · ${en("state-draft")} · Winter sale 2`],
    [`#1 · ${en("state-draft")} · Winter sale 1`],
    [en("page-newer")],
    [en("button-all-campaigns")],
  ]);
  await owner.taps(en("button-all-campaigns"));
  const list = await owner.sees(en("campaigns-title", { tab: en("tab-drafts") }));
  expect(list.text).toContain(en("list-search-hint"));
  expect(owner.buttons()[1]).toEqual([`• ${en("tab-drafts")} 9`, `${en("tab-done")} 2`]);
  await owner.taps(`${en("tab-done")} 2`);
  await owner.sees(en("campaigns-title", { tab: en("tab-done") }));
  await owner.sends("/campaigns sale something");
  await owner.sees(en.like("found-title", { words: "sale something" }));
  expect(owner.buttons()).toEqual([[en("button-all-campaigns")]]);
});

test.each([
  ["/campaigns 10", "Campaign #10 · finished"],
  ["/campaigns #10", "Campaign #10 · finished"],
  ["/campaigns № 10", "Campaign #10 · finished"],
  // No campaign has this number: it may be a word.
  ["/campaigns 50", "“50”: 1 campaign"],
  ["/campaigns 51", "“51”: nothing found"],
  [`/campaigns ${"long ".repeat(100)}`, /^“(long ){19}long ?”: nothing found/],
])("%s is answered with %s", async (command, answer) => {
  const { owner } = await onSaturday(async (scope) => {
    const over = {
      state: "finished" as const,
      startedAt: new Date(SATURDAY),
      finishedAt: new Date(SATURDAY),
    };
    await seedCampaign(scope, { id: 10, content: text("50% off"), ...over });
  });
  await owner.sends(command);
  await owner.sees(answer);
});

test("the calendar shows the week in the admin's zone, with runs that are to come, and turns its pages", async () => {
  const { owner } = await onSaturday(async (scope) => {
    const waiting = (id: number, startsAt: string, post: string) =>
      seedCampaign(scope, { id, state: "scheduled", startsAt: new Date(startsAt), content: text(post) });
    await waiting(12, "2026-11-23T07:00:00Z", "Sale: everything must go, all of it");
    await waiting(13, "2026-11-23T20:59:00Z", "Late");
    await waiting(14, "2026-11-23T21:00:00Z", "After midnight");
    await waiting(15, "2026-12-02T15:30:00Z", "In December");
    await seedDaily(scope, 16, new Date("2026-11-26T07:00:00Z"), "Good morning");
  });
  await owner.sends("/calendar");
  const { text: week } = await owner.sees(en.like("calendar-title"));
  expect(week?.replaceAll(/\s*–\s*/g, "–"))
    .toBe(`${en("calendar-title", { week: "21–27 Nov", zone: "Europe/Moscow" })}

Mon 23: 10:00 #12 Sale: everything must g…
23:59 #13 Late

Tue 24: 00:00 #14 After midnight

Thu 26: 10:00 #16 🔁 Good morning

Fri 27: 10:00 🔁 Good morning ${en("calendar-after", { id: 16 })}`);
  expect(owner.buttons()).toEqual([
    ["#12", "#13", "#14", "#16"],
    [en("button-next-week")],
    [en("button-all-campaigns")],
  ]);
  await owner.taps(en("button-next-week"));
  const { text: next } = await owner.sees(
    `Wed 2: 10:00 🔁 Good morning ${en("calendar-after", { id: 16 })}\n18:30 #15 In December`,
  );
  expect(next).toMatch(en.opens("calendar-title", { zone: "Europe/Moscow" }));
  expect(next).toMatch(/ · 28 Nov\s*–\s*4 Dec · /);
  expect(owner.buttons()).toEqual([
    ["#16", "#15"],
    [en("button-previous-week"), en("button-next-week")],
    [en("button-all-campaigns")],
  ]);
  await owner.taps(en("button-previous-week"));
  await owner.sees("Mon 23: 10:00 #12");
  await owner.taps(en("button-all-campaigns"));
  await owner.sees(en("campaigns-title", { tab: en("tab-scheduled") }));
  await owner.taps(en("button-calendar"));
  const calendar = await owner.sees("Mon 23: 10:00 #12");
  await owner.taps("#13");
  await owner.sees(en("card-title", { id: 13, state: en("state-scheduled") }));
  // The calendar itself stays.
  await owner.taps("#14", { on: calendar });
  await owner.sees(en("card-title", { id: 14, state: en("state-scheduled") }));
});

test("a crowded week has as many buttons as are looked at, each campaign one", async () => {
  const { owner } = await onSaturday(async (scope) => {
    for (const id of range(1, 60)) {
      const startsAt = new Date(Date.parse("2026-11-22T07:00:00Z") + (id % 6) * 86_400_000 + id * 60_000);
      await seedCampaign(scope, { id, state: "scheduled", startsAt, content: text("One of many") });
    }
  });
  await owner.sends("/calendar");
  await owner.sees(en.like("calendar-title"));
  const rows = owner.buttons().slice(0, -2);
  expect(rows.map(({ length }) => length)).toEqual(range(1, 10).map(() => 4));
  expect(new Set(rows.flat()).size).toBe(40);
});

test("Done says when each was, and how many it reached or why it did not go", async () => {
  const { owner } = await onSaturday(async (scope) => {
    const over = (id: number, startsAt: string, change: Parameters<typeof seedCampaign>[1]) =>
      seedCampaign(scope, { id, startsAt: new Date(startsAt), content: text("Sale"), ...change });
    await over(1, "2025-12-31T21:30:00Z", { state: "cancelled" });
    await over(2, "2025-12-31T20:30:00Z", { state: "finished", total: 4_812, sent: 4_806 });
    await over(3, "2026-11-20T20:30:00Z", { state: "expired" });
    await over(4, "2026-11-20T21:30:00Z", { state: "finished", total: 7, sent: 7 });
  });
  await owner.sends("/campaigns");
  await owner.sees(en("campaigns-title", { tab: en("tab-done") }));
  expect(owner.buttons().slice(2, -1)).toEqual([
    ["#4 · 21 Nov → 7 · Sale"],
    [`#3 · 20 Nov · ${en("state-expired")} · Sale`],
    ["#2 · 31 Dec 2025 → 4,806 · Sale"],
    [`#1 · 1 Jan · ${en("state-cancelled")} · Sale`],
  ]);
});

test("what an admin has paused is edited for those who have not got it, and nobody gets both", async () => {
  const { telegram, owner } = await crowd(0, 20);
  await broadcasts(owner, "With a tpyo.");
  await owner.sees(inState("running"));
  await until(() => telegram.counts(({ text }) => text === "With a tpyo.").size >= 5);
  await owner.taps(en("button-pause"));
  await owner.sees(inState("paused"));
  expect(owner.buttons(cardOf(owner))).toEqual([
    [en("button-resume"), en("button-edit"), en("button-cancel")],
    [en("button-show-post")],
  ]);
  await owner.taps(en("button-edit"));
  const { text } = await owner.sees(en("change-title", { id: 1 }));
  const left = Number(en.like("change-note-mends", { count: /(\d+)/ }).exec(text ?? "")?.[1]);
  expect(left).toBeGreaterThan(50);
  await owner.taps(en("button-edit-post"));
  await owner.sees(en("post-replace"));
  await owner.sends("Without a typo.");
  await owner.sees(en("change-title", { id: 1 }));
  await owner.taps(en("button-save"));
  await owner.sees(en("card-title", { id: 1, state: en("state-paused") }));
  await owner.taps(en("button-resume"));
  await until(() => inState("finished").test(cardOf(owner)?.text ?? ""));
  const [old, mended] = ["With a tpyo.", "Without a typo."].map((post) =>
    [...telegram.counts(({ text }) => text === post).keys()].filter((id) => id >= 100_000),
  );
  expect(mended?.length).toBeGreaterThanOrEqual(left - 1); // the owner is one of them
  expect([...(old ?? []), ...(mended ?? [])].toSorted((a, b) => a - b)).toEqual(range(100_000, 100_099));
});

test("what waits for its hours says so in the list, and stands in the calendar on the day when it goes on", async () => {
  const { owner } = await onSaturday(async (scope) => {
    const running = {
      state: "running" as const,
      startsAt: new Date("2026-11-21T07:00:00Z"),
      startedAt: new Date("2026-11-21T07:00:00Z"),
      frozenAt: new Date("2026-11-21T07:00:00Z"),
      window: { zone: "Europe/Moscow", from: 600, to: 840, days: [1 as const] },
    };
    await seedCampaign(scope, { id: 12, ...running, content: text("Begun"), total: 4, sent: 1 });
    await seedCampaign(scope, { id: 13, ...running, content: text("Not begun"), total: 4 });
  });
  await owner.sends("/calendar");
  await owner.sees(`\n\nMon 23: 10:00 #12 Begun ${en("calendar-goes-on")}\n10:00 #13 Not begun`);
  await owner.sends("/campaigns");
  await owner.sees(en("campaigns-title", { tab: en("tab-running") }));
  expect(owner.buttons().slice(2, -1)).toEqual([
    [`#13 · ${en("list-waits")} · 0 % · Not begun`],
    [`#12 · ${en("list-waits")} · 25 % · Begun`],
  ]);
  await owner.taps(/^#12/);
  await owner.sees(en("card-waits", { opens: "Mon 23 Nov 10:00" }));
});

test("a week without campaigns says so, in Russian, too", async () => {
  const { owner } = await onSaturday(async () => undefined);
  await owner.sends("/calendar");
  expect((await owner.sees(en.like("calendar-title"))).text).toMatch(en.closes("calendar-empty"));
  await owner.sends("/language ru");
  await owner.sees("Теперь ваш язык");
  await owner.sends("/calendar");
  await owner.sees("На эти дни ничего не запланировано.");
  await owner.taps("Следующая неделя");
  await owner.sees(/^Календарь · 28 нояб\.\s*–\s*4 дек\. · Europe\/Moscow/);
});
