import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { findSegmentByName, insertSegment, listSegments } from "../../src/audience/segment/saved-segments.ts";
import { getDraft } from "../../src/campaign/queries.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { audit, campaigns, recipients } from "../../src/db/schema.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { OWNER_ID } from "../support/herald.ts";
import { within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST, scene } from "../support/scene.ts";
import { NEWS_ID, SHOP_ID } from "../support/senders.ts";
import { nameOf, threeBots } from "../support/three-bots.ts";
import { en } from "../support/words.ts";

const people = (count: number) => en("people", { count });

const segmentOf = (database: DatabaseLocation, id: number) =>
  within(database, async ({ db }) => {
    const { audience } = await getDraft(homeScope(db, BOT_ID), id);
    return "chats" in audience ? null : (audience.segment ?? null);
  });

const savedIn = (database: DatabaseLocation, botId = BOT_ID) =>
  within(database, ({ db }) => listSegments(scopeOf(homeScope(db, BOT_ID), { botId })));

const gone = (type: string) => `⚠️ ${en("segments-fault", { type, number: "1", name: "" })}`;

/** Five people, of whom the first is a VIP. */
const withVip = () =>
  scene(5, {
    prepare: ({ db }) =>
      db
        .update(recipients)
        .set({ tags: ["vip"] })
        .where(eq(recipients.chatId, FIRST)),
  });

test("conditions are saved from a draft, and other drafts take a copy that a later change leaves alone", async () => {
  const { owner, database } = await withVip();
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("For some of you");
  await owner.sees(en.like("audience-ask", { people: people(5) }));
  await owner.taps(en("audience-saved"));
  await owner.sees(en.opens("saved-ask-none", { id: "1" }));
  expect(owner.buttons().flat()).not.toContain(en("saved-save-as"));
  await owner.taps(en("filter-done"));
  await owner.taps(en("audience-filter"));
  await owner.sends("tag:vip -premium:yes");
  await owner.sees(/People with the tag vip, without Telegram Premium: 1 person/);
  await owner.taps(en("saved-save-as"));
  await owner.sees(en.like("saved-ask-name", { conditions: "with the tag vip, without Telegram Premium" }));
  await owner.sends("a, b");
  await owner.sees(en("error-segment-name-unfit"));
  await owner.sends("Regulars");
  await owner.sees(new RegExp(`^${en("saved-done", { name: "Regulars" })}\n`));
  expect(owner.buttons().flat()).toContain("✅ Regulars");

  // The same name again replaces it only after a question.
  await owner.taps("✅ Regulars");
  await owner.sees(/All languages: 5 people/);
  expect(await segmentOf(database, 1)).toBeNull();
  await owner.taps(en("filter-done"));
  await owner.taps(en("audience-exclude"));
  await owner.taps("saved:Regulars");
  await owner.sees(/except those \(with the tag vip, without Telegram Premium\): 4 people/);
  await owner.taps(en("saved-save-as"));
  await owner.sends("REGULARS");
  await owner.sees(en.like("saved-ask-replace", { name: "Regulars" }));
  await owner.sends("Everyone else");
  await owner.sees(new RegExp(`^${en("saved-done", { name: "Everyone else" })}\n`));
  expect((await savedIn(database)).map(({ name }) => name)).toEqual(["Everyone else", "Regulars"]);
  await owner.taps(en("saved-save-as"));
  await owner.sends("Regulars");
  await owner.taps(en("saved-replace"));
  await owner.sees(new RegExp(`^${en("saved-done", { name: "Regulars" })}\n`));
  expect((await savedIn(database))[1]?.segment).toEqual((await savedIn(database))[0]?.segment);

  // Another draft takes a copy.
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("For others");
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-saved"));
  await owner.taps("Regulars");
  await owner.sees(/: 4 people/);
  const copy = await segmentOf(database, 2);
  await owner.sends("/segments Regulars");
  const card = await owner.sees(/^Saved conditions \d+: Regulars\n/);
  expect(card.text).toContain(en("segments-copies"));
  await owner.taps(en("segments-change"));
  await owner.sees(en("segments-ask-line"));
  await owner.sends("hello");
  await owner.sees(/I don’t understand hello/);
  await owner.sends("tag:vip");
  await owner.sees(/People with the tag vip: 1 person/);
  expect(await segmentOf(database, 2)).toEqual(copy);
});

