import { eq } from "drizzle-orm";
import type { Message } from "grammy/types";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import type { ApiFailure } from "../../playground/wire/refusal.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { setStatus } from "../../src/audience/recipients.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import { listPosts } from "../../src/campaign/report/sent-posts.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { mend } from "../../src/campaign/actions/mend.ts";
import { systemClock } from "../../src/clock.ts";
import type { AlbumPart, Content, PostOptions } from "../../src/content/content.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { recipients } from "../../src/db/schema.ts";
import { claim, needsPerson } from "../../src/delivery/claim/claim.ts";
import type { Claimed } from "../../src/delivery/shared/claimed.ts";
import { createFollowUps } from "../../src/delivery/follow-ups/follow-ups.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { createPacer } from "../../src/delivery/pace/pacer.ts";
import { rescue } from "../../src/delivery/upkeep/rescuer.ts";
import { createSendApi } from "../../src/delivery/outbox/send-post.ts";
import { settle } from "../../src/delivery/settle/settle.ts";
import { createLog } from "../../src/log.ts";
import type { Window } from "../../src/schedule/window.ts";
import { until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID, freshLocation, freshScope } from "../support/database.ts";
import { testEvents } from "../support/events.ts";
import { type EngineOptions, engine, isFinished, seedChats } from "../support/engine.ts";
import { TOKEN, atEnd, localTelegram } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import {
  ADMIN,
  ADMIN_ID,
  NOW,
  POST,
  claimAll,
  countersOf,
  deliveriesOf,
  emptied,
  range,
  seedCampaign,
  seedPeople,
  seedRunning,
} from "../support/seed.ts";

/* Posts that are more than one message: albums, and those of two calls. */

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const HOUR_MS = 3_600_000;
const FIRST = 1_000;
const BELOW = "More below.";

/** Photos that an admin sent to the bot as an album. */
async function photosOf(telegram: Telegram, count: number): Promise<{ parts: AlbumPart[]; own: Message[] }> {
  const admin = telegram.person({ id: ADMIN_ID, started: true });
  const own = await admin.sendsAlbum(Array.from({ length: count }, () => ({ photo: true })));
  const parts = own.map(({ photo }) => ({ kind: "photo" as const, fileId: photo?.at(-1)?.file_id ?? "" }));
  return { parts, own };
}

/** A photo, and a text below it: two calls. */
async function twoCalls(telegram: Telegram, options?: PostOptions): Promise<Content> {
  const [photo] = (await photosOf(telegram, 1)).parts;
  if (photo?.kind !== "photo") throw new Error("no photo");
  return { ...photo, below: { text: BELOW }, buttons: [], ...(options && { options }) };
}

/** `count` people whom the bot knows, and a Telegram that takes what comes. */
async function crowd(count: number, limits: "none" | object = "none") {
  const telegram = await localTelegram({ limits });
  telegram.people(count, { firstId: FIRST });
  await seedPeople(scope, range(FIRST, FIRST + count - 1));
  return telegram;
}

const running = (content: Content, change: object = {}) =>
  seedCampaign(scope, { state: "running", startedAt: new Date(), content, ...change });

/** What a chat has, a word a message. */
const kindsIn = (telegram: Telegram, chatId: number) =>
  telegram.received(chatId).map(({ photo, text }) => (photo ? "photo" : (text ?? "?")));
const idsIn = (telegram: Telegram, chatId: number) =>
  telegram.received(chatId).map(({ message_id: id }) => id);
const only = async (id: number) => (await deliveriesOf(scope, id))[0]!;
const isPaused = (id: number) => until(async () => (await getCampaign(scope, id)).state === "paused");

