import type { Context } from "grammy";
import { expect, test } from "vitest";
import { boundBacklog } from "../../src/bot/updates/backlog.ts";
import { createLog } from "../../src/log.ts";

const ADMIN = 1;

/** Updates that are in work until the test ends them. */
function working() {
  const logged: string[] = [];
  const log = createLog("info", { write: (line: string) => void logged.push(line) });
  const pass = boundBacklog({ adminChats: new Set([ADMIN]), log });
  const inWork: { update: Partial<Context>; end: () => void }[] = [];
  const come = (update: object) =>
    pass(update as Context, () => new Promise<void>((end) => inWork.push({ update, end })));
  const message = (from: number) => come({ from: { id: from }, chat: { id: from, type: "private" } });
  return { logged, inWork, come, message };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("of what one stranger sends faster than it is handled a part is dropped, and nobody else's", async () => {
  const { logged, inWork, message } = working();
  for (let update = 0; update < 1_000; update += 1) void message(7);
  for (let update = 0; update < 200; update += 1) void message(ADMIN);
  for (let person = 100; person < 300; person += 1) void message(person);
  await settled();
  const from = (who: (id: number) => boolean) =>
    inWork.filter(({ update }) => who(update.from?.id ?? 0)).length;
  expect(from((id) => id === 7)).toBeLessThanOrEqual(100);
  expect(from((id) => id === ADMIN)).toBe(200);
  expect(from((id) => id >= 100)).toBe(200);
  expect(logged.filter((line) => line.includes("floods the bot"))).toHaveLength(1);
});

test("who was dropped is heard again as soon as something of theirs is done", async () => {
  const { inWork, message } = working();
  for (let update = 0; update < 150; update += 1) void message(7);
  await settled();
  const before = inWork.length;
  inWork[0]?.end();
  await settled();
  void message(7);
  await settled();
  expect(inWork).toHaveLength(before + 1);
});

test("that somebody blocked the bot is never dropped, nor what is written in a group", async () => {
  const { inWork, come, message } = working();
  for (let update = 0; update < 150; update += 1) void message(7);
  await settled();
  const before = inWork.length;
  void come({ from: { id: 7 }, chat: { id: 7, type: "private" }, myChatMember: {} });
  void come({ from: { id: 7 }, chat: { id: -5, type: "supergroup" } });
  void come({ from: { id: 7 }, chat: { id: -5, type: "supergroup" }, callbackQuery: {} });
  await settled();
  expect(inWork).toHaveLength(before + 2);
});
