import { Api } from "grammy";
import { describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { broadcasts, until } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { type MovableClock, movableClock } from "../support/clock.ts";
import { freshLocation } from "../support/database.ts";
import { gateTo } from "../support/gate.ts";
import { TOKEN, atEnd, localTelegram, running } from "../support/herald.ts";
import { environment, runs } from "../support/process.ts";
import { LOGIN, socksProxy, through } from "../support/proxies.ts";
import { stage, standsAside } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const POST = "Sent all the same.";

/**
 * Herald's minutes pass that much faster. Telegram's own time does not: it holds back every second conflict for 3 s.
 */
const SPEED = 5;

/** Another program that asks for the same bot's updates until the test ends it. */
function rival(telegram: Telegram): () => Promise<void> {
  const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
  const over = new AbortController();
  const polls = (async () => {
    while (!over.signal.aborted)
      await api.getUpdates({ timeout: 30 }, over.signal as never).catch(() => undefined);
  })();
  const end = async () => {
    over.abort();
    await polls;
  };
  atEnd(end);
  return end;
}

const saidTo = (owner: Person, words: string | RegExp) =>
  owner.holds.filter(
    ({ from, text = "" }) =>
      from?.is_bot === true && (typeof words === "string" ? text.includes(words) : words.test(text)),
  ).length;

/** What the owner keeps sending until they see an answer: while two poll, a part of it is lost on the way. */
async function keepsAsking(owner: Person, clock: MovableClock, words: string | RegExp): Promise<void> {
  for (let tries = 0; tries < 40 && saidTo(owner, words) === 0; tries += 1) {
    await owner.sends("/status");
    await new Promise((resolve) => setTimeout(resolve, 300));
    clock.advance(2_000);
  }
  expect(saidTo(owner, words)).toBeGreaterThan(0);
}

const BEGUN = en("trouble-conflict");
const OVER = en.like("trouble-conflict-over");

describe("another program that polls", () => {
  test(
    "does not end Herald: campaigns go on, the owner hears of it once, /status shows it, and its end is told",
    { timeout: 60_000 },
    async () => {
      const clock = movableClock(SPEED);
      const { telegram, owner, database } = await stage(2_000);
      const herald = await running(telegram, { database, messagesPerSecond: 5 }, { clock });
      await standsAside(owner);
      clock.advance(60_000);
      await broadcasts(owner, POST);
      await until(() => copiesOf(telegram, POST).size > 20);
      const end = rival(telegram);
      await until(() => saidTo(owner, BEGUN) === 1);
      const before = copiesOf(telegram, POST).size;
      await keepsAsking(owner, clock, en.like("status-conflict"));
      await until(() => copiesOf(telegram, POST).size > before + 20);
      expect(saidTo(owner, BEGUN)).toBe(1);
      expect(saidTo(owner, OVER)).toBe(0);

      await end();
      clock.advance(90_000);
      await keepsAsking(owner, clock, OVER);
      expect([saidTo(owner, BEGUN), saidTo(owner, OVER)]).toEqual([1, 1]);
      expect(herald.crashes).toEqual([]);
    },
  );

  test(
    "right after a start is the process before, which ends by itself: nobody is told",
    { timeout: 60_000 },
    async () => {
      const clock = movableClock(SPEED);
      const { telegram, owner, database } = await stage(1);
      const end = rival(telegram);
      const herald = await running(telegram, { database }, { clock });
      await new Promise((resolve) => setTimeout(resolve, 6_000)); // half a minute of Herald's
      await end();
      await owner.sends("/start");
      await owner.sees(en.like("start-admin"));
      clock.advance(120_000);
      await owner.sends("/help");
      await owner.sees("/broadcast");
      expect(saidTo(owner, BEGUN)).toBe(0);
      expect(saidTo(owner, OVER)).toBe(0);
      expect(herald.crashes).toEqual([]);
    },
  );

  test(
    "that stays over a restart is told of once; the process after it tells of its end",
    { timeout: 60_000 },
    async () => {
      const clock = movableClock(SPEED);
      const { telegram, owner, database } = await stage(1);
      const first = await running(telegram, { database }, { clock });
      await owner.sends("/start");
      await owner.sees(en.like("start-admin"));
      clock.advance(60_000);
      const end = rival(telegram);
      await until(() => saidTo(owner, BEGUN) === 1);
      await first.stop();

      const second = await running(telegram, { database }, { clock });
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      await end();
      clock.advance(90_000);
      await keepsAsking(owner, clock, OVER);
      expect([saidTo(owner, BEGUN), saidTo(owner, OVER)]).toEqual([1, 1]);
      expect([...first.crashes, ...second.crashes]).toEqual([]);
    },
  );
});

test(
  "an owner who cannot be told of a trouble at once is told later, once",
  { timeout: 60_000 },
  async () => {
    const clock = movableClock(SPEED);
    const { telegram, owner, database } = await stage(1);
    await new Api(TOKEN, { apiRoot: telegram.apiRoot }).setWebhook("https://shop.example.com/");
    const fault = telegram.fault({ method: "sendMessage" }, { error: tooManyRequests(300) });
    const herald = await running(telegram, { database }, { clock });
    await until(() => herald.logged.some((line) => line.includes("Telegram asks to wait with a reply")));
    fault.remove();
    clock.advance(300_000);
    await until(() => saidTo(owner, en.like("trouble-webhook")) === 1);
    expect(herald.logged.filter((line) => line.includes("could not be told"))).toEqual([]);
  },
);

describe("a webhook", () => {
  test(
    "that is set at the start is named with its host, what waits there and how to remove it; once removed, Herald hears",
    { timeout: 60_000 },
    async () => {
      const clock = movableClock(SPEED);
      const { telegram, owner, database } = await stage(1);
      const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
      await api.setWebhook("https://shop.example.com/telegram/secret-path");
      await owner.sends("/start");
      const herald = await running(telegram, { database }, { clock });
      const said = () => saidTo(owner, en.like("trouble-webhook", { host: "shop.example.com" }));
      await until(() => said() === 1);
      expect(owner.holds.at(-1)?.text).toMatch(en.like("trouble-webhook"));
      const warned = herald.logged.filter((line) => line.includes("A webhook is set for this bot"));
      expect(warned).toHaveLength(1);
      for (const word of ["shop.example.com", "1 updates wait", "npm run webhook:remove"])
        expect(warned[0]).toContain(word);
      expect(`${herald.logged.join("")}${owner.holds.at(-1)?.text}`).not.toContain("secret-path");
      expect(herald.crashes).toEqual([]);

      const { output } = await runs("remove-webhook.js", environment(telegram, await freshLocation()));
      expect(output).toContain("the program at shop.example.com no longer gets its updates");
      expect(await api.getWebhookInfo()).toMatchObject({ url: "" });
      await owner.sees(en.like("start-admin")); // what had waited
      clock.advance(90_000);
      await keepsAsking(owner, clock, en.like("trouble-webhook-over", { host: "shop.example.com" }));
      expect(said()).toBe(1);
    },
  );

  test("that is set while a campaign runs leaves it alone", { timeout: 60_000 }, async () => {
    const clock = movableClock(SPEED);
    const { telegram, owner, database } = await stage(200);
    const herald = await running(telegram, { database, messagesPerSecond: 5 }, { clock });
    await standsAside(owner);
    await broadcasts(owner, POST);
    await until(() => copiesOf(telegram, POST).size > 20);
    await new Api(TOKEN, { apiRoot: telegram.apiRoot }).setWebhook("https://shop.example.com/");
    await until(() => saidTo(owner, en.like("trouble-webhook")) === 1);
    await until(() => copiesOf(telegram, POST).size === 200, 30_000);
    expect(herald.crashes).toEqual([]);
  });

  test("is removed only by the command, which says so when there is none", async () => {
    const telegram = await localTelegram();
    const { code, output } = await runs("remove-webhook.js", environment(telegram, await freshLocation()));
    expect([code, output]).toEqual([0, expect.stringContaining("has no webhook. Nothing was changed.")]);
  });
});

test("Telegram away for more than a minute is told when it is back", { timeout: 60_000 }, async () => {
  const clock = movableClock(SPEED);
  const { telegram, owner, database } = await stage(1);
  const herald = await running(telegram, { database }, { clock });
  await owner.sends("/start");
  await owner.sees(en.like("start-admin"));
  await telegram.offline();
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // it was asked in vain
  clock.advance(61_000);
  await until(() => herald.logged.some((line) => line.includes("has not been reachable for a minute")));
  await telegram.online();
  await until(() => saidTo(owner, en.like("trouble-telegram-over")) === 1);
  expect(herald.crashes).toEqual([]);
});

test(
  "a proxy away for more than a minute is told apart from Telegram when it is back, and each has the post once",
  { timeout: 60_000 },
  async () => {
    const clock = movableClock(SPEED);
    const { telegram, owner, database } = await stage(100);
    const proxy = await socksProxy(LOGIN);
    const herald = await running(
      telegram,
      { database, messagesPerSecond: 10, proxy: through("socks5h", proxy, LOGIN) },
      { clock },
    );
    const logs = (words: string) => herald.logged.some((line) => line.includes(words));
    const address = `socks5h://127.0.0.1:${proxy.port}`;
    expect(logs(`"proxy":"${address}","msg":"Telegram is reached through a proxy"`)).toBe(true);
    await standsAside(owner);
    await owner.sends("/status");
    await owner.sees(en("status-proxy", { proxy: address }));
    await broadcasts(owner, POST);
    await until(() => copiesOf(telegram, POST).size > 20);
    proxy.close();
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // it was asked in vain
    clock.advance(61_000);
    await until(() => logs(`because of the proxy at ${address}: fails: connect ECONNREFUSED`));
    proxy.reopen();
    await until(() => saidTo(owner, en.like("trouble-proxy-over", { proxy: address })) === 1);
    await until(() => copiesOf(telegram, POST).size > 90, 30_000);
    expect(saidTo(owner, "I could not reach Telegram from")).toBe(1);
    expect([...copiesOf(telegram, POST).values()].every((copies) => copies === 1)).toBe(true);
    expect(herald.logged.join("\n")).not.toContain(LOGIN.password);
    expect(herald.crashes).toEqual([]);
  },
);

test(
  "the database away for more than a minute is told at once, and its return",
  { timeout: 60_000 },
  async () => {
    const clock = movableClock(SPEED);
    const { telegram, owner, database } = await stage(1);
    const { door, behind } = await gateTo(database);
    await running(telegram, { database: behind }, { clock });
    await owner.sends("/start");
    await owner.sees(en.like("start-admin"));
    await door.close();
    await new Promise((resolve) => setTimeout(resolve, 2_000)); // it was asked in vain
    clock.advance(61_000);
    await until(() => saidTo(owner, en.like("trouble-database")) === 1);
    await door.reopen();
    await until(() => saidTo(owner, en.like("trouble-database-over")) === 1);
    expect(saidTo(owner, en.like("trouble-database"))).toBe(1);
  },
);

test(
  "too few Stars are told to the owner once, and that there are enough again",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner, database } = await stage(400);
    const herald = await running(telegram, { database, messagesPerSecond: 40, paidBroadcast: true });
    await standsAside(owner);
    const fault = telegram.fault(
      { method: "sendMessage", chat: (id) => id >= 100_000, times: 5 },
      { error: ERRORS.balanceTooLow },
    );
    await broadcasts(owner, POST);
    await until(() => saidTo(owner, en.like("trouble-stars")) === 1);
    expect(saidTo(owner, en.like("notice-no-stars"))).toBe(0);
    fault.remove();
    await owner.sends("/pause 1");
    await owner.sees(inState("paused"));
    await owner.sends("/resume 1");
    await until(() => saidTo(owner, en.like("trouble-stars-over")) === 1);
    expect(herald.crashes).toEqual([]);
  },
);