describe("the pace", () => {
  test(
    "counts the parts of albums, and a crowd's texts beside them",
    { timeout: 60_000, retry: 1 },
    async () => {
      const telegram = await crowd(12, {});
      const { parts } = await photosOf(telegram, 10);
      const { dispatcher } = await engine(scope, telegram, { rate: 28 });
      const albums = await running({ kind: "album", parts, buttons: [] });
      const texts = await running(POST);
      dispatcher.poke();
      await isFinished(scope, albums, 40_000);
      await isFinished(scope, texts);
      const sends = telegram.calls.filter(({ ok, weight }) => ok && weight > 0);
      expect(sends.reduce((sum, { weight }) => sum + weight, 0)).toBe(132);
      expect(telegram.worstSecond()).toBeLessThanOrEqual(30);
      // None on an idle machine; on a busy one albums may arrive more closely than they left.
      expect(telegram.tooMany).toBeLessThanOrEqual(1);
      // 132 slots, the last of which nobody waits for.
      expect((sends.at(-1)!.at - sends[0]!.at) / 1_000).toBeGreaterThan((132 - 10) / 30);
      expect(await countersOf(scope, albums.id)).toEqual({ total: 12, sent: 12 });
      const [row] = await deliveriesOf(scope, albums.id);
      expect(row?.messageIds).toHaveLength(10);
      expect(row?.messageId).toBe(row?.messageIds?.[0]);
    },
  );

  test("of a group: after an album, the next message waits for each of its parts", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const group = telegram.group();
    await seedChats(scope, [group]);
    const { parts } = await photosOf(telegram, 3);
    const { dispatcher } = await engine(scope, telegram);
    const audience = { chats: [{ chatId: group.id }] };
    const album = await running({ kind: "album", parts, buttons: [] }, { audience });
    dispatcher.poke();
    await isFinished(scope, album);
    const after = await running(POST, { audience });
    dispatcher.poke();
    await isFinished(scope, after, 20_000);
    const [first, second] = telegram.calls.filter(({ chatId }) => chatId === group.id);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(6_000);
  });
});

