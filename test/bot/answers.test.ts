import { expect, test } from "vitest";
import { createAnswers } from "../../src/bot/updates/answers.ts";
import { createLog } from "../../src/log.ts";
import { manualClock } from "../support/clock.ts";

/** Answers to people; each takes `tookMs` to arrive. Notes who was told what, and when. */
function answering(tookMs = 60) {
  const clock = manualClock();
  const logged: string[] = [];
  const log = createLog("info", { write: (line: string) => void logged.push(line) });
  const stopping = new AbortController();
  const answers = createAnswers({ clock, log, stop: stopping.signal });
  const told: { chatId: number; text: string; at: number }[] = [];
  const give = (chatId: number, text: string, fails = false) =>
    answers.give(chatId, async () => {
      told.push({ chatId, text, at: clock.monotonic() });
      await clock.sleep(tookMs);
      if (fails) throw new Error("no answer");
    });
  return { clock, logged, answers, told, give, stop: () => stopping.abort() };
}

test("somebody who writes 95 times a second is answered once a second, and hears the last of it", async () => {
  const { clock, told, give, answers } = answering();
  for (let update = 0; update < 950; update += 1) {
    give(7, `answer ${update}`);
    await clock.advance(1_000 / 95);
  }
  await clock.advance(5_000);
  expect(told.length).toBeLessThanOrEqual(12);
  expect(told[0]?.text).toBe("answer 0");
  expect(told.at(-1)?.text).toBe("answer 949");
  for (const [index, { at }] of told.slice(1).entries())
    expect(at - (told[index]?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  expect(answers.waiting).toBe(0);
});

test("people are answered in the order in which they wrote, however often one of them writes", async () => {
  const { clock, told, give } = answering();
  for (let person = 1; person <= 100; person += 1) {
    give(person, "hello");
    give(50, "me, me, me");
  }
  await clock.advance(5_000);
  const firsts = told.filter(({ chatId }, index) => told.findIndex((one) => one.chatId === chatId) === index);
  const others = firsts.map(({ chatId }) => chatId).filter((chatId) => chatId !== 50);
  expect(others).toEqual(others.toSorted((a, b) => a - b));
  expect(others).toHaveLength(99);
});

test("an answer that cannot be sent is logged without its text, and the next one leaves", async () => {
  const { clock, told, logged, give } = answering();
  for (let person = 1; person <= 20; person += 1) give(person, "secret words", person <= 10);
  await clock.advance(2_000);
  expect(told).toHaveLength(20);
  expect(logged).toHaveLength(10);
  expect(logged.join("")).not.toContain("secret");
});

test("beyond a thousand who wait nobody else is answered, which is said once; those who wait still are", async () => {
  const { clock, told, logged, give } = answering(60_000);
  for (let person = 1; person <= 1_500; person += 1) give(person, "hello");
  expect(logged.filter((line) => line.includes("not all are answered"))).toHaveLength(1);
  give(9, "changed my mind"); // waits already
  await clock.advance(60_000 * 130);
  expect(told).toHaveLength(1_008);
  expect(told.find(({ chatId }) => chatId === 9)?.text).toBe("changed my mind");
});

test("after a stop nothing leaves", async () => {
  const { clock, told, give, stop } = answering();
  for (let person = 1; person <= 50; person += 1) give(person, "hello");
  stop();
  await clock.advance(10_000);
  expect(told).toHaveLength(8);
});
