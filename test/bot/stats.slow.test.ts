import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { PeopleCounts } from "../../src/audience/people-counts.ts";
import { CHART_SIZE, type ChartFacts, chartSvg, shortNumbers } from "../../src/bot/features/stats/chart.ts";
import { statsText } from "../../src/bot/features/stats/statistics-screen.ts";
import { lastDays } from "../../src/schedule/wall.ts";
import { createPainter } from "../../src/bot/features/stats/picture.ts";
import { LOCALES, type Locale, loadWords } from "../../src/bot/ui/words.ts";
import { broadcasts, cardOf, composes, until } from "../support/broadcast.ts";
import { NOW, range, seedPeople } from "../support/seed.ts";
import { en, inState } from "../support/words.ts";
import type { Scope } from "../../src/db/scope.ts";
import { scene, FIRST } from "../support/scene.ts";

const words = loadWords();

const CAMPAIGNS = {
  running: 0,
  paused: 0,
  scheduled: 0,
  held: 0,
  finished: 0,
  withErrors: 0,
  expired: 0,
  cancelled: 0,
};
const joined = (counts: number[], before = 0) =>
  counts.map((count, index) => ({
    count,
    total: before + counts.slice(0, index + 1).reduce((a, b) => a + b, 0),
  }));
const PEOPLE: PeopleCounts = {
  active: 0,
  optedOut: 0,
  blocked: 0,
  unreachable: 0,
  languages: [],
  joined: joined(range(1, 30).map(() => 0)),
};

describe("the text", () => {
  const busy = {
    campaigns: {
      ...CAMPAIGNS,
      running: 2,
      paused: 1,
      scheduled: 3,
      held: 1,
      finished: 1_042,
      withErrors: 2,
      cancelled: 4,
    },
    people: {
      ...PEOPLE,
      active: 4_812,
      blocked: 204,
      optedOut: 31,
      unreachable: 12,
      languages: [
        { language: "ru", count: 3_760 },
        { language: "en", count: 412 },
        { language: null, count: 300 },
        ...["de", "es", "fr", "it", "pt", "uk"].map((language, index) => ({ language, count: 100 - index })),
      ],
      // The last seven days come to 28, the seven before to 77.
      joined: joined([...range(1, 16).map(() => 9), ...range(8, 14), ...range(1, 7)]),
    },
    rates: [
      { id: 12, total: 4_812, share: 0.98299, cancelled: false },
      { id: 11, total: 50_001, share: 183 / 50_001, cancelled: true },
      { id: 10, total: 3, share: 1, cancelled: false },
    ],
    polls: [
      {
        id: 12,
        results: {
          question: "Drink?",
          voters: 1_500,
          judged: 0,
          right: 0,
          options: [
            { text: "Tea", votes: 500, isRight: false },
            { text: "Coffee", votes: 1_000, isRight: false },
          ],
        },
      },
      { id: 9, results: { question: "2 + 2?", voters: 8, judged: 8, right: 6, options: [] } },
    ],
  };

  test("of a bot with much to tell", () => {
    expect(statsText(words("en"), busy)).toBe(`Campaigns
Running: 2 (1 paused)
Scheduled: 3 (1 paused)
Finished: 1,042 (2 with errors)
Expired: 0
Cancelled: 4

People
Active: 4,812
Blocked: 204
Opted out: 31
Unreachable: 12
Joined in the last 7 days: 28 (77 in the 7 before)

Active, by language
Русский · 3,760
English · 412
Deutsch · 100
Español · 99
Français · 98
Italiano · 97
Other languages · 491

Last campaigns, delivered
#12 · 98.2 % of 4,812
#11 · 0.3 % of 50,001 (cancelled)
#10 · 100 % of 3

Last polls
#12 · 1,500 voted · Coffee 67 %
#9 · 8 voted · 75 % right`);
  });

  test("in Russian", () => {
    const text = statsText(words("ru"), busy);
    expect(text).toContain("Запланированы: 3 (на паузе: 1)\n");
    expect(text).toContain("Завершены: 1\u00A0042 (с ошибками: 2)\n");
    expect(text).toContain("№ 12 · 98,2 % из 4\u00A0812\n№ 11 · 0,3 % из 50\u00A0001 (отменена)\n");
    expect(text).toContain("Новые за последние 7 дней: 28 (за предыдущие 7: 77)");
  });

  test("of a new bot it leaves out what there is none of", () => {
    const text = statsText(words("en"), {
      campaigns: CAMPAIGNS,
      people: PEOPLE,
      rates: [],
      polls: [],
    });
    expect(text).toMatch(/^Campaigns\nRunning: 0\nScheduled: 0\n/);
    expect(text).toMatch(/Joined in the last 7 days: 0 \(0 in the 7 before\)$/);
  });

  test("fits under the picture, with as much as there can be", () => {
    const many = 10_000_000;
    const people = { ...busy.people, active: many, blocked: many, optedOut: many, unreachable: many };
    const rates = range(1, 5).map((index) => ({
      id: 100_000 + index,
      total: many,
      share: 0.9876,
      cancelled: true,
    }));
    const option = { text: "x".repeat(100), votes: many, isRight: false };
    const results = { question: "?", voters: many, judged: 0, right: 0, options: [option] };
    const polls = range(1, 3).map((index) => ({ id: 100_000 + index, results }));
    for (const locale of LOCALES)
      expect(statsText(words(locale), { ...busy, people, rates, polls }).length).toBeLessThan(1024);
  });
});