describe("a post of two calls", () => {
  test("arrives as two messages, the second right after the first", async () => {
    const telegram = await crowd(5);
    const { dispatcher } = await engine(scope, telegram);
    const post = await running(await twoCalls(telegram));
    dispatcher.poke();
    await isFinished(scope, post);
    for (const { chatId, messageId, messageIds, callsDone, attempts } of await deliveriesOf(scope, post.id)) {
      expect(kindsIn(telegram, chatId)).toEqual(["photo", BELOW]);
      expect(messageIds).toEqual(idsIn(telegram, chatId));
      expect([messageId, callsDone, attempts]).toEqual([messageIds?.[0], 2, 1]);
    }
  });

  test("that gets a 429 at the second continues after the first", async () => {
    const telegram = await crowd(1);
    telegram.fault({ method: "sendMessage" }, { error: tooManyRequests(1) });
    const { dispatcher } = await engine(scope, telegram);
    const post = await running(await twoCalls(telegram));
    dispatcher.poke();
    await isFinished(scope, post);
    expect(kindsIn(telegram, FIRST)).toEqual(["photo", BELOW]);
    expect((await only(post.id)).messageIds).toEqual(idsIn(telegram, FIRST));
  });

  test("continues after the first when the Bot API server restarts at the second", async () => {
    const telegram = await crowd(1);
    telegram.fault({ method: "sendMessage" }, { error: ERRORS.restarting });
    const { dispatcher } = await engine(scope, telegram);
    const post = await running(await twoCalls(telegram));
    dispatcher.poke();
    await isFinished(scope, post);
    expect(kindsIn(telegram, FIRST)).toEqual(["photo", BELOW]);
    expect(await countersOf(scope, post.id)).toEqual({ total: 1, sent: 1 });
  });

  test("that is blocked in between fails with what arrived, and Retry continues from there", async () => {
    const telegram = await crowd(1);
    telegram.fault({ method: "sendMessage" }, { error: ERRORS.blocked });
    const { dispatcher } = await engine(scope, telegram);
    const post = await running(await twoCalls(telegram));
    dispatcher.poke();
    await isFinished(scope, post);
    const [photo] = idsIn(telegram, FIRST);
    expect(await only(post.id)).toMatchObject({
      state: "failed",
      reason: "blocked",
      callsDone: 1,
      messageId: photo,
      messageIds: null,
    });
    expect(await countersOf(scope, post.id)).toEqual({ total: 1, blocked: 1 });
    await setStatus(scope, FIRST, "active");
    await retry(scope, ADMIN, post.id, "failed");
    dispatcher.poke();
    await isFinished(scope, post);
    expect(kindsIn(telegram, FIRST)).toEqual(["photo", BELOW]);
    expect((await only(post.id)).messageIds).toEqual(idsIn(telegram, FIRST));
  });

  test("that is edited into one message while paused in between is complete with the first", async () => {
    const telegram = await crowd(1);
    const fault = telegram.fault({ method: "sendPhoto" }, { hang: 700 });
    const { dispatcher } = await engine(scope, telegram);
    const content = await twoCalls(telegram);
    const post = await running(content);
    dispatcher.poke();
    await until(() => fault.hits === 1);
    await pause(scope, ADMIN, post.id);
    dispatcher.poke();
    await until(async () => (await only(post.id)).state === "pending");
    const draft = await beginChange(scope, ADMIN, post.id, "edit");
    const { below: _, ...shorter } = content;
    await mend(scope, ADMIN, await editDraft(scope, ADMIN, draft, { content: shorter }));
    await resume(scope, ADMIN, post.id);
    dispatcher.poke();
    await isFinished(scope, post);
    expect(kindsIn(telegram, FIRST)).toEqual(["photo"]);
    expect(await only(post.id)).toMatchObject({ state: "sent", messageId: idsIn(telegram, FIRST)[0] });
    // What it holds is of the post as it was before the edit.
    expect((await getCampaign(scope, post.id)).contentRevision).toBe(2);
    expect((await only(post.id)).contentRevision).toBe(1);
  });

  test("an edit half-way raises the revision of the post, and each delivery remembers which one it carried", async () => {
    const telegram = await crowd(3);
    const { dispatcher } = await engine(scope, telegram);
    const post = await running({ kind: "text", text: "Before", buttons: [] });
    const cut = telegram.fault({ method: "sendMessage", chat: FIRST }, { cut: "after" });
    const hung = telegram.fault({ method: "sendMessage", chat: FIRST + 1 }, { hang: 700 });
    const refused = telegram.fault({ method: "sendMessage", chat: FIRST + 2 }, { error: tooManyRequests(1) });
    dispatcher.poke();
    await until(() => cut.hits + hung.hits + refused.hits >= 3);
    await pause(scope, ADMIN, post.id);
    const revisions = async () =>
      (await deliveriesOf(scope, post.id)).map(({ state, contentRevision }) => [state, contentRevision]);
    await until(async () => (await revisions()).every(([state]) => state !== "sending"));
    expect(await revisions()).toEqual([
      ["uncertain", 1],
      ["sent", 1],
      ["pending", null],
    ]);
    const draft = await beginChange(scope, ADMIN, post.id, "edit");
    const content = { kind: "text" as const, text: "After", buttons: [] };
    await mend(scope, ADMIN, await editDraft(scope, ADMIN, draft, { content }));
    await resume(scope, ADMIN, post.id);
    dispatcher.poke();
    await isFinished(scope, post);
    expect(await revisions()).toEqual([
      ["uncertain", 1],
      ["sent", 1],
      ["sent", 2],
    ]);
  });

  test("that is uncertain at the second is sent only from there when an admin retries it", async () => {
    const telegram = await crowd(1);
    telegram.fault({ method: "sendMessage" }, { cut: "after" });
    const { dispatcher } = await engine(scope, telegram);
    const post = await running(await twoCalls(telegram));
    dispatcher.poke();
    await isFinished(scope, post);
    expect(await only(post.id)).toMatchObject({ state: "uncertain", callsDone: 1 });
    await retry(scope, ADMIN, post.id, "uncertain");
    dispatcher.poke();
    await isFinished(scope, post);
    expect(kindsIn(telegram, FIRST)).toEqual(["photo", BELOW, BELOW]);
  });

  test.each(["paused", "stopped"] as const)(
    "that is %s in between keeps its second message waiting, which then arrives once",
    async (how) => {
      const telegram = await crowd(1);
      const fault = telegram.fault({ method: "sendPhoto" }, { hang: 700 });
      const first = await engine(scope, telegram);
      const post = await running(await twoCalls(telegram));
      first.dispatcher.poke();
      await until(() => fault.hits === 1);
      if (how === "paused") {
        await pause(scope, ADMIN, post.id);
        first.dispatcher.poke();
      } else await first.dispatcher.stop();
      await until(async () => (await only(post.id)).state === "pending");
      expect(await only(post.id)).toMatchObject({ callsDone: 1, messageId: idsIn(telegram, FIRST)[0] });
      expect(kindsIn(telegram, FIRST)).toEqual(["photo"]);
      if (how === "paused") await resume(scope, ADMIN, post.id);
      const { dispatcher } = how === "paused" ? first : await engine(scope, telegram);
      dispatcher.poke();
      await isFinished(scope, post);
      expect(kindsIn(telegram, FIRST)).toEqual(["photo", BELOW]);
    },
  );

  test("in a group stays together, and the link goes to the first message", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const group = telegram.group();
    await seedChats(scope, [group]);
    const { dispatcher } = await engine(scope, telegram);
    const post = await running(await twoCalls(telegram), { audience: { chats: [{ chatId: group.id }] } });
    dispatcher.poke();
    await isFinished(scope, post);
    expect(kindsIn(telegram, group.id)).toEqual(["photo", BELOW]);
    const [link] = await listPosts(scope, post.id, 10);
    expect(link?.messageId).toBe(idsIn(telegram, group.id)[0]);
    expect(link?.link).toMatch(new RegExp(`/${link?.messageId}$`));
  });

  test("that another process took for abandoned still learns what arrived", async () => {
    const id = await seedRunning(scope, [1]);
    const [delivery] = await claimAll(scope, id);
    await rescue(scope, []);
    delivery!.callsDone = 1;
    delivery!.messageIds.push(70);
    for (const _ of [1, 2]) {
      await settle(scope, [{ delivery: delivery!, outcome: { type: "withheld" } }], NOW);
      expect(await only(id)).toMatchObject({ state: "uncertain", callsDone: 1, messageId: 70 });
      expect(await countersOf(scope, id)).toEqual({ total: 1, uncertain: 1 });
    }
    const done = { type: "sent" as const, messageIds: [71] };
    await settle(scope, [{ delivery: delivery!, outcome: done }], NOW);
    expect(await only(id)).toMatchObject({ state: "sent", callsDone: 2, messageIds: [70, 71] });
    expect(await countersOf(scope, id)).toEqual({ total: 1, sent: 1 });
  });

  test("that meets a supergroup migration in between keeps no message ids of the old group", async () => {
    const id = await seedRunning(scope, [1]);
    const [delivery] = await claimAll(scope, id);
    delivery!.callsDone = 1;
    delivery!.messageIds.push(70);
    await settle(scope, [{ delivery: delivery!, outcome: { type: "migrated", toChatId: -5 } }], NOW);
    expect(await only(id)).toMatchObject({ state: "pending", callsDone: 1, messageId: null });
  });
});

