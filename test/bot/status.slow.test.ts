import { describe, expect, test } from "vitest";
import { tooManyRequests } from "../../playground/server/faults.ts";
import { type StatusFacts, statusScreen } from "../../src/bot/features/status/status-screen.ts";
import type { EngineStatus, SenderStatus } from "../../src/bot/ui/bot-context.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { ZONE_DATA_VERSION } from "../../src/schedule/zone-data.ts";
import { broadcasts, until } from "../support/broadcast.ts";
import { NOW, range, campaignAs } from "../support/seed.ts";
import { en } from "../support/words.ts";
import { scene } from "../support/scene.ts";

const words = loadWords();

const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);

const CALM: EngineStatus = {
  startedAt: minutesAgo(3 * 1440 + 250),
  holder: "web-1:4711",
  leaseSince: minutesAgo(3 * 1440 + 250),
  leaseLost: null,
  rate: { set: 28, now: 28, paid: "off" },
  quietUntil: null,
  lastWait: null,
  inFlight: 0,
  troubles: [],
  speedOf: () => null,
};

function screen(
  engine: Partial<EngineStatus> = {},
  change: Partial<StatusFacts> = {},
  locale: "en" | "ru" = "en",
) {
  return statusScreen(words(locale), locale, {
    now: NOW,
    timezone: "UTC",
    version: "1.2.3",
    embedded: "postgres",
    proxy: null,
    byWebhook: false,
    backups: { last: { at: minutesAgo(470), bytes: 3_400_000 } },
    retentionDays: 90,
    database: { version: "17.5", sizeBytes: 41_230_000, answerMs: 0.4 },
    open: [],
    reachable: 4_812,
    bots: [],
    waiting: 0,
    engine: { ...CALM, ...engine },
    ...change,
  });
}

function campaign(id: number, change: Partial<Campaign>): Campaign {
  return campaignAs({ id, total: 4_812, sent: 2_930, blocked: 12, unreachable: 3, ...change });
}

describe("the screen", () => {
  test("does not tell an admin who may not use the home's bot how it sends", () => {
    const rate = en("status-rate", { rate: en("messages-a-second", { rate: CALM.rate.set }) });
    expect(screen()).toContain(rate);
    expect(screen({}, { hidesHome: true })).not.toContain(rate);
  });

  test("names the other bots that are not simply sending, and counts all", () => {
    const calm = {
      username: "shop_bot",
      leaseSince: NOW,
      rate: CALM.rate,
      quietUntil: null,
      troubles: [],
      isHere: true,
    };
    const senders = new Map<number, SenderStatus>([
      [2, { ...calm, state: "up" }],
      [3, { ...calm, username: null, state: "refused" }],
      [4, { ...calm, username: "news_bot", state: "up", quietUntil: minutesAgo(-1) }],
    ]);
    const text = screen({ senders });
    expect(text).toContain(
      `${en("status-senders", { count: 3 })}\n${en("status-sender", { bot: "3", text: en("status-sender-refused") })}\n`,
    );
    expect(text).toContain(`@news_bot: ${en("status-sender-up")} · ${en("card-quiet", { time: "12:01" })}`);
    expect(text).not.toContain("shop_bot");
  });

  test("when nothing happens it is short", () => {
    expect(screen()).toBe(
      `Herald 1.2.3 · Node ${process.versions.node}
Up for 3 d 4 h
Time zone data: IANA ${ZONE_DATA_VERSION}

Database: embedded, PostgreSQL 17.5
39 MB · answers in 1 ms
Last backup: 04:10 · 3.2 MB

Sends from web-1:4711 since 27 Feb, 07:50

Rate: 28 messages a second

People who can be reached: 4,812
Delivery details are kept for 90 days`,
    );
  });

  test("when much happens it says all of it", () => {
    const open = [
      campaign(12, {}),
      campaign(13, { total: 0, sent: 0, blocked: 0, unreachable: 0, frozenAt: null }),
      campaign(9, { state: "paused", pauseReason: "admin" }),
      campaign(10, { state: "paused", pauseReason: "unauthorized" }),
      ...range(14, 20).map((id) =>
        campaign(id, { state: "scheduled", startsAt: new Date(NOW.getTime() + (id - 13) * 5 * 3_600_000) }),
      ),
    ];
    const engine: Partial<EngineStatus> = {
      leaseLost: { at: minutesAgo(190), backAt: minutesAgo(188) },
      rate: { set: 1000, now: 800.4, paid: "on" },
      quietUntil: new Date(NOW.getTime() + 95_000),
      lastWait: { at: minutesAgo(1), seconds: 155 },
      inFlight: 61,
      troubles: [
        { kind: "conflict", since: minutesAgo(20), facts: {} },
        { kind: "webhook", since: minutesAgo(2), facts: { host: "shop.example.com" } },
        { kind: "stars", since: minutesAgo(1), facts: {} },
      ],
      speedOf: (id) => (id === 12 ? 412.3 : null),
    };
    expect(screen(engine, { open, embedded: null, waiting: 230 })).toContain(`
⚠️ Another program polls with this token since 11:40
⚠️ Updates go to shop.example.com since 11:58

Database: PostgreSQL 17.5
39 MB · answers in 1 ms
Last backup: 04:10 · 3.2 MB

Sends from web-1:4711 since 27 Feb, 07:50
Lease lost: 08:50 – 08:52

Rate: 1,000 messages a second, paid above 30
Now 800, cut after a 429; it will recover
Telegram asks to wait until 12:01
Last 429: 11:59, a pause of 3 min
Calls in flight: 61
People waiting for an answer: 230

Running:
#12 · 1,867 left · 412 a second
#13 · Starting…

Paused:
#9 · by an admin
#10 · Telegram refuses the token

Scheduled:
#14 · 17:00
#15 · 22:00
#16 · 3 Mar, 03:00
#17 · 3 Mar, 08:00
#18 · 3 Mar, 13:00
… and 2 more, see /campaigns
`);
    const russian = screen(engine, { open }, "ru");
    expect(russian).toContain("Скорость: 1\u00A0000 сообщений в секунду, сверх 30 — платно");
    expect(russian).toContain("Telegram просит подождать до 12:01");
    expect(russian).toContain("№ 16 · 3 мар., 03:00");
  });

  test.each<[string, Partial<EngineStatus>, string]>([
    [
      "too few Stars",
      { rate: { set: 1000, now: 28, paid: "no-stars" } },
      "Rate: 1,000 messages a second, paid above 30\nNow 28, the free rate: too few Stars",
    ],
    [
      "paid, but slow enough to be free",
      { rate: { set: 20, now: 20, paid: "on" } },
      "Rate: 20 messages a second\n",
    ],
    ["fast, but not paid", { rate: { set: 200, now: 200, paid: "off" } }, "Rate: 200 messages a second\n"],
    [
      "the lease is lost",
      { leaseSince: null, leaseLost: { at: minutesAgo(1), backAt: null } },
      "Nothing has been sent since 11:59: web-1:4711 has lost the lease",
    ],
    ["the lease is not there yet", { leaseSince: null }, "Nothing is sent: web-1:4711"],
  ])("%s", (_, engine, text) => {
    expect(screen(engine)).toContain(text);
  });

  test("everything kept for ever is said, too", () => {
    expect(screen({}, { retentionDays: 0 })).toMatch(en.closes("status-kept-for-ever"));
    expect(screen({}, { retentionDays: 1 }, "ru")).toMatch(/хранятся 1 день$/);
  });

  test("every line fits a phone, in both languages", () => {
    for (const locale of ["en", "ru"] as const) {
      const troubles = (["conflict", "webhook"] as const).map((kind) => ({
        kind,
        since: minutesAgo(3 * 1440),
        facts: { host: "shop.example.com" },
      }));
      const text = screen(
        { rate: { set: 1000, now: 800, paid: "on" }, inFlight: 1_000, troubles },
        { waiting: 1_000 },
        locale,
      );
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(60);
    }
  });
});