describe("days", () => {
  test.each<[string, string, number, string[]]>([
    ["2026-03-02T12:00:00Z", "UTC", 2, ["2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"]],
    // There it is tomorrow already.
    ["2026-03-02T22:00:00Z", "Europe/Moscow", 2, ["2026-03-01T21:00:00Z", "2026-03-02T21:00:00Z"]],
    // A day of 23 hours.
    [
      "2026-03-30T12:00:00Z",
      "Europe/Berlin",
      3,
      ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"],
    ],
  ])("at %s in %s the last %i begin at midnight", (now, zone, count, days) => {
    expect(lastDays(new Date(now), zone, count)).toEqual(days.map((day) => new Date(day)));
  });
});

describe("numbers of an axis", () => {
  test.each<[number[], Locale, string[]]>([
    [[0, 1, 2], "en", ["0", "1", "2"]],
    [[0, 12_500, 25_000], "en", ["0", "12,500", "25,000"]],
    [[0, 12_500, 25_000], "ru", ["0", "12\u00A0500", "25\u00A0000"]],
    [[0, 2_500_000, 5_000_000], "en", ["0", "2.5M", "5M"]],
    [[9_400_000, 9_600_000, 10_000_000], "ru", ["9,4\u00A0млн", "9,6\u00A0млн", "10\u00A0млн"]],
    [[0, 50_000, 100_000], "en", ["0", "50K", "100K"]],
  ])("%j in %s", (numbers, locale, texts) => {
    expect(shortNumbers(numbers, locale)).toEqual(texts);
  });
});

const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

