import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { Content, PostOptions } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { chats, followUps } from "../../src/db/schema.ts";
import { createFollowUps } from "../../src/delivery/follow-ups/follow-ups.ts";
import { createSendApi } from "../../src/delivery/outbox/send-post.ts";
import { settle } from "../../src/delivery/settle/settle.ts";
import { createLog } from "../../src/log.ts";
import { movableClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { heard, testEvents } from "../support/events.ts";
import { engine, isFinished, postTo, seedChats } from "../support/engine.ts";
import { TOKEN, atEnd, localTelegram } from "../support/herald.ts";
import { POST, claimAll, emptied, range, seedCampaign, seedPeople, seedRunning } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const HOUR_MS = 3_600_000;

function worker(telegram: Telegram, clock: Clock = systemClock, held = () => true) {
  const logged: string[] = [];
  const events = testEvents();
  const refused = heard(events, "followUpRefused");
  const followUps = createFollowUps({
    calmMs: 1_000,
    scope,
    clock,
    log: createLog("debug", { write: (line: string) => void logged.push(line) }),
    api: createSendApi(TOKEN, telegram.apiRoot),
    lease: { held },
    rate: 1_000,
    events,
  });
  atEnd(() => followUps.stop());
  return { followUps, logged, refused };
}

const left = () =>
  scope.db
    .select({
      seq: followUps.seq,
      what: followUps.what,
      dueAt: followUps.dueAt,
      attempts: followUps.attempts,
    })
    .from(followUps)
    .where(eq(followUps.botId, scope.botId))
    .orderBy(followUps.campaignId, followUps.seq);

const pinnedIn = (telegram: Telegram, chatId: number) => telegram.place(chatId)?.pinned ?? [];
const called = (telegram: Telegram, method: string) =>
  telegram.calls.filter((call) => call.method === method);

async function rememberedIn(chatId: number): Promise<number | null> {
  const [row] = await scope.db
    .select({ pinned: chats.pinnedMessageId })
    .from(chats)
    .where(and(eq(chats.botId, scope.botId), eq(chats.chatId, chatId)));
  return row?.pinned ?? null;
}

async function posted(telegram: Telegram, rooms: Parameters<typeof postTo>[1], options: PostOptions) {
  const { dispatcher } = await engine(scope, telegram, { rate: 200 });
  const post = await postTo(scope, rooms, options);
  dispatcher.poke();
  await isFinished(scope, post);
  await dispatcher.stop();
  return post;
}

describe("settling", () => {
  test("adds follow-ups only for what was sent, and a batch that is settled again adds none twice", async () => {
    const content: Content = { ...POST, options: { pin: true, deleteAfterHours: 5 } };
    const id = await seedRunning(scope, range(1, 3), { content });
    const batch = (await claimAll(scope, id)).map((delivery, index) => ({
      delivery,
      outcome:
        index === 1
          ? ({ type: "uncertain", description: "cut" } as const)
          : { type: "sent" as const, messageIds: [70 + index] },
    }));
    const now = new Date("2026-03-02T12:00:00Z");
    await settle(scope, batch, now);
    await settle(scope, batch, now);
    const due = { delete: new Date(now.getTime() + 5 * HOUR_MS), pin: now };
    const rows = (await left()).map(({ seq, what, dueAt }) => `${seq} ${what} ${dueAt.toISOString()}`);
    expect(new Set(rows)).toEqual(
      new Set(
        [1, 3].flatMap((seq) =>
          (["pin", "delete"] as const).map((what) => `${seq} ${what} ${due[what].toISOString()}`),
        ),
      ),
    );
    expect(rows).toHaveLength(4);
  });

  test("a campaign without options adds none", async () => {
    const id = await seedRunning(scope, [1]);
    const [delivery] = await claimAll(scope, id);
    await settle(scope, [{ delivery: delivery!, outcome: { type: "sent", messageIds: [1] } }], new Date());
    expect(await left()).toEqual([]);
  });
});

describe("pinning", () => {
  test("replaces what a campaign pinned before, not what others pinned", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const channel = telegram.channel();
    await seedChats(scope, [channel]);
    const foreign = (await channel.posts({ text: "Rules" })).message_id;
    telegram.place(channel.id)!.pinned = [foreign];
    const { followUps } = worker(telegram);
    await posted(telegram, [channel], { pin: true });
    await followUps.doAllDue();
    const [first] = telegram.received(channel.id).filter(({ text }) => text !== undefined);
    expect(pinnedIn(telegram, channel.id)).toEqual([foreign, first?.message_id]);
    expect(await rememberedIn(channel.id)).toBe(first?.message_id);

    const second = await posted(telegram, [channel], { pin: true, silent: true });
    await followUps.doAllDue();
    const message = telegram.received(channel.id).find(({ text }) => text === second.text);
    expect(pinnedIn(telegram, channel.id)).toEqual([foreign, message?.message_id]);
    expect(await rememberedIn(channel.id)).toBe(message?.message_id);
    expect(await left()).toEqual([]);
  });

  test("without the right is reported once for all chats that were due, and not tried again", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const [mute, mute2, fine] = [telegram.channel(), telegram.channel(), telegram.channel()];
    for (const channel of [mute, mute2]) await channel.limits({ can_edit_messages: false });
    await seedChats(scope, [mute, mute2, fine]);
    const { followUps, refused, logged } = worker(telegram);
    const { id, text } = await posted(telegram, [mute, fine, mute2], { pin: true });
    await followUps.doAllDue();
    await followUps.doAllDue();
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ campaignId: id, what: "pin" });
    expect(new Set(refused[0]?.chatIds)).toEqual(new Set([mute.id, mute2.id]));
    expect(pinnedIn(telegram, fine.id)).toHaveLength(1);
    expect(await left()).toEqual([]);
    expect(logged.filter((line) => line.includes("cannot be pinned"))).toHaveLength(2);
    expect(logged.join("")).not.toContain(text);
  });

  test("is not held up by an earlier post that someone has already unpinned", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const group = telegram.group({ bot: "administrator" });
    await seedChats(scope, [group]);
    const { followUps } = worker(telegram);
    await posted(telegram, [group], { pin: true });
    await followUps.doAllDue();
    telegram.place(group.id)!.pinned = [];
    await posted(telegram, [group], { pin: true });
    await followUps.doAllDue();
    expect(pinnedIn(telegram, group.id)).toEqual([await rememberedIn(group.id)]);
    expect(await left()).toEqual([]);
  });
});