const crowd = () => scene(300, { rate: 20, ownerStays: true });

describe("over Telegram", () => {
  test("/status during a campaign, and again in a pause of Telegram's", async () => {
    const { telegram, owner } = await crowd();
    await broadcasts(owner, "To everybody.");
    await owner.sees(en.like("card-sent"));
    await owner.sends("/status");
    const { text = "" } = await owner.sees(en.like("status-title"));
    expect(text).toMatch(/^Herald \d+\.\d+\.\d+ · Node 2\d/);
    expect(text).toContain(en("status-server", { version: "1" }));
    expect(text).toMatch(/Sends from \S+:\d+ since \d\d:\d\d\n/);
    expect(text).toContain("Rate: 20 messages a second\n");
    expect(text).toMatch(/Running:\n#1 · \d+ left/);
    expect(text).toContain(`${en("status-reachable", { count: 301 })}\n`);
    expect(text).not.toMatch(en.like("card-quiet"));

    telegram.fault({ method: "sendMessage", chat: (id) => id >= 100_000 }, { error: tooManyRequests(100) });
    await until(async () => {
      await owner.sends("/status");
      return (
        (await owner.sees(en.like("status-title"))).text?.includes("Telegram asks to wait until") ?? false
      );
    });
  });

  test("/status in Russian, while nothing runs", async () => {
    const { owner } = await crowd();
    await owner.sends("/language ru");
    await owner.sees("Теперь ваш язык");
    await owner.sends("/status");
    const { text } = await owner.sees(en.like("status-title"));
    expect(text).toContain("Скорость: 20 сообщений в секунду\n");
    expect(text).toMatch(/Подробности доставки хранятся 90 дней$/);
    expect(text).not.toContain("Идут:");
  });

  test("in the middle of a dialog /status is answered and not taken for the post", async () => {
    const { owner } = await crowd();
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("/status");
    await owner.sees(en.like("status-title"));
    await owner.sends("The post.");
    await owner.sees(en.like("audience-ask"));
  });

  test("who is no admin is answered as to any unknown command", async () => {
    const { telegram } = await crowd();
    const person = telegram.person({ id: 50, firstName: "Ann", languageCode: "en", started: true });
    await person.sends("/status");
    const { text } = await person.sees(en("unknown-command"));
    expect(text).not.toContain("/status");
  });
});
