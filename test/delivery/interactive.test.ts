import type { Transformer } from "grammy";
import { expect, test } from "vitest";
import { createFlood } from "../../src/delivery/flood.ts";
import { interactive } from "../../src/delivery/interactive.ts";
import { createPacer } from "../../src/delivery/pacer.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";

const never = new AbortController().signal;

/** Replies to a Telegram that answers 429 to the calls whose number `isRefused`. */
function replies(isRefused: (call: number) => boolean, seconds = 3) {
  const clock = manualClock();
  const pacer = createPacer(clock, 28);
  const kept: Date[] = [];
  const calls: number[] = [];
  const transformer = interactive({
    pacer,
    flood: createFlood(clock),
    clock,
    log: createLog("silent"),
    keepQuiet: async (until) => void kept.push(until),
    stop: never,
  });
  const telegram = (async (_: string, payload: { chat_id: number }) => {
    calls.push(payload.chat_id);
    return isRefused(calls.length)
      ? { ok: false, error_code: 429, description: "Too Many Requests", parameters: { retry_after: seconds } }
      : { ok: true, result: true };
  }) as unknown as Parameters<Transformer>[0];
  const reply = (chatId: number) =>
    transformer(telegram, "sendMessage", { chat_id: chatId, text: "Hi" }, never as never);
  return { clock, pacer, kept, calls, reply };
}

test("somebody who hammers the bot waits alone: campaigns go on at their rate", async () => {
  const { clock, pacer, kept, calls, reply } = replies((call) => call <= 2);
  const answer = reply(7);
  await clock.advance(10_000);
  expect(await answer).toMatchObject({ ok: true });
  expect(calls).toEqual([7, 7, 7]);
  expect(kept).toEqual([]);
  expect(pacer).toMatchObject({ rate: 28, lastWait: null });
  expect(await pacer.turn(never)).toBe(true);
});

test("when a second chat has to wait the campaigns are quiet, and the end of that is kept", async () => {
  const { clock, pacer, kept, reply } = replies((call) => call <= 2);
  const answers = [reply(7), reply(8)];
  await clock.advance(1_000);
  expect(await pacer.turn(never)).toBe(false);
  expect(kept).toHaveLength(1);
  expect(pacer.rate).toBeLessThan(28);
  await clock.advance(5_000);
  for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ ok: true });
});

test("a wait of more than half a minute is not sat out: the refusal goes back to who asked", async () => {
  const { clock, calls, reply } = replies(() => true, 2_282);
  const answer = reply(7);
  await clock.advance(1_000);
  expect(await answer).toMatchObject({ ok: false, error_code: 429 });
  expect(calls).toEqual([7]);
});