test("a line names saved conditions; they are renamed, and deleted after a question", async () => {
  const { owner, database } = await withVip();
  await owner.sends("/segments");
  await owner.sees(en.like("segments-none"));
  await owner.taps(en("segments-new"));
  await owner.sees(en("segments-ask-name"));
  await owner.sends("Very important");
  await owner.sees(en("segments-ask-line"));
  await owner.sends("tag:vip");
  await owner.sees(/^Saved conditions 1: Very important\nPeople with the tag vip: 1 person/);
  await owner.sends('/segments Others = -saved:"very important"');
  await owner.sees(/^Saved conditions 2: Others\nPeople without the tag vip: 4 people/);
  await owner.sends("/segments others = tag:x");
  await owner.sees(en("error-segment-name-taken", { name: "others" }));
  await owner.sends("/segments Empty = saved:nobody");
  await owner.sees(/I don’t understand saved:nobody/);
  await owner.sends("/segments 2 Strangers");
  await owner.sees(/^Saved conditions 2: Strangers/);
  await owner.sends("/segments 2 = premium:yes");
  await owner.sees(/^Saved conditions 2: Strangers\nPeople with Telegram Premium: 0 people/);
  await owner.taps(en("segments-rename"));
  await owner.sees(en("segments-ask-name"));
  await owner.sends("Paying");
  await owner.sees(/^Saved conditions 2: Paying/);
  await owner.sends("/segments 1 delete");
  await owner.sees(en("segments-ask-delete", { name: "Very important" }));
  await owner.taps(en("segments-yes-delete"));
  await owner.sees(en.like("segments-title"));
  expect((await savedIn(database)).map(({ name }) => name)).toEqual(["Paying"]);
  await owner.sends("/segments Very important");
  await owner.sees(en("error-segment-unknown"));
  const actions = await within(database, ({ db }) =>
    db.select().from(audit).where(eq(audit.actorId, OWNER_ID)),
  );
  expect(actions.map(({ action }) => action).filter((action) => action.startsWith("segment."))).toEqual([
    "segment.saved",
    "segment.saved",
    "segment.renamed",
    "segment.saved",
    "segment.renamed",
    "segment.deleted",
  ]);
});

test("conditions on a campaign whose details are gone are shown with the reason, and a draft with them is not sent", async () => {
  const { owner, database } = await scene(3, {
    prepare: (scope) => insertSegment(scope, "Others", { not: { got: 1 } }, 1),
  });
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("First");
  await owner.sees(en.like("audience-ask"));
  await owner.sends("/segments Others");
  expect((await owner.sees(/^Saved conditions 1/)).text).toContain(gone("campaign-unknown"));
  await within(database, ({ db }) =>
    db.update(campaigns).set({ state: "finished", detailsDroppedAt: new Date(), finishedAt: new Date() }),
  );
  await owner.sends("/segments Others");
  const card = await owner.sees(new RegExp(gone("campaign-old")));
  expect(card.text).not.toContain(people(3));
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("Second");
  await owner.sees(en.like("audience-ask"));
  await owner.taps(en("audience-saved"));
  await owner.taps("Others");
  await owner.sees(new RegExp(`⚠️ ${en("check-segment-campaign-old", { number: "1" })}`));
});

test("each bot has saved conditions of its own; a new one is asked for its bot", async () => {
  const { owner, anna, database } = await threeBots();
  await owner.sends("/segments Fans = tag:fan");
  await owner.sees(en("ask-bot"));
  await owner.sends("@nobody_bot");
  await owner.sees(en.like("from-unknown", { text: "@nobody_bot" }));
  await owner.taps(nameOf(NEWS_ID));
  await owner.sees(/^Saved conditions \d+: Fans\n/);
  expect((await savedIn(database, NEWS_ID)).map(({ name }) => name)).toEqual(["Fans", "Regulars"]);
  await anna.sends(`/segments ${nameOf(SHOP_ID)} Fans = tag:cake`);
  await anna.sees(/^Saved conditions \d+: Fans\n/);
  await anna.sends(`/segments ${nameOf(NEWS_ID)} Fans`);
  await anna.sees(/tag:fan/);
  const found = await within(database, ({ db }) =>
    findSegmentByName(scopeOf(homeScope(db, BOT_ID), { botId: SHOP_ID }), "FANS"),
  );
  expect(found?.segment).toEqual({ tag: "cake" });
});
