import type { Transformer } from "grammy";
import { describe, expect, test } from "vitest";
import { createFlood } from "../../src/delivery/pace/flood.ts";
import { interactive } from "../../src/delivery/pace/reply-pace.ts";
import { createPacer } from "../../src/delivery/pace/pacer.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";

const never = new AbortController().signal;

/** Replies to a Telegram that answers 429 to the calls whose number `isRefused`. */
function replies(
  isRefused: (call: number, isPaid: boolean) => boolean,
  seconds = 3,
  randoms: number[] = [],
  isPaying?: () => boolean,
) {
  const clock = manualClock();
  const pacer = createPacer(clock, 28);
  const kept: Date[] = [];
  const calls: number[] = [];
  let hasStars = true;
  const times: number[] = [];
  const transformer = interactive({
    pacer,
    flood: createFlood(clock),
    clock,
    log: createLog("silent"),
    savePausedUntil: async (until) => void kept.push(until),
    laneOf: (chatId) => (chatId < 100 ? "admin" : "crowd"),
    random: () => randoms.shift() ?? 0,
    stop: never,
    ...(isPaying && { isPaying }),
  });
  const paid: boolean[] = [];
  const telegram = (async (_: string, payload: { chat_id: number; allow_paid_broadcast?: true }) => {
    const isPaid = payload.allow_paid_broadcast === true;
    paid.push(isPaid);
    calls.push(payload.chat_id);
    times.push(clock.monotonic());
    if (isPaid && !hasStars)
      return { ok: false, error_code: 400, description: "Bad Request: BALANCE_TOO_LOW" };
    return isRefused(calls.length, isPaid)
      ? { ok: false, error_code: 429, description: "Too Many Requests", parameters: { retry_after: seconds } }
      : { ok: true, result: true };
  }) as unknown as Parameters<Transformer>[0];
  const reply = (chatId: number) =>
    transformer(telegram, "sendMessage", { chat_id: chatId, text: "Hi" }, never as never);
  const tapped = () =>
    transformer(telegram, "answerCallbackQuery", { callback_query_id: "1" }, never as never);
  const album = (chatId: number) =>
    transformer(
      telegram,
      "sendMediaGroup",
      { chat_id: chatId, media: Array.from({ length: 10 }, () => ({ type: "photo" as const, media: "id" })) },
      never as never,
    );
  const runOutOfStars = () => void (hasStars = false);
  return { clock, pacer, kept, calls, paid, times, reply, tapped, album, runOutOfStars };
}

test("someone who hammers the bot waits alone: campaigns keep their rate", async () => {
  const { clock, pacer, kept, calls, reply } = replies((call) => call <= 2);
  const answer = reply(7);
  await clock.advance(10_000);
  expect(await answer).toMatchObject({ ok: true });
  expect(calls).toEqual([7, 7, 7]);
  expect(kept).toEqual([]);
  expect(pacer).toMatchObject({ rate: 28, lastWait: null });
  expect(await pacer.turn(never)).toBe(true);
});

test("when a second chat has to wait, campaigns pause, and the end of the pause is stored", async () => {
  const { clock, pacer, kept, reply } = replies((call) => call <= 2);
  const answers = [reply(7), reply(8)];
  await clock.advance(1_000);
  expect(await pacer.turn(never)).toBe(false);
  expect(kept).toHaveLength(1);
  expect(pacer.rate).toBeLessThan(28);
  await clock.advance(5_000);
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ok: true });
});

test("a pause of more than half a minute is not waited for: the caller gets the refusal", async () => {
  const { clock, calls, reply } = replies(() => true, 2_282);
  const answer = reply(7);
  await clock.advance(1_000);
  expect(await answer).toMatchObject({ ok: false, error_code: 429 });
  expect(calls).toEqual([7]);
});

test("answers that were refused together are not repeated together", async () => {
  const randoms = [0.9, 0.1, 0.5, 0.3, 0.7];
  const { clock, times, reply } = replies((call) => call <= 5, 3, randoms);
  const answers = [7, 8, 9, 10, 11].map(reply);
  await clock.advance(10_000);
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ok: true });
  const again = times.slice(5).toSorted((a, b) => a - b);
  expect(again).toHaveLength(5);
  for (const [index, at] of again.slice(1).entries()) expect(at - (again[index] ?? 0)).toBeGreaterThan(100);
});

test("during a long pause nobody in the crowd causes another call; an admin is answered", async () => {
  const { clock, pacer, calls, reply } = replies(() => false);
  pacer.tooFast(120_000, clock.monotonic());
  expect(await reply(1_000)).toMatchObject({ ok: false, error_code: 429, parameters: { retry_after: 120 } });
  expect(await reply(7)).toMatchObject({ ok: true });
  expect(calls).toEqual([7]);
});

test("the crowd waits for a short pause to end", async () => {
  const { clock, pacer, calls, reply } = replies(() => false);
  pacer.tooFast(10_000, clock.monotonic());
  const answer = reply(1_000);
  await clock.advance(9_999);
  expect(calls).toEqual([]);
  await clock.advance(1);
  expect(await answer).toMatchObject({ ok: true });
});

test("a 429 to a call that makes no message does not affect campaigns", async () => {
  const { clock, pacer, kept, tapped } = replies((call) => call <= 2);
  const answers = [tapped(), tapped()];
  await clock.advance(5_000);
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ok: true });
  expect(kept).toEqual([]);
  expect(pacer).toMatchObject({ rate: 28, lastWait: null });
});

test("each part of an album counts", async () => {
  const { clock, times, album } = replies(() => false);
  const answers = [album(7), album(7), album(7), album(7)];
  await clock.advance(5_000);
  await Promise.all(answers);
  // Three are 30 messages, which is all that a second takes.
  expect(times.filter((at) => at < 1_000)).toHaveLength(3);
});

const paying = () =>
  replies(
    (_, isPaid) => !isPaid,
    1,
    [],
    () => true,
  );

describe("beside a paid broadcast, where nothing free fits", () => {
  test("answers to admins are paid for, and leave at once", async () => {
    const { calls, paid, reply } = paying();
    expect(await reply(7)).toMatchObject({ ok: true });
    expect([calls, paid]).toEqual([[7], [true]]);
  });

  test("a crowd spends no Stars, and its refusals do not slow the broadcast", async () => {
    const { clock, pacer, kept, paid, reply } = paying();
    const answers = [1_000, 1_001, 1_002, 1_003].map(reply);
    await clock.advance(10_000);
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ok: false });
    expect(new Set(paid)).toEqual(new Set([false]));
    expect(kept).toEqual([]);
    expect(pacer).toMatchObject({ rate: 28, lastWait: null });
  });

  test("an admin is answered as usual when no Stars are left", async () => {
    const { clock, calls, paid, reply, runOutOfStars } = replies(
      () => false,
      1,
      [],
      () => true,
    );
    runOutOfStars();
    const answer = reply(7);
    await clock.advance(1_000);
    expect(await answer).toMatchObject({ ok: true });
    expect([calls, paid]).toEqual([
      [7, 7],
      [true, false],
    ]);
  });
});
