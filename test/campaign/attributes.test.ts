import type { Api } from "grammy";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { review } from "../../src/campaign/actions/review.ts";
import { startDue } from "../../src/campaign/engine-moves.ts";
import { createAttributeMemory, createAttributesFor } from "../../src/campaign/known-attributes.ts";
import { openPreview } from "../../src/campaign/post-preview.ts";
import { getCampaign, listRunning } from "../../src/campaign/queries.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { recipients } from "../../src/db/schema.ts";
import { claim, needsPerson } from "../../src/delivery/claim/claim.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { holdAttributes } from "../../src/delivery/freeze/hold-segment.ts";
import { callsLeft } from "../../src/delivery/outbox/calls-left.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN, ADMIN_ID, NOW, emptied, seedPeople, seedRunning } from "../support/seed.ts";

/* Attributes in a post, from the review to what leaves. */

const post: Content = {
  kind: "text",
  text: "Hi from {City}, {town}",
  buttons: [[{ text: "Shop {city|here}", url: "https://a.com/?c={city|all%20of%20us}" }]],
};

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(async () => {
  await emptied(scope);
  await seedPeople(scope, [1], { attributes: { city: "Kazan" } });
  await seedPeople(scope, [ADMIN_ID], { attributes: { city: "Omsk" } });
  await seedPeople(scope, [2, 3]);
});

/** What a call shows, without the fields that are the same for everyone. */
const shown = ({ text, reply_markup }: { text: string; reply_markup: object }) => ({ text, reply_markup });
const keyboard = (text: string, url: string) => ({ inline_keyboard: [[{ text, url }]] });

test("the review says how many people lack one, and what no one has stays a word in braces", async () => {
  const draft = await createDraft(scope, ADMIN, { content: post, audience: EVERYONE, originKey: "a" });
  const limits = { now: NOW, rateOf: () => ({ set: 28, now: 28, paid: "off" as const }), typedFrom: 1_000 };
  const found = await review(scope, ADMIN, draft.id, limits);
  expect(found.attributes).toEqual(["city"]);
  expect(found.findings).toEqual([
    { level: "note", type: "unknown-name", name: "town", language: null },
    { level: "note", type: "no-attribute", name: "city", count: 2, language: null },
  ]);
  expect(found.sendable).toBe(true);
});

test("a preview shows the admin's own", async () => {
  const draft = await createDraft(scope, ADMIN, { content: post, audience: EVERYONE, originKey: "a" });
  const sent: unknown[] = [];
  const raw = {
    sendMessage: (payload: never) => (sent.push(shown(payload)), Promise.resolve({ message_id: 1 })),
  };
  // As much of an Api as a preview of a text uses.
  const home = { raw } as unknown as Api;
  const viewer = {
    chatId: ADMIN_ID,
    label: String,
    leaveLabel: () => "Leave",
    firstName: "Ada",
    lastName: null,
    username: null,
  };
  const preview = await openPreview(scope, { home, bots: undefined as never }, draft, viewer);
  await preview.show(null);
  expect(sent).toEqual([
    { text: "Hi from Omsk, {town}", reply_markup: keyboard("Shop Omsk", "https://a.com/?c=Omsk") },
  ]);
});

test("each person gets their own, or the default", async () => {
  const id = await seedRunning(scope, [], { content: post });
  const [running] = await createAttributeMemory(scope)(await listRunning(scope));
  expect(running?.attributes).toEqual(["city"]);
  expect(needsPerson({ content: post })).toBe(false);
  expect(needsPerson({ content: post, attributes: ["city"] })).toBe(true);
  const { batch } = await claim(scope, id, 10, NOW, 0, { attributes: ["city"], codes: null });
  const calls = batch.map((delivery) => callsLeft(running ?? campaignLost(), delivery, undefined as never));
  expect(calls.map((call) => Array.isArray(call) && shown(call[0].payload as never))).toEqual([
    { text: "Hi from Kazan, {town}", reply_markup: keyboard("Shop Kazan", "https://a.com/?c=Kazan") },
    { text: "Hi from , {town}", reply_markup: keyboard("Shop here", "https://a.com/?c=all%20of%20us") },
    { text: "Hi from , {town}", reply_markup: keyboard("Shop here", "https://a.com/?c=all%20of%20us") },
    { text: "Hi from Omsk, {town}", reply_markup: keyboard("Shop Omsk", "https://a.com/?c=Omsk") },
  ]);
  expect((await getCampaign(scope, id)).content).toMatchObject({ text: post.text });
});

test("an attribute that nobody has any longer leaves no braces: it pauses, or people get the default", async () => {
  const limits = { now: NOW, typedFrom: 1_000, mostScheduled: 10 };
  const startsAt = new Date(NOW.getTime() + 3_600_000);
  const scheduled = async (content: Content) => {
    const draft = await createDraft(scope, ADMIN, {
      content,
      audience: EVERYONE,
      startsAt,
      originKey: content.kind + Math.random(),
    });
    const campaign = await launch(scope, ADMIN, draft, { count: 4, typedCount: null, startsAt }, limits);
    expect(campaign.content.attributes).toEqual(["city"]);
    return campaign.id;
  };
  const needing = await scheduled(post);
  const changed = await beginChange(scope, ADMIN, needing, "change");
  expect(changed.content.attributes).toBeUndefined();
  const withDefault: Content = { kind: "text", text: "Hi from {city|nearby}, {town}", buttons: [] };
  const other = await scheduled(withDefault);
  await scope.db.update(recipients).set({ attributes: { town: "Omsk" } });

  for (const id of [needing, other]) await startDue(scope, id, startsAt);
  expect(await holdAttributes(scope, needing)).toMatchObject({
    state: "paused",
    pauseReason: "attribute",
    pauseDetail: "city",
  });
  expect(await holdAttributes(scope, other)).toBeNull();
  while (!(await freezeChunk(scope, other, 100)));
  const [running] = await createAttributeMemory(scope)(await listRunning(scope));
  // What was no attribute when it was confirmed is none now, either.
  expect(running?.attributes).toEqual(["city"]);
  const { batch } = await claim(scope, other, 1, NOW, 0, { attributes: ["city"], codes: null });
  const [calls] = batch.map((delivery) => callsLeft(running ?? campaignLost(), delivery, undefined as never));
  expect(Array.isArray(calls) && calls[0].payload).toMatchObject({ text: "Hi from nearby, {town}" });

  // Once somebody has it again, the paused one goes on.
  await scope.db.update(recipients).set({ attributes: { city: "Omsk" } });
  await resume(scope, ADMIN, needing, startsAt);
  expect(await holdAttributes(scope, needing)).toBeNull();
});

function campaignLost(): never {
  throw new Error("the campaign is not running");
}

test("a welcome does not look through everybody for each /start, and knows a new attribute a minute later", async () => {
  let now = 0;
  const attributesFor = createAttributesFor(scope, { monotonic: () => now });
  const welcome = { content: post, audience: EVERYONE };
  expect(await attributesFor(welcome, 1)).toEqual({ city: "Kazan" });
  await seedPeople(scope, [4], { attributes: { town: "Omsk" } });
  expect(await attributesFor(welcome, 4)).toEqual({ city: null });
  now = 60_000;
  expect(await attributesFor(welcome, 4)).toEqual({ city: null, town: "Omsk" });
});
