import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Update } from "grammy/types";
import { describe, expect, onTestFinished, test } from "vitest";
import { startTelegram } from "../../playground/telegram.ts";
import { apiFor, botFor, refusalOf, telegramFor, TOKEN } from "./harness.ts";

test("a waiting getUpdates is answered as soon as somebody writes", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  await api.getMe();
  const polled = api.getUpdates({ timeout: 5 });
  const ada = telegram.person({ firstName: "Ada" });
  const sent = await ada.sends("hello");
  const [update, ...others] = await polled;
  expect(update?.message).toEqual(sent);
  expect(others).toEqual([]);
});

test("an empty poll comes back empty after its time-out", async () => {
  const telegram = await telegramFor();
  const before = performance.now();
  expect(await apiFor(telegram).getUpdates({ timeout: 1 })).toEqual([]);
  expect(performance.now() - before).toBeGreaterThan(900);
});

test("an update comes again until a higher offset confirms it", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person();
  await ada.sends("one");
  await ada.sends("two");
  const first = await api.getUpdates();
  const again = await api.getUpdates();
  expect(again).toEqual(first);
  expect(first.map((update) => update.message?.text)).toEqual(["one", "two"]);
  const rest = await api.getUpdates({ offset: (first[0]?.update_id ?? 0) + 1 });
  expect(rest.map((update) => update.message?.text)).toEqual(["two"]);
  expect(await api.getUpdates({ offset: (first[1]?.update_id ?? 0) + 1 })).toEqual([]);
  expect(await api.getUpdates()).toEqual([]);
});

test("an update whose answer was cut off comes again", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  await telegram.person().sends("hello");
  telegram.fault({ method: "getUpdates" }, { cut: "after" });
  expect(await refusalOf(api.getUpdates())).toBe("HttpError");
  expect(await api.getUpdates()).toHaveLength(1);
});

test("limit bounds how many updates come at once", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person();
  for (const text of ["1", "2", "3"]) await ada.sends(text);
  const updates = await apiFor(telegram).getUpdates({ limit: 2 });
  expect(updates.map((update) => update.message?.text)).toEqual(["1", "2"]);
});

test("a negative offset keeps only the newest updates", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const ada = telegram.person();
  for (const text of ["1", "2", "3"]) await ada.sends(text);
  expect((await api.getUpdates({ offset: -1 })).map((update) => update.message?.text)).toEqual(["3"]);
  expect(await api.getUpdates()).toHaveLength(1);
});

test("allowed_updates lets only those kinds through, and the choice is remembered", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  await api.getUpdates({ allowed_updates: ["my_chat_member"] });
  const ada = telegram.person();
  await ada.sends("hello");
  await ada.blocks();
  const updates = await api.getUpdates();
  expect(updates.map((update) => update.my_chat_member?.new_chat_member.status)).toEqual(["kicked"]);
});

test("my_chat_member is among the kinds that come by default", async () => {
  const telegram = await telegramFor();
  await telegram.person({ started: true }).blocks();
  expect(await apiFor(telegram).getUpdates()).toHaveLength(1);
});

