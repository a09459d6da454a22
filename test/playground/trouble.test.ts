import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { apiFor, posterFor, refusalOf, telegramFor } from "./harness.ts";

test("in a flood sends and edits are answered 429, other calls are not, and none when it is over", async () => {
  const telegram = await telegramFor({ limits: "none" });
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.people(1, { firstId: 7 });
  const { message_id: id } = await api.sendMessage(7, "before");
  expect(await post("flood", { seconds: 60 })).toMatchObject({ flood: expect.any(Number), cut: 0 });
  expect(await refusalOf(api.sendMessage(7, "x"))).toContain("429 Too Many Requests: retry after ");
  expect(await refusalOf(api.editMessageText(7, id, "x"))).toContain("429");
  expect(await refusalOf(api.getMe())).toBe("accepted");
  expect(telegram.trouble.flood).toBeGreaterThan(50_000);
  await post("flood", { seconds: 0 });
  expect(await refusalOf(api.sendMessage(7, "after"))).toBe("accepted");
  expect(telegram.trouble.flood).toBe(0);
});

test("a cut strikes each call, every second one after it was accepted", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  telegram.people(1, { firstId: 7 });
  await post("cut", { seconds: 60 });
  for (const text of ["lost", "kept", "lost", "kept"])
    expect(await refusalOf(api.sendMessage(7, text))).toBe("HttpError");
  expect(telegram.messages(7).map(({ text }) => text)).toEqual(["kept", "kept"]);
  expect(telegram.trouble.cut).toBeGreaterThan(50_000);
  await post("cut", { seconds: 0 });
  expect(telegram.trouble.cut).toBe(0);
  expect(await refusalOf(api.sendMessage(7, "x"))).toBe("accepted");
});

test("a cut ends by itself", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  telegram.people(1, { firstId: 7 });
  telegram.cut(0.05);
  expect(await refusalOf(api.sendMessage(7, "x"))).toBe("HttpError");
  while (telegram.trouble.cut > 0) await sleep(10);
  await sleep(20);
  expect(await refusalOf(api.sendMessage(7, "x"))).toBe("accepted");
});

test("a poll that waits for updates brings none in a cut, and the next one brings them after it", async () => {
  const telegram = await telegramFor();
  const [api, post] = [apiFor(telegram), posterFor(telegram)];
  const waiting = api.getUpdates({ timeout: 30 });
  while (telegram.bots.length === 0) await sleep(5);
  await post("cut", { seconds: 60 });
  expect(await waiting).toEqual([]);
  await post("sends", { from: 7, text: "hello" });
  expect(await refusalOf(api.getUpdates())).toBe("HttpError");
  expect(await refusalOf(api.getUpdates())).toBe("HttpError");
  await post("cut", { seconds: 0 });
  expect(await api.getUpdates()).toMatchObject([{ message: { text: "hello" } }]);
});

test("faults that were ordered outlast a cut, and trouble ends when the playground stops", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  telegram.fault({ method: "getMe" }, { status: 502 });
  telegram.cut(60);
  telegram.flood(60);
  await telegram.offline();
  expect(telegram.trouble).toEqual({ latency: 0, flood: 0, cut: 0 });
  await telegram.online();
  expect(await refusalOf(api.getMe())).toBe("HttpError");
  expect(await refusalOf(api.getMe())).toBe("accepted");
});

test("trouble that is no number, or lasts for a day, is refused", async () => {
  const post = posterFor(await telegramFor());
  for (const seconds of ["10", -1, 86_400, null])
    expect(await post("flood", { seconds })).toEqual({ error: `"seconds" is a number from 0 to 3600` });
  expect(await post("latency", { ms: 250 })).toBe(250);
  expect(await post("latency", { ms: -5 })).toHaveProperty("error");
});