describe("the language of a person who changes it between the two calls", () => {
  const ENGLISH = "In English.";

  /** Sent to one who has an English Telegram until the first call is done. */
  async function changes(to: string | null, ...errors: ApiFailure[]) {
    const telegram = await crowd(1);
    for (const error of errors) telegram.fault({ method: "sendMessage" }, { error });
    const { dispatcher, paused } = await engine(scope, telegram);
    const content = await twoCalls(telegram);
    const { buttons: _, ...photo } = content;
    const versions = {
      en: { ...photo, below: { text: ENGLISH } },
      de: { kind: "text" as const, text: "Kurz." },
    };
    const post = await running({ ...content, versions });
    dispatcher.poke();
    await until(async () => (await deliveriesOf(scope, post.id))[0]?.callsDone === 1);
    await scope.db.update(recipients).set({ language: to }).where(eq(recipients.chatId, FIRST));
    return { telegram, dispatcher, post, paused };
  }

  test.each([
    ["one of two calls", null],
    ["one of a single call", "de"],
  ])("goes on in that of the first, not with %s", async (_, to) => {
    const { telegram, post } = await changes(to, tooManyRequests(1));
    await isFinished(scope, post);
    expect(kindsIn(telegram, FIRST)).toEqual(["photo", ENGLISH]);
    expect(await only(post.id)).toMatchObject({ state: "sent", callsDone: 2, version: "en" });
  });

  test("stays the same in a retry", async () => {
    const { telegram, dispatcher, post } = await changes(null, ERRORS.unheardOf);
    await isFinished(scope, post);
    await retry(scope, ADMIN, post.id, "failed");
    dispatcher.poke();
    await isFinished(scope, post);
    expect(kindsIn(telegram, FIRST)).toEqual(["photo", ENGLISH]);
  });

  test("is named by a pause as it was at the first call", async () => {
    const { post, paused } = await changes("de", tooManyRequests(1), ERRORS.tooLong);
    await isPaused(post.id);
    expect(paused).toEqual([{ campaignId: post.id, reason: "content" }]);
    expect(await getCampaign(scope, post.id)).toMatchObject({ pauseLanguage: "en" });
  });
});

