import { GrammyError } from "grammy";
import type { WebhookInfo } from "grammy/types";
import { expect, test } from "vitest";
import { createWebhookWatch } from "../../src/bot/hearing/webhook-watch.ts";
import type { Alarm } from "../../src/bot/notices/alarm.ts";
import { ALLOWED_UPDATES } from "../../src/bot/updates/allowed-updates.ts";
import { createLog } from "../../src/log.ts";
import { botWebhook } from "../../src/telegram/bot-webhook.ts";
import { manualClock } from "../support/clock.ts";

const TOKEN = "1000001:TEST-token";
const PUBLIC_URL = "https://herald.example.com";
const webhook = botWebhook(TOKEN);
const OURS = webhook.addressBelow(PUBLIC_URL);

const BETWEEN_LOOKS_MS = 30_000;

function watched(start: Partial<WebhookInfo> = {}, refusal?: Error) {
  let info: WebhookInfo = { url: "", has_custom_certificate: false, pending_update_count: 0, ...start };
  const clock = manualClock();
  const set: string[] = [];
  const noted: string[] = [];
  const refused: unknown[] = [];
  const alarm: Pick<Alarm, "note" | "over"> = {
    note: (kind, { facts = {}, graceMs = 0 } = {}) =>
      void noted.push(`${kind}${graceMs > 0 ? "?" : ""} ${Object.values(facts).join(" ")}`.trim()),
    over: (kind) => void (noted.some((one) => one.startsWith(`${kind} `)) && noted.push(`${kind} over`)),
  };
  const watch = createWebhookWatch({
    api: {
      getWebhookInfo: () => Promise.resolve(info),
      async setWebhook(url, options) {
        if (refusal) throw refusal;
        set.push(url);
        const { max_connections: most = 0, allowed_updates: kinds = [] } = options ?? {};
        info = { ...info, url, max_connections: most, allowed_updates: [...kinds] };
        return true as const;
      },
    },
    webhook,
    publicUrl: PUBLIC_URL,
    clock,
    log: createLog("silent"),
    lease: { held: () => true },
    alarm,
    onRefused: (error) => void refused.push(error),
  });
  return {
    set,
    noted,
    refused,
    async starts() {
      await watch.start();
      await clock.advance(0);
    },
    async looks(change: Partial<WebhookInfo> = {}) {
      info = { ...info, ...change };
      await clock.advance(BETWEEN_LOOKS_MS);
    },
    stop: () => watch.stop(),
  };
}

/** What Telegram says of a post that failed then. */
const failing = (date: number, message = "Wrong response from the webhook: 502 Bad Gateway") => ({
  pending_update_count: 2,
  last_error_date: date,
  last_error_message: message,
});

const asWanted = { url: OURS, max_connections: 40, allowed_updates: [...ALLOWED_UPDATES].toReversed() };

test("a webhook that is as it should be is left alone; one that differs is set", async () => {
  const same = watched(asWanted);
  await same.starts();
  await same.looks();
  expect(same.set).toEqual([]);
  await same.stop();
  for (const other of [
    { url: "" },
    { ...asWanted, max_connections: 10 },
    { ...asWanted, allowed_updates: ["message"] },
  ]) {
    const one = watched(other as Partial<WebhookInfo>);
    await one.starts();
    await one.looks();
    expect(one.set).toEqual([OURS]);
    await one.stop();
  }
});

test("one that Herald made below another PUBLIC_URL, or for an earlier token, is replaced without a question", async () => {
  for (const former of [
    webhook.addressBelow("https://old.example.com/herald"),
    botWebhook("1000001:earlier").addressBelow(PUBLIC_URL),
  ]) {
    const one = watched({ url: former });
    await one.starts();
    expect(one.set).toEqual([OURS]);
    expect(one.noted).toEqual([]);
    await one.stop();
  }
});

test("one of another program is not replaced, the owners hear only its host, and it is replaced once it is gone", async () => {
  const one = watched({ url: "https://shop.example.com/secret", pending_update_count: 3 });
  await one.starts();
  await one.looks();
  expect(one.set).toEqual([]);
  expect(one.noted).toEqual(["webhook shop.example.com 3", "webhook shop.example.com 3"]);
  await one.looks({ url: "" });
  expect(one.set).toEqual([OURS]);
  expect(one.noted.at(-1)).toBe("webhook over");
  await one.stop();
});

test("when another Herald with the same token takes the webhook, this one does not take it back", async () => {
  const one = watched(asWanted);
  await one.starts();
  await one.looks({ url: webhook.addressBelow("https://other.example.com") });
  expect(one.set).toEqual([]);
  expect(one.noted).toEqual(["webhook other.example.com 0"]);
  await one.stop();
});

test("what somebody removes is set again, and who does so again and again is told of as a poller", async () => {
  const one = watched(asWanted);
  await one.starts();
  await one.looks({ url: "" });
  expect(one.set).toEqual([OURS]);
  expect(one.noted).toEqual(["conflict?"]);
  await one.stop();
});

test("posts that keep failing are told of; what failed before the start, and a single failure, are not", async () => {
  const one = watched({ ...asWanted, ...failing(1_000) });
  await one.starts();
  await one.looks();
  expect(one.noted).toEqual([]);
  await one.looks(failing(1_060));
  expect(one.noted).toEqual(["webhook-failing? Wrong response from the webhook: 502 Bad Gateway"]);
  await one.looks();
  await one.looks();
  expect(one.noted).toHaveLength(3);
  // 90 s after a single failure, it is over, even if an update waits right then.
  await one.looks();
  expect(one.noted).toHaveLength(3);
  expect(one.set).toEqual([]);
  // With another secret, the webhook has to be set again.
  await one.looks(failing(1_300, "Wrong response from the webhook: 403 Forbidden"));
  expect(one.set).toEqual([OURS]);
  await one.stop();
});

test("what Telegram says against the webhook is told, without the address", async () => {
  const error = new GrammyError(
    "refused",
    {
      ok: false,
      error_code: 400,
      description: "Bad Request: bad webhook: https://herald.example.com/x is reserved",
    },
    "setWebhook",
    {},
  );
  const one = watched({}, error);
  await one.starts();
  expect(one.noted).toEqual(["webhook-failing Bad Request: bad webhook: … is reserved"]);
  await one.looks();
  expect(one.noted).toHaveLength(2);
  await one.stop();
});

test("a token that is refused ends it", async () => {
  const error = new GrammyError(
    "no",
    { ok: false, error_code: 401, description: "Unauthorized" },
    "setWebhook",
    {},
  );
  const one = watched({}, error);
  await one.starts();
  expect(one.refused).toEqual([error]);
  await one.stop();
});
