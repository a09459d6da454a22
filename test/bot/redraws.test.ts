import { GrammyError } from "grammy";
import { expect, test } from "vitest";
import { createRedraws } from "../../src/bot/features/votes/button-redraws.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";
import { range } from "../support/seed.ts";

interface Edit {
  at: number;
  chat: number;
  label: string;
}

/** Redraws with time in our hands. `refuse` may answer an edit with an error. */
function scene(refuse: (edits: Edit[]) => Error | null = () => null) {
  const clock = manualClock();
  const edits: Edit[] = [];
  const state: { label: string; quiet: Date | null } = { label: "👍 1", quiet: null };
  const stop = new AbortController();
  const redraws = createRedraws({
    clock,
    log: createLog("silent"),
    quietUntil: () => state.quiet,
    stop: stop.signal,
    api: {
      async editMessageReplyMarkup(chat, _message, other) {
        const [button] = other?.reply_markup?.inline_keyboard.flat() ?? [];
        edits.push({ at: clock.monotonic(), chat: Number(chat), label: button?.text ?? "" });
        const refused = refuse(edits);
        if (refused) throw refused;
        return true as const;
      },
    },
  });
  const ask = (chat: number, message = 1) =>
    redraws.ask(chat, message, async () => ({
      inline_keyboard: [[{ text: state.label, callback_data: "b" }]],
    }));
  return { clock, edits, state, stop, ask };
}

const refusal = (error_code: number, description: string, parameters = {}) =>
  new GrammyError("no", { ok: false, error_code, description, parameters }, "editMessageReplyMarkup", {});

test("a message is drawn at once, then with the latest numbers 3 s later; in a group 6 s later", async () => {
  for (const [chat, between] of [
    [7, 3_000],
    [-7, 6_000],
  ] as const) {
    const { clock, edits, state, ask } = scene();
    ask(chat);
    await clock.advance(0);
    expect(edits).toEqual([{ at: 0, chat, label: "👍 1" }]);
    for (let count = 2; count <= 9; count += 1) {
      state.label = `👍 ${count}`;
      ask(chat);
      await clock.advance(100);
    }
    await clock.advance(20_000);
    expect(edits.map(({ label }) => label)).toEqual(["👍 1", "👍 9"]);
    expect(edits[1]?.at).toBeGreaterThanOrEqual(between);
    expect(edits[1]?.at).toBeLessThan(between + 500);
    expect(clock.sleeping).toBe(0);
  }
});

test("no more than 5 leave in a second, and of a thousand and more waiting the rest is left out", async () => {
  const { clock, edits, ask } = scene();
  for (const chat of range(1, 1_500)) ask(chat);
  await clock.advance(400_000);
  // The first had left when the thousand began to wait.
  expect(edits.map(({ chat }) => chat)).toEqual(range(1, 1_001));
  for (const [index, { at }] of edits.entries())
    expect(at - (edits[index - 5]?.at ?? -1_000)).toBeGreaterThanOrEqual(1_000);
});

test("a 429 is waited out, and the others go on", async () => {
  const { clock, edits, ask } = scene((made) =>
    made.filter(({ chat }) => chat === 1).length === 1 && made.at(-1)?.chat === 1
      ? refusal(429, "Too Many Requests", { retry_after: 20 })
      : null,
  );
  ask(1);
  ask(2);
  await clock.advance(30_000);
  expect(edits.map(({ chat }) => chat)).toEqual([1, 2, 1]);
  expect(edits[2]?.at).toBeGreaterThanOrEqual(20_000);
});

test("in a pause of the bot nothing leaves", async () => {
  const { clock, edits, state, ask } = scene();
  state.quiet = new Date(clock.now().getTime() + 60_000);
  ask(1);
  await clock.advance(10_000);
  expect(edits).toEqual([]);
  state.quiet = null;
  await clock.advance(200);
  expect(edits).toHaveLength(1);
});

test("a message that is gone or as it was is left", async () => {
  for (const description of [
    "Bad Request: message to edit not found",
    "Bad Request: message is not modified",
  ]) {
    const { clock, edits, ask } = scene(() => refusal(400, description));
    ask(1);
    await clock.advance(10_000);
    expect(edits).toHaveLength(1);
    ask(1);
    await clock.advance(0);
    expect(edits).toHaveLength(2);
  }
});

test("after a stop nothing leaves and nothing waits", async () => {
  const { clock, edits, stop, ask } = scene();
  for (const chat of range(1, 5)) ask(chat);
  await clock.advance(0);
  stop.abort();
  ask(6);
  await clock.advance(10_000);
  expect(edits).toHaveLength(1);
  expect(clock.sleeping).toBe(0);
});