describe("hours that end between the two calls", () => {
  const NIGHT: Window = { zone: "UTC", from: 22 * 60, to: 6 * 60, days: [1, 2, 3, 4, 5, 6, 7] };

  test.each(["person", "group"])("let the second call follow the first: %s", async (kind) => {
    const telegram = await crowd(1);
    const group = telegram.group();
    await seedChats(scope, [group]);
    const chatId = kind === "group" ? group.id : FIRST;
    const fault = telegram.fault({ method: "sendPhoto" }, { hang: 700 });
    const clock = movableClock();
    clock.advance(Date.UTC(2030, 0, 1, 5, 59) - clock.now().getTime());
    const { dispatcher } = await engine(scope, telegram, { clock });
    const change = { window: NIGHT, ...(kind === "group" && { audience: { chats: [{ chatId }] } }) };
    const post = await running(await twoCalls(telegram), change);
    dispatcher.poke();
    await until(() => fault.hits === 1);
    clock.advance(120_000);
    await isFinished(scope, post);
    expect(kindsIn(telegram, chatId)).toEqual(["photo", BELOW]);
  });
});

test("a post whose process is killed between its two calls is uncertain, and none of it is sent again by itself", async () => {
  const telegram = await localTelegram({ limits: "none" });
  telegram.people(1, { firstId: FIRST });
  const location = await freshLocation();
  const content = await twoCalls(telegram);
  const post = await within(location, async ({ db }) => {
    const own = homeScope(db, BOT_ID);
    await emptied(own);
    await seedPeople(own, [FIRST]);
    return seedCampaign(own, { state: "running", startedAt: new Date(), content });
  });
  const fault = telegram.fault(
    { method: "sendMessage", chat: FIRST, times: Infinity },
    { hang: "forever", accept: false },
  );
  const first = spawnHerald(environment(telegram, location));
  await isUp(first);
  await until(() => fault.hits === 1);
  await first.kill9();
  fault.remove();
  const second = spawnHerald(environment(telegram, location));
  await isUp(second);
  await within(location, async ({ db }) => {
    await isFinished(homeScope(db, BOT_ID), post, 30_000);
    const [row] = await deliveriesOf(homeScope(db, BOT_ID), post.id);
    expect(row).toMatchObject({ state: "uncertain", callsDone: 0 });
  });
  expect(kindsIn(telegram, FIRST)).toEqual(["photo"]);
}, 60_000);

/** An album that is forwarded, of which the admin has deleted some parts. */
async function forwarded(deleted: number, people = 1, options: EngineOptions = {}) {
  const telegram = await crowd(people);
  const { parts, own } = await photosOf(telegram, 4);
  const admin = telegram.person({ id: ADMIN_ID });
  for (const message of own.slice(0, deleted)) await admin.deletes(message);
  const { dispatcher, pacer, paused } = await engine(scope, telegram, options);
  const turns: (number | undefined)[][] = [];
  const { turn } = pacer;
  pacer.turn = (signal, ...slots) => {
    turns.push(slots);
    return turn(signal, ...slots);
  };
  const source = { chatId: ADMIN_ID, messageIds: own.map(({ message_id: id }) => id) };
  const post = await running({ kind: "album", parts, buttons: [], source, options: { forward: true } });
  dispatcher.poke();
  return { telegram, dispatcher, own, post, paused, turns };
}

const lacking = (delivery: Claimed) => ({
  delivery,
  outcome: { type: "sent" as const, messageIds: [1, 2, 3], asked: 4 },
});