describe("deleting", () => {
  test("happens after its hours, even after a restart, for people and chats", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const clock = movableClock();
    const channel = telegram.channel();
    await seedChats(scope, [channel]);
    await posted(telegram, [channel], { deleteAfterHours: 2 });
    telegram.people(30, { firstId: 1_000 });
    await seedPeople(scope, range(1_000, 1_029));
    const { dispatcher } = await engine(scope, telegram, { rate: 500 });
    const content = { ...POST, options: { deleteAfterHours: 2 } };
    const people = await seedCampaign(scope, { state: "running", startedAt: new Date(), content });
    dispatcher.poke();
    await isFinished(scope, people);

    clock.advance(2 * HOUR_MS - 60_000);
    await worker(telegram, clock).followUps.doAllDue();
    expect(telegram.received(channel.id)).toHaveLength(1);
    clock.advance(60_000);
    await worker(telegram, clock).followUps.doAllDue();
    expect(telegram.received(channel.id)).toEqual([]);
    expect(telegram.received(1_000)).toEqual([]);
    expect(telegram.received(1_029)).toEqual([]);
    expect(await left()).toEqual([]);
  });

  test("deletes several messages of a chat at once; one that cannot be deleted does not keep the others", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const forum = telegram.group({ isForum: true });
    await seedChats(scope, [forum]);
    const topics = range(1, 4).map((number) => forum.topic(`Topic ${number}`));
    const targets = topics.map((topic) => ({ chatId: forum.id, threadId: topic.message_thread_id }));
    const clock = movableClock();
    const { dispatcher } = await engine(scope, telegram, {
      rate: 200,
      throttle: { transformer: (call, ...rest) => call(...rest), renew: () => undefined },
    });
    const slowly = await postTo(scope, targets, { deleteAfterHours: 1 });
    dispatcher.poke();
    await isFinished(scope, slowly, 30_000);
    const [first] = telegram.received(forum.id).filter(({ text }) => text === slowly.text);
    telegram.ages(forum.id, first!.message_id, 50 * 3_600);
    clock.advance(HOUR_MS);
    const { followUps, logged } = worker(telegram, clock);
    await followUps.doAllDue();
    expect(called(telegram, "deleteMessages")).toHaveLength(1);
    const messages = telegram.received(forum.id).filter(({ text }) => text === slowly.text);
    expect(messages.map(({ message_id }) => message_id)).toEqual([first?.message_id]);
    expect(logged.filter((line) => line.includes("cannot be deleted"))).toHaveLength(1);
    expect(await left()).toEqual([]);
  }, 40_000);

  test("a message that is already gone is not tried again", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const channel = telegram.channel();
    await seedChats(scope, [channel]);
    await posted(telegram, [channel], { deleteAfterHours: 1 });
    telegram.clearRecords({ messages: true });
    const clock = movableClock();
    clock.advance(HOUR_MS);
    const { followUps } = worker(telegram, clock);
    await followUps.doAllDue();
    await followUps.doAllDue();
    expect(called(telegram, "deleteMessage")).toHaveLength(1);
    expect(await left()).toEqual([]);
  });

  test.each([
    ["asks to wait 7 s", { error: tooManyRequests(7) }, 7_000, 0],
    ["answers 500", { error: ERRORS.internal }, 2_000, 1],
    ["hangs up", { cut: "before" as const }, 2_000, 1],
  ])("is done later when Telegram %s", async (_, effect, waitMs, attempts) => {
    const telegram = await localTelegram({ limits: "none" });
    const channel = telegram.channel();
    await seedChats(scope, [channel]);
    await posted(telegram, [channel], { deleteAfterHours: 1 });
    const clock = movableClock();
    clock.advance(HOUR_MS);
    telegram.fault({ method: "deleteMessage" }, effect);
    const { followUps } = worker(telegram, clock);
    const asked = clock.now().getTime();
    await followUps.doAllDue();
    const [row] = await left();
    expect(row?.attempts).toBe(attempts);
    expect((row?.dueAt.getTime() ?? 0) - asked).toBeGreaterThanOrEqual(waitMs);
    expect((row?.dueAt.getTime() ?? 0) - asked).toBeLessThan(waitMs + 2_000);
    await followUps.doAllDue();
    expect(called(telegram, "deleteMessage")).toHaveLength(1);
    clock.advance(waitMs + 2_000);
    await followUps.doAllDue();
    expect(telegram.received(channel.id)).toEqual([]);
    expect(await left()).toEqual([]);
  });

  test("is kept for the next token when the token is refused", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const channel = telegram.channel();
    await seedChats(scope, [channel]);
    await posted(telegram, [channel], { deleteAfterHours: 1 });
    const clock = movableClock();
    clock.advance(HOUR_MS);
    telegram.revoke(TOKEN);
    const { followUps } = worker(telegram, clock);
    await followUps.doAllDue();
    expect(await left()).toHaveLength(1);
    telegram.restore(TOKEN);
    clock.advance(61_000);
    await followUps.doAllDue();
    expect(telegram.received(channel.id)).toEqual([]);
  });

  test("nothing is done without the lease", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const channel = telegram.channel();
    await seedChats(scope, [channel]);
    await posted(telegram, [channel], { pin: true });
    await worker(telegram, systemClock, () => false).followUps.doAllDue();
    expect(called(telegram, "pinChatMessage")).toEqual([]);
    expect(await left()).toHaveLength(1);
  });
});