test("a second getUpdates ends the first with 409", async () => {
  const telegram = await telegramFor();
  const first = refusalOf(apiFor(telegram).getUpdates({ timeout: 5 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const second = apiFor(telegram).getUpdates({ timeout: 5 });
  expect(await first).toBe(
    "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
  );
  await telegram.person().sends("hello");
  expect(await second).toHaveLength(1);
});

test("a getUpdates that need not wait leaves the waiting one alone; asked again at once, it has to wait, and ends it", async () => {
  const telegram = await telegramFor();
  let over = false;
  const waiting = refusalOf(apiFor(telegram).getUpdates({ offset: 7, timeout: 30 })).then((refusal) => {
    over = true;
    return refusal;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await apiFor(telegram).getUpdates()).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(over).toBe(false);
  const again = apiFor(telegram).getUpdates();
  expect(await waiting).toContain("409 Conflict: terminated by other getUpdates request");
  await telegram.person().sends("hello");
  expect(await again).toHaveLength(1);
});

test("of two that poll each other away, one hears of it once in three seconds at the most", async () => {
  const telegram = await telegramFor();
  const began = performance.now();
  const first = refusalOf(apiFor(telegram).getUpdates({ timeout: 30 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const second = refusalOf(apiFor(telegram).getUpdates({ timeout: 30 }));
  expect(await first).toContain("409 Conflict");
  expect(performance.now() - began).toBeLessThan(2_500);
  void refusalOf(apiFor(telegram).getUpdates({ timeout: 30 }));
  expect(await second).toContain("409 Conflict");
  expect(performance.now() - began).toBeGreaterThan(3_000);
});

test("while a webhook is set getUpdates is refused, updates wait, and getWebhookInfo tells; deleteWebhook brings them back", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  const poll = refusalOf(api.getUpdates({ timeout: 30 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await api.setWebhook("https://shop.example.com/hook?key=1", { allowed_updates: ["message"] });
  expect(await poll).toBe("409 Conflict: terminated by setWebhook request");
  await telegram.person().sends("hello");
  expect(await api.getWebhookInfo()).toMatchObject({
    url: "https://shop.example.com/hook?key=1",
    pending_update_count: 1,
    max_connections: 40,
    allowed_updates: ["message"],
  });
  expect(await refusalOf(api.getUpdates())).toBe(
    "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  );
  await api.deleteWebhook();
  expect(await api.getWebhookInfo()).toMatchObject({ url: "", pending_update_count: 1 });
  expect(await api.getUpdates()).toHaveLength(1);
});

test.each([
  ["http://shop.example.com/hook", "bad webhook: An HTTPS URL must be provided for webhook"],
  ["https://shop.example.com:8080/", "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"],
  ["ftp://shop.example.com", "invalid webhook URL specified"],
])("a webhook at %s is refused", async (url, words) => {
  const api = apiFor(await telegramFor());
  expect(await refusalOf(api.setWebhook(url))).toBe(`400 Bad Request: ${words}`);
  expect(await api.getWebhookInfo()).toMatchObject({ url: "" });
});

test("a poll whose client has gone away does not swallow the next update", async () => {
  const telegram = await telegramFor();
  const gone = new AbortController();
  const poll = fetch(`${telegram.apiRoot}/bot${TOKEN}/getUpdates?timeout=5`, { signal: gone.signal });
  await new Promise((resolve) => setTimeout(resolve, 100));
  gone.abort();
  await expect(poll).rejects.toThrow("aborted");
  await telegram.person().sends("hello");
  expect(await apiFor(telegram).getUpdates()).toHaveLength(1);
});

test("what was sent before the bot first polled reaches it", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person();
  await ada.sends("/start");
  botFor(telegram, (bot) => bot.command("start", (ctx) => ctx.reply("Welcome")));
  expect(await ada.sees("Welcome")).toMatchObject({ from: { is_bot: true } });
});

test("what was sent while the bot was away reaches it when it is back", async () => {
  const telegram = await telegramFor();
  const ada = telegram.person();
  const first = botFor(telegram, (bot) => bot.on("message", (ctx) => ctx.reply("first")));
  await ada.sends("hello");
  await ada.sees("first");
  await first.stop();
  await ada.sends("anyone?");
  botFor(telegram, (bot) => bot.on("message", (ctx) => ctx.reply("second")));
  await ada.sees("second");
  expect(telegram.received(ada.id).map((message) => message.text)).toEqual(["first", "second"]);
});

test("a revoked token gets 401 everywhere, a waiting poll at once, until it is restored", async () => {
  const telegram = await telegramFor();
  const api = apiFor(telegram);
  await api.getMe();
  const poll = refusalOf(api.getUpdates({ timeout: 5 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  telegram.revoke(TOKEN);
  expect(await poll).toBe("401 Unauthorized");
  expect(await refusalOf(api.getMe())).toBe("401 Unauthorized");
  telegram.restore(TOKEN);
  expect(await api.getMe()).toMatchObject({ id: 1000001, username: "herald_1000001_bot" });
});

test("a malformed token is 401 and an unknown method 404", async () => {
  const telegram = await telegramFor();
  expect(await refusalOf(apiFor(telegram, "nonsense").getMe())).toBe(
    "401 Unauthorized: invalid token specified",
  );
  const response = await fetch(`${telegram.apiRoot}/bot${TOKEN}/sendTelegraph`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ ok: false, error_code: 404, description: "Not Found" });
});

test("a body that is not JSON is refused and the server lives on", async () => {
  const telegram = await telegramFor();
  const response = await fetch(`${telegram.apiRoot}/bot${TOKEN}/sendMessage`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{not json",
  });
  expect(response.status).toBe(400);
  expect((await apiFor(telegram).getMe()).id).toBe(1000001);
});

/** Answers each update with what `status` says, and notes it. */
async function receiverOf(status: (update: Update, attempt: number) => number) {
  const taken: { update: Update; secret: string | undefined }[] = [];
  const attempts = new Map<number, number>();
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    const update = JSON.parse(await text(request)) as Update;
    const attempt = (attempts.get(update.update_id) ?? 0) + 1;
    attempts.set(update.update_id, attempt);
    const code = status(update, attempt);
    const secret = request.headers["x-telegram-bot-api-secret-token"]?.toString();
    if (code === 200) taken.push({ update, secret });
    response.writeHead(code).end();
  };
  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, taken };
}

describe("a webhook", () => {
  test("gets each update with its secret, again until it answers 2xx, and those of one chat in order", async () => {
    const telegram = await startTelegram({ local: true });
    onTestFinished(() => telegram.stop());
    const api = apiFor(telegram);
    const { url, taken } = await receiverOf((update, attempt) =>
      update.message?.text === "one" && attempt < 3 ? 503 : 200,
    );
    await api.setWebhook(url, { secret_token: "s-e_cret" });
    const [ada, bert] = [telegram.person(), telegram.person()];
    await ada.sends("one");
    await ada.sends("two");
    await bert.sends("other");
    await expect.poll(() => taken.length).toBe(3);
    expect(taken.map(({ update }) => update.message?.text)).toEqual(["other", "one", "two"]);
    expect(new Set(taken.map(({ secret }) => secret))).toEqual(new Set(["s-e_cret"]));
    const info = await api.getWebhookInfo();
    expect(info).toMatchObject({ url, pending_update_count: 0 });
    expect(info.last_error_message).toBe("Wrong response from the webhook: 503 Service Unavailable");
    expect(JSON.stringify(info)).not.toContain("s-e_cret");
  });

  test("on another machine is never called, as if its name were unknown", async () => {
    const telegram = await telegramFor();
    const api = apiFor(telegram);
    await api.setWebhook("https://shop.example.com/hook");
    await telegram.person().sends("hello");
    await expect
      .poll(async () => (await api.getWebhookInfo()).last_error_message)
      .toBe("Failed to resolve host: Name or service not known");
  });
});