describe("a forward", () => {
  test("arrives whole", async () => {
    const { telegram, post } = await forwarded(0);
    await isFinished(scope, post);
    expect(telegram.received(FIRST)).toHaveLength(4);
    expect(telegram.received(FIRST).every(({ forward_origin: origin }) => origin !== undefined)).toBe(true);
  });

  test("that lacks a part counts as sent, and pauses the campaign once", async () => {
    const { telegram, dispatcher, post, paused } = await forwarded(1, 40);
    await isPaused(post.id);
    expect(telegram.received(FIRST)).toHaveLength(3);
    expect((await only(post.id)).state).toBe("sent");
    expect(paused).toEqual([{ campaignId: post.id, reason: "incomplete" }]);
    expect(await getCampaign(scope, post.id)).toMatchObject({ pauseDetail: "3/4", pauseLanguage: null });
    expect(await resume(scope, ADMIN, post.id)).toMatchObject({
      incompleteWaived: true,
      errorsWaived: false,
    });
    dispatcher.poke();
    await isFinished(scope, post);
    expect(paused).toHaveLength(1);
    expect(await countersOf(scope, post.id)).toEqual({ total: 40, sent: 40 });
    expect(range(FIRST, FIRST + 39).every((id) => telegram.received(id).length === 3)).toBe(true);
  });

  test("that lacks parts and was resumed still pauses when Telegram refuses it", async () => {
    const { telegram, dispatcher, own, post, paused } = await forwarded(1, 200);
    await isPaused(post.id);
    for (const message of own.slice(1)) await telegram.person({ id: ADMIN_ID }).deletes(message);
    await resume(scope, ADMIN, post.id);
    dispatcher.poke();
    await isPaused(post.id);
    expect(paused.map(({ reason }) => reason)).toEqual(["incomplete", "content"]);
  });

  test("counts every message, and keeps to the free rate while others are paid for", async () => {
    const { post, turns } = await forwarded(0, 2, { rate: 40, allowed: true });
    await isFinished(scope, post);
    expect(turns).toEqual([
      [4, 4 * (40 / 28)],
      [4, 4 * (40 / 28)],
    ]);
  });

  test("that lacks a part pauses once, however often its outcome is written, and never again after Resume", async () => {
    const id = await seedRunning(scope, [1, 2]);
    const [one, two] = await claimAll(scope, id);
    expect(await settle(scope, [lacking(one!)], NOW)).toMatchObject([{ id, pauseDetail: "3/4" }]);
    expect((await only(id)).messageIds).toEqual([1, 2, 3]);
    await resume(scope, ADMIN, id);
    expect(await settle(scope, [lacking(one!)], NOW)).toEqual([]);
    expect(await settle(scope, [lacking(two!)], NOW)).toEqual([]);
    expect(await countersOf(scope, id)).toEqual({ total: 2, sent: 2 });
  });

  test("that lacks a part pauses although an admin had paused and resumed before", async () => {
    const id = await seedRunning(scope, [1]);
    const [one] = await claimAll(scope, id);
    await pause(scope, ADMIN, id);
    await resume(scope, ADMIN, id);
    expect(await settle(scope, [lacking(one!)], NOW)).toMatchObject([{ pauseReason: "incomplete" }]);
  });

  test("that lacks all parts pauses the campaign, and the delivery waits", async () => {
    const { post, paused } = await forwarded(4);
    await isPaused(post.id);
    expect((await only(post.id)).state).toBe("pending");
    expect(paused).toEqual([{ campaignId: post.id, reason: "content" }]);
    expect((await getCampaign(scope, post.id)).pauseDetail).toMatch(/no messages to forward/);
  });
});