describe("the chart", () => {
  const days = lastDays(NOW, "Europe/Moscow", 30);
  const quiet = days.map(() => ({ reached: 0, missed: 0 }));
  const drawn = (locale: Locale, facts: Partial<ChartFacts>) =>
    chartSvg(
      { t: words(locale), locale, timezone: "Europe/Moscow" },
      { days, joined: PEOPLE.joined, reach: quiet, ...facts },
    );

  test("names what it shows, and its axes carry numbers and dates", () => {
    const facts = {
      joined: joined(days.map((_, index) => index)),
      reach: quiet.map((none, index) => (index === 20 ? { reached: 950, missed: 50 } : none)),
    };
    const english = textsOf(drawn("en", facts));
    expect(english).toEqual(
      expect.arrayContaining([en("chart-growth"), en("chart-joined"), en("chart-total"), "2 Mar", "2 Feb"]),
    );
    expect(english).toEqual(
      expect.arrayContaining(["0", "16", "32", "150", "600", "250", "500", "750", "1,000"]),
    );
    expect(english).not.toContain(en("chart-nothing-sent"));
    const russian = textsOf(drawn("ru", facts));
    expect(russian).toEqual(
      expect.arrayContaining(["Сообщения за 30 дней", "доставлено за день", "не доставлено", "1\u00A0000"]),
    );
    expect(russian.some((text) => text?.startsWith("2 мар"))).toBe(true);
  });

  test.each<[string, Partial<ChartFacts>, number, boolean]>([
    ["a bot without people and campaigns says so", {}, 0, true],
    [
      "a bot of one day has one bar and the end of a line",
      { joined: joined(days.map((_, index) => (index === 29 ? 3 : 0))) },
      1,
      false,
    ],
    [
      "nobody joined lately: a line without bars",
      {
        joined: joined(
          days.map(() => 0),
          5_000,
        ),
      },
      0,
      false,
    ],
    [
      "ten million and a trickle",
      {
        joined: joined(
          days.map(() => 1),
          10_000_000,
        ),
        reach: quiet.map(() => ({ reached: 9e6, missed: 1 })),
      },
      90,
      false,
    ],
  ])("%s", (_, facts, bars, empty) => {
    const svg = drawn("en", facts);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    // Two more are the legends', and one is the paper; one is in the legend of the growth.
    expect(svg.match(/<rect/g)?.length).toBe(bars + 4);
    expect(svg.includes("<circle")).toBe(!empty);
    expect(textsOf(svg).includes(en("chart-nobody"))).toBe(empty);
    for (const [, y] of svg.matchAll(/ y="(-?[\d.]+)"/g)) expect(Number(y)).toBeGreaterThanOrEqual(0);
  });

  test("all of its axes begin at 0, however many people there are", () => {
    const grown = joined(
      days.map(() => 3),
      70_000,
    );
    const texts = textsOf(drawn("en", { joined: grown }));
    // Of the reach, of the people who joined, and of the total.
    expect(texts.filter((text) => text === "0").length).toBe(3);
    expect(texts).toContain("80,000");
  });

  test("becomes a PNG of twice its size, and several at once do too", async () => {
    const paint = createPainter();
    const [first, second] = await Promise.all([paint(drawn("ru", {})), paint(drawn("en", {}))]);
    for (const png of [first, second]) {
      expect(png?.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
      expect([png?.readUInt32BE(16), png?.readUInt32BE(20)]).toEqual([
        CHART_SIZE.width * 2,
        CHART_SIZE.height * 2,
      ]);
    }
    // The letters are drawn: the words make the difference.
    expect(first?.equals(second ?? Buffer.of())).toBe(false);
  });

  test("what cannot be drawn is an error, and the next picture is drawn", async () => {
    const paint = createPainter();
    await expect(paint("<svg")).rejects.toThrow(/painter/);
    expect((await paint(drawn("en", {}))).length).toBeGreaterThan(10_000);
  });
});

const tenWhoBlocked = (scope: Scope) =>
  seedPeople(scope, range(FIRST + 30, FIRST + 39), { status: "blocked", language: "de" });

/** The owner, thirty people, and ten who have blocked the bot. */
async function crowd() {
  const all = await scene(30, { rate: 28, ownerStays: true, prepare: tenWhoBlocked });
  all.telegram.people(10, { firstId: FIRST + 30 });
  return all;
}

/** From /broadcast to the card of the scheduled campaign #1. */
async function schedules(admin: Person, post: string, time: string): Promise<void> {
  await composes(admin, post);
  await admin.taps(en("button-schedule"));
  await admin.sees(en("when-ask", { id: 1 }));
  await admin.sends(time);
  await admin.sees(en("review-title", { id: 1 }));
  await admin.taps(en.opens("button-schedule-for"));
  await admin.sees(en.like("confirm-schedule", { id: 1 }));
  await admin.taps(en.opens("button-yes-schedule"));
  await until(() => inState("scheduled").test(cardOf(admin)?.text ?? ""));
}

describe("over Telegram", () => {
  test("/stats answers with the numbers at once, and the chart is added to that message", async () => {
    const { owner } = await crowd();
    await broadcasts(owner, "To everybody.");
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""));
    await owner.sends("/stats");
    const { message_id: id } = await owner.sees(`${en("stats-campaigns")}\n`);
    const shown = () => owner.holds.find((message) => message.message_id === id);
    await until(() => shown()?.photo !== undefined);
    const message = shown();
    expect(message?.caption).toContain(`${en("stats-finished", { count: 1, errors: 0 })}\n`);
    expect(message?.caption).toContain(
      `${en("stats-active", { count: 31 })}\n${en("stats-blocked", { count: 10 })}\n`,
    );
    expect(message?.caption).toContain(en("stats-joined", { count: 1, before: 0 }));
    expect(message?.caption).toContain("#1 · 100 % of 31");
    expect(message?.caption).not.toContain("Deutsch");
  });

  test("one that is paused before its start is scheduled, in /stats and in /status", async () => {
    const { owner } = await crowd();
    await owner.sends("/timezone Moscow");
    await owner.sees("Europe/Moscow");
    await schedules(owner, "Later.", "in 3 days");
    await owner.sends("/pause 1");
    await owner.sees(en("card-title", { id: 1, state: en("state-paused") }));
    await owner.sends("/stats");
    const { text: numbers } = await owner.sees(`${en("stats-campaigns")}\n`);
    expect(numbers).toContain(
      `${en("stats-running", { count: 0, paused: 0 })}\n${en("stats-scheduled", { count: 1, paused: "1" })}\n`,
    );
    await owner.sends("/status");
    const { text } = await owner.sees(en.like("status-title"));
    expect(text).toMatch(/\nScheduled:\n#1 · .+, \d\d:\d\d · paused · by an admin\n/);
    expect(text).not.toContain(en("status-paused"));
  });

  test("people are counted once a minute, and campaigns each time", async () => {
    const { telegram, owner } = await crowd();
    await owner.sends("/stats");
    await owner.sees(en("stats-active", { count: 31 }), { within: 15_000 });
    await telegram.person({ id: 100_000 }).blocks();
    await broadcasts(owner, "To everybody.");
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""));
    await owner.sends("/stats");
    const { text } = await owner.sees(en("stats-finished", { count: 1, errors: 0 }));
    expect(text).toContain(`${en("stats-active", { count: 31 })}\n`);
  });

  test("without the picture the numbers come all the same", async () => {
    const { telegram, owner, herald } = await crowd();
    telegram.fault(
      { method: "editMessageMedia" },
      { error: { error_code: 400, description: "Bad Request: PHOTO_INVALID_DIMENSIONS" } },
    );
    await owner.sends("/language ru");
    await owner.sees("Теперь ваш язык");
    await owner.sends("/stats");
    const { text } = await owner.sees("Рассылки\n", { within: 15_000 });
    expect(text).toContain("Активны: 31");
    await until(() => herald.logged.some((line) => line.includes("the chart could not be sent")));
  });

  test("who is no admin has no statistics", async () => {
    const { telegram } = await crowd();
    const person = telegram.person({ id: 50, firstName: "Ann", languageCode: "en", started: true });
    for (const command of ["/stats", "/calendar", "/settings", "/campaigns"]) {
      await person.sends(command);
      const { text } = await person.sees(en("unknown-command"));
      expect(text).not.toContain(command);
    }
  });
});