describe("what a person gets", () => {
  const versions = { en: { kind: "text", text: "Hi" } } as const;
  const content: Content = { kind: "text", text: "Hello, {first_name|friend}", buttons: [], versions };

  test.each([
    [POST, false],
    [{ ...POST, text: "{first_name}" }, true],
    [{ ...POST, versions: {} }, false],
    [{ ...POST, versions }, true],
    [{ ...POST, below: { text: "Dear {username}" } }, true],
  ])("%j needs to know them: %s", (post, needs) => {
    expect(needsPerson({ content: post })).toBe(needs);
  });

  test("the claim reads who they are if asked to, and nothing for groups", async () => {
    await seedPeople(scope, [1], { firstName: "Ada", username: "ada", language: "ru" });
    await seedPeople(scope, [-1], { firstName: "Group", kind: "group" });
    const id = await seedRunning(scope, [2]);
    await scope.db.update(recipients).set({ language: null }).where(eq(recipients.chatId, 2));
    const { batch } = await claim(scope, id, 10, NOW, 0, { attributes: [], codes: null });
    expect(batch.map(({ chatId, person }) => [chatId, person])).toEqual([
      [1, { language: "ru", firstName: "Ada", lastName: null, username: "ada" }],
      [2, { language: null, firstName: null, lastName: null, username: null }],
    ]);
    const again = await seedRunning(scope, [3]);
    expect((await claim(scope, again, 10, NOW)).batch.every(({ person }) => person === null)).toBe(true);
    const toGroup = await seedCampaign(scope, { state: "running", audience: { chats: [{ chatId: -1 }] } });
    while (!(await freezeChunk(scope, toGroup.id, 10)));
    expect(
      (await claim(scope, toGroup.id, 10, NOW, 0, { attributes: ["city"], codes: null })).batch,
    ).toMatchObject([{ chatId: -1, person: null }]);
  });

  test("is in their language and has their name", async () => {
    const telegram = await crowd(3);
    const [english, named, nameless] = range(FIRST, FIRST + 2);
    const known = (chatId: number, change: object) =>
      scope.db.update(recipients).set(change).where(eq(recipients.chatId, chatId));
    await known(named!, { language: "ru", firstName: "Ада" });
    await known(nameless!, { language: null });
    const { dispatcher } = await engine(scope, telegram);
    const post = await running(content);
    dispatcher.poke();
    await isFinished(scope, post);
    expect([english, named, nameless].flatMap((id) => kindsIn(telegram, id!))).toEqual([
      "Hi",
      "Hello, Ада",
      "Hello, friend",
    ]);
  });
});

describe("a version that Telegram refuses", () => {
  const versions = { ru: { kind: "text", text: "Привет" } } as const;
  const refused = { type: "refused", class: "content", description: "MEDIA_EMPTY" } as const;

  async function claimed(languages: (string | null)[]) {
    const ids = languages.map((_, index) => index + 1);
    const id = await seedRunning(scope, ids, { content: { ...POST, versions } });
    for (const [index, language] of languages.entries())
      await scope.db
        .update(recipients)
        .set({ language })
        .where(eq(recipients.chatId, index + 1));
    // As the outbox picks it.
    const versionOf = (language = "") => (language in versions ? language : null);
    const claimNow = async () =>
      (await claim(scope, id, 10, NOW, 0, { attributes: [], codes: null })).batch.map((one) => ({
        ...one,
        version: versionOf(one.person?.language ?? undefined),
      }));
    return { id, claimNow };
  }

  test("is named in the pause reason; an admin's own pause names none", async () => {
    const { id, claimNow } = await claimed(["en", "ru"]);
    const [english, russian] = await claimNow();
    await settle(scope, [{ delivery: english!, outcome: { type: "sent", messageIds: [1] } }], NOW);
    const paused = await settle(scope, [{ delivery: russian!, outcome: refused }], NOW);
    expect(paused).toMatchObject([{ id, pauseReason: "content", pauseLanguage: "ru" }]);
    expect((await resume(scope, ADMIN, id)).pauseLanguage).toBeNull();
    expect((await pause(scope, ADMIN, id)).pauseLanguage).toBeNull();
  });

  test("again pauses again if nobody has it, even if others have another version", async () => {
    const { id, claimNow } = await claimed(["en", "ru"]);
    const [english, russian] = await claimNow();
    await settle(scope, [{ delivery: english!, outcome: { type: "sent", messageIds: [1] } }], NOW);
    await settle(scope, [{ delivery: russian!, outcome: refused }], NOW);
    await resume(scope, ADMIN, id);
    const [again] = await claimNow();
    expect(await settle(scope, [{ delivery: again!, outcome: refused }], NOW)).toHaveLength(1);
    expect((await deliveriesOf(scope, id)).map(({ state }) => state)).toEqual(["sent", "pending"]);
  });

  test.each([
    ["ru", "ru"],
    ["en", "de"],
    [null, "de"],
  ])("again, although others have it (%s and %s), fails for this one", async (others, own) => {
    const { id, claimNow } = await claimed([others, own]);
    const [other, one] = await claimNow();
    await settle(scope, [{ delivery: other!, outcome: { type: "sent", messageIds: [1] } }], NOW);
    await settle(scope, [{ delivery: one!, outcome: refused }], NOW);
    await resume(scope, ADMIN, id);
    const [again] = await claimNow();
    expect(await settle(scope, [{ delivery: again!, outcome: refused }], NOW)).toEqual([]);
    expect((await deliveriesOf(scope, id)).map(({ state }) => state)).toEqual(["sent", "failed"]);
  });
});

function worker(telegram: Telegram, clock = movableClock(), sends = createPacer(systemClock, 1_000)) {
  const followUps = createFollowUps({
    calmMs: 1_000,
    scope,
    clock,
    log: createLog("silent"),
    api: createSendApi(TOKEN, telegram.apiRoot),
    lease: { held: () => true },
    rate: 1_000,
    sends,
    events: testEvents(),
  });
  atEnd(() => followUps.stop());
  return { followUps, clock };
}

async function sent(telegram: Telegram, options: PostOptions) {
  const { dispatcher } = await engine(scope, telegram);
  const post = await running(await twoCalls(telegram, options));
  dispatcher.poke();
  await isFinished(scope, post);
  await dispatcher.stop();
  return post;
}

const pinnedIn = (telegram: Telegram, chatId: number) => telegram.place(chatId)?.pinned ?? [];

describe("follow-ups of several messages", () => {
  test("the first is pinned in a person's chat, in place of the one before", async () => {
    const telegram = await crowd(2);
    await sent(telegram, { pin: true });
    const sends = createPacer(systemClock, 1_000);
    const weights: number[] = [];
    const counting = {
      ...sends,
      turn: (signal: AbortSignal, weight = 1) => {
        weights.push(weight);
        return sends.turn(signal, weight);
      },
    };
    const { followUps } = worker(telegram, undefined, counting);
    await followUps.doAllDue();
    const before = pinnedIn(telegram, FIRST);
    expect(before).toEqual([telegram.received(FIRST)[0]?.message_id]);
    expect(weights).toEqual([1, 1]);
    await sent(telegram, { pin: true });
    await followUps.doAllDue();
    const [, , third] = telegram.received(FIRST);
    expect(pinnedIn(telegram, FIRST)).toEqual([third?.message_id]);
    expect(pinnedIn(telegram, FIRST + 1)).toHaveLength(1);
    expect(weights.slice(2)).toEqual([2, 2]);
  });

  test("pins in people's chats wait while campaigns pause", async () => {
    const telegram = await crowd(1);
    await sent(telegram, { pin: true });
    const sends = createPacer(systemClock, 1_000);
    let asked = 0;
    const turn = (signal: AbortSignal) => {
      asked += 1;
      return sends.turn(signal);
    };
    const { followUps } = worker(telegram, undefined, { ...sends, turn });
    sends.pauseUntil(new Date(Date.now() + 500));
    await followUps.doAllDue();
    expect(pinnedIn(telegram, FIRST)).toEqual([]);
    expect(asked).toBe(0);
    await until(() => sends.pausedUntil() === null);
    await followUps.doAllDue();
    expect(pinnedIn(telegram, FIRST)).toHaveLength(1);
  });

  test("all are deleted, with one call a chat", async () => {
    const telegram = await crowd(2);
    await sent(telegram, { deleteAfterHours: 1 });
    const { followUps, clock } = worker(telegram);
    clock.advance(HOUR_MS);
    await followUps.doAllDue();
    expect([...telegram.received(FIRST), ...telegram.received(FIRST + 1)]).toEqual([]);
    expect(telegram.calls.filter(({ method }) => method === "deleteMessages")).toHaveLength(2);
  });

  test("one that cannot be deleted does not keep the other of its post", async () => {
    const telegram = await crowd(1);
    await sent(telegram, { deleteAfterHours: 1 });
    const [photo] = telegram.received(FIRST);
    telegram.ages(FIRST, photo!.message_id, 50 * 3_600);
    const { followUps, clock } = worker(telegram);
    clock.advance(HOUR_MS);
    await followUps.doAllDue();
    expect(kindsIn(telegram, FIRST)).toEqual(["photo"]);
  });

  test("what arrived of a post that then failed is deleted, too", async () => {
    const telegram = await crowd(1);
    telegram.fault({ method: "sendMessage" }, { error: ERRORS.unheardOf });
    await sent(telegram, { deleteAfterHours: 1 });
    expect(kindsIn(telegram, FIRST)).toEqual(["photo"]);
    const { followUps, clock } = worker(telegram);
    clock.advance(HOUR_MS);
    await followUps.doAllDue();
    expect(telegram.received(FIRST)).toEqual([]);
  });
});
