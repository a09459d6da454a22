import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { campaignCard } from "../../src/bot/cards/campaign-card.ts";
import { CARD_VERBS, cardTap } from "../../src/bot/ui/callback-data.ts";
import { NOTICES, missedLines } from "../../src/bot/notices/notices.ts";
import { loadWords } from "../../src/bot/ui/words.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import type { SeriesFacts } from "../../src/campaign/series.ts";
import { CAMPAIGN_STATES, CARD_VIEWS, PAUSE_REASONS } from "../../src/db/states.ts";
import type { Recurrence } from "../../src/schedule/recurrence.ts";
import { NOW, campaignAs } from "../support/seed.ts";
import { describeAudience } from "../../src/bot/ui/audience-words.ts";
import type { CardFacts } from "../../src/bot/cards/card-facts.ts";

const words = loadWords();
const en = words("en");

const FACTS: CardFacts = {
  from: null,
  now: NOW,
  timezone: "UTC",
  locale: "en",
  speed: 28,
  quietUntil: null,
  failures: [],
  retryable: 0,
  reachable: null,
  series: null,
  bundle: null,
  category: null,
  audience: "All languages",
  people: { author: "Olivia", actions: {} },
  posts: [],
  taps: { votes: new Map(), answers: new Map() },
  polls: [],
  edit: null,
  lateLimitHours: 24,
};

const WEEKLY: Recurrence = { zone: "UTC", rule: { every: "week", days: [1], hour: 10, minute: 0 } };
const NEXT = { id: null, startsAt: new Date("2026-03-16T10:00:00Z") };
const SERIES: SeriesFacts = { recurrence: WEEKLY, newest: true, next: NEXT, held: false };

const HOURS_AGO = new Date(NOW.getTime() - 2 * 3_600_000);

/** The campaign of these tests. */
const campaign = (change: Partial<Campaign> = {}) => campaignAs({ id: 1234, ...change });

const some = {
  total: 2000,
  sent: 1200,
  blocked: 30,
  deactivated: 4,
  unreachable: 5,
  failed: 1,
  skipped: 3,
  uncertain: 2,
};

const card = (change: Partial<Campaign> = {}, facts: Partial<CardFacts> = {}, view = "card" as const) =>
  campaignCard(en, campaign(change), view, { ...FACTS, ...facts });
const verbsOf = ({ keyboard }: ReturnType<typeof card>) =>
  keyboard.map((row) => row.map((button) => button.callback_data.replace(/^c:1234:/, "")));

const barOf = (left: number) =>
  card({ total: 10_000, sent: 10_000 - left })
    .text.split("\n")
    .find((line) => /[▓░]/.test(line));
const ask = (view: (typeof CARD_VIEWS)[number], change: Partial<Campaign>) =>
  campaignCard(en, campaign({ ...some, ...change }), view, FACTS).text;

describe("the numbers", () => {
  const parts = fc.record({
    sent: fc.nat(2_000_000),
    blocked: fc.nat(50_000),
    deactivated: fc.nat(50),
    unreachable: fc.nat(50),
    failed: fc.nat(5_000),
    skipped: fc.oneof(fc.constant(0), fc.nat(500)),
    uncertain: fc.oneof(fc.constant(0), fc.nat(500)),
  });
  const state = fc.constantFrom(
    ...CAMPAIGN_STATES.filter((state) => !["draft", "scheduled", "expired"].includes(state)),
  );

  test.each(["en", "ru"] as const)("on a card in %s add up to the total, in each state", (locale) => {
    fc.assert(
      fc.property(parts, fc.nat(100_000), state, (counters, left, state) => {
        const total = Object.values(counters).reduce((sum, count) => sum + count, left);
        const { text } = campaignCard(
          words(locale),
          campaign({ state, total, ...counters, finishedAt: NOW }),
          "card",
          FACTS,
        );
        const line = text
          .split("\n")
          .find((line) => line.includes(" · ") && /^(Sent|Отправлено)/.test(line))!;
        const shown = line.split(" · ").map((part) => Number(part.replaceAll(/\D/g, "")));
        expect(shown.reduce((sum, count) => sum + count, 0)).toBe(total);
        // What is rare is named only when there is some.
        const named = state === "finished" && left === 0 ? 3 : 4;
        expect(shown).toHaveLength(named + Number(counters.skipped > 0) + Number(counters.uncertain > 0));
      }),
      { numRuns: 100 },
    );
  });

  test("the bar is full only when nobody is left", () => {
    expect(barOf(10_000)).toBe("░░░░░░░░░░ 0 %");
    expect(barOf(5_000)).toBe("▓▓▓▓▓░░░░░ 50 %");
    expect(barOf(1)).toBe("▓▓▓▓▓▓▓▓▓░ 99 %");
    expect(barOf(0)).toBe("▓▓▓▓▓▓▓▓▓▓ 100 %");
  });

  test.each([
    [7, "7"],
    [1234, "1234"],
    [1_234_567, "1234567"],
  ])("campaign %i is #%s, never grouped", (id, shown) => {
    for (const locale of ["en", "ru"] as const)
      for (const state of CAMPAIGN_STATES)
        for (const view of CARD_VIEWS) {
          const { text } = campaignCard(
            words(locale),
            campaign({ id, state, uncertain: 1, total: 1 }),
            view,
            FACTS,
          );
          expect(text).toMatch(new RegExp(locale === "en" ? `#${shown}(?!\\d)` : `№ ${shown}(?!\\d)`));
        }
  });
});

describe("a card in each state", () => {
  test("running: bar, numbers, speed and the end", () => {
    expect(card(some).text).toBe(
      [
        "Campaign #1234 · sending",
        "“Hello”",
        "Mon 2 Mar, 12:00 · by Olivia · All languages",
        "▓▓▓▓▓▓░░░░ 62 %",
        "Sent 1,200 · Blocked 30 · Failed 10 · Skipped 3 · Uncertain 2 · Left 755",
        "28 messages a second · done in 27 s (12:00)",
      ].join("\n"),
    );
  });

  test.each<[string, Partial<Campaign>, Partial<CardFacts>, string]>([
    ["nothing measured yet", some, { speed: null }, "Starting…"],
    ["nothing moving", some, { speed: 0 }, "Starting…"],
    ["a slow one", some, { speed: 0.34 }, "0.3 messages a second · done in 37 min (12:37)"],
    ["a very slow one is not said to stand still", some, { speed: 0.01 }, "0.1 message"],
    ["one a second", some, { speed: 1 }, "1 message a second"],
    ["Telegram asks to wait", some, { quietUntil: new Date("2026-03-02T12:34:56Z") }, "wait until 12:34"],
    [
      "and that for days",
      some,
      { quietUntil: new Date("2026-03-04T12:34:56Z") },
      "Telegram asks to wait until 4 Mar, 12:34",
    ],
    ["the audience is still being gathered", { ...some, frozenAt: null }, {}, "the total will grow"],
  ])("running, %s", (_, change, facts, text) => {
    expect(card(change, facts).text).toContain(text);
  });

  test.each<[string, Partial<Campaign>]>([
    ["right after it was confirmed", {}],
    ["resumed long after its time", { startsAt: HOURS_AGO, latePolicy: "send" }],
  ])("due, %s: it looks as it will in a moment, when it has started", (_, change) => {
    const due = { startedAt: null, frozenAt: null, ...change };
    const shown = card({ ...due, state: "scheduled" });
    expect(shown.text).toMatch(/^Campaign #1234 · sending\n“Hello”\n.+\nStarting…$/);
    expect(shown).toEqual(card({ ...due, state: "running" }));
    expect(verbsOf(shown)).toEqual([["pause", "cancel"]]);
  });

  test("due, outside its hours: what it waits for", () => {
    const window = { zone: "UTC", from: 1080, to: 480, days: [1 as const] };
    const { text } = card({ state: "scheduled", startedAt: null, frozenAt: null, window });
    expect(text).toMatch(/^Campaign #1234 · sending\n[^]*\nWaits for its hours, begins Mon 2 Mar 18:00$/);
  });

  test("found long after its time, it is not said to start: its author may be asked first", () => {
    const { text } = card({ state: "scheduled", startedAt: null, frozenAt: null, startsAt: HOURS_AGO });
    expect(text).toContain("Campaign #1234 · scheduled\n");
    expect(text).toContain("This time has passed.");
  });

  test("asked whether to cancel it in that moment, nobody has been written to", () => {
    expect(ask("ask-cancel", { state: "scheduled", startedAt: null })).toBe(
      "Cancel campaign #1234 for good? Nobody has been messaged yet.",
    );
  });

  const ahead: Partial<Campaign> = {
    state: "scheduled",
    startedAt: null,
    startsAt: new Date("2026-03-09T10:00:00Z"),
  };

  test("scheduled: when, in which hours, to whom, and which run of its series", () => {
    const { text } = card(
      {
        ...ahead,
        run: 3,
        seriesId: 7,
        recurrence: WEEKLY,
        window: { zone: "UTC", from: 540, to: 1260, days: [1, 2, 3, 4, 5] },
        latePolicy: "expire",
      },
      { reachable: 4812, series: SERIES },
    );
    expect(text).toBe(
      [
        "Campaign #1234 · scheduled",
        "“Hello”",
        "When: Mon 9 Mar 2026, 10:00 · UTC · in 6 d 22 h",
        "Hours: 09:00–21:00, Mon–Fri",
        "If late (more than 24 h): let it expire",
        "To: All languages → 4,812 people",
        "By: Olivia",
        "",
        "Run 3 of the series, every Monday 10:00; next Mon 16 Mar 10:00",
      ].join("\n"),
    );
  });

  test("in Russian, by the reader's own clock", () => {
    const facts: CardFacts = {
      ...FACTS,
      locale: "ru",
      timezone: "Europe/Moscow",
      audience: "Все языки",
      reachable: 3,
      series: SERIES,
    };
    const { text } = campaignCard(words("ru"), campaign({ ...ahead, run: 3, seriesId: 7 }), "card", facts);
    expect(text.split("\n")).toEqual([
      "Рассылка № 1234 · запланирована",
      "«Hello»",
      "Когда: Пн 9 марта 2026, 13:00 · Europe/Moscow · через 6 дн. 22 ч",
      "Кому: Все языки → 3 человека",
      "Автор: Olivia",
      "",
      "3-й выпуск серии, по понедельникам в 10:00 (UTC); следующий — Пн 16 мар. 13:00",
    ]);
  });

  test("the last run of a series says that no more runs", () => {
    const { text } = card({ ...ahead, run: 3, seriesId: 7 }, { series: { ...SERIES, next: null } });
    expect(text).toContain("Run 3 of the series, every Monday 10:00; no more runs");
  });

  test("a paused series promises no next run", () => {
    const held = { series: { ...SERIES, held: true } };
    expect(
      card({ ...ahead, run: 3, seriesId: 7, state: "paused", pauseReason: "admin" }, held).text,
    ).toContain(
      "Run 3 of the series, every Monday 10:00; no next run until the paused one is resumed or cancelled",
    );
  });

  test("running outside its hours: what it waits for; and how late it began", () => {
    const window = { zone: "UTC", from: 1080, to: 480, days: [1 as const] };
    const { text } = card({ ...some, window, lateSeconds: 10_800 });
    expect(text).toContain("\nWaits for its hours, continues Mon 2 Mar 18:00\nStarted 3 h 0 min late");
    const russian = (change: Partial<Campaign>) =>
      campaignCard(words("ru"), campaign({ window, ...change }), "card", { ...FACTS, locale: "ru" }).text;
    expect(russian(some)).toContain("\nЖдёт разрешённых часов. Продолжится Пн 2 мар. 18:00");
    expect(russian({ total: 5 })).toContain("\nЖдёт разрешённых часов. Начнётся Пн 2 мар. 18:00");
  });

  test("the end is told by the hours that it has", () => {
    const window = { zone: "UTC", from: 540, to: 721, days: [1 as const, 2 as const] };
    expect(card({ ...some, window }, { speed: 1 }).text).toContain("done in 13 min (3 Mar, 09:11)");
  });

  test.each(PAUSE_REASONS.filter((reason) => reason !== "restored"))(
    "paused for %s: why, and what Telegram said",
    (pauseReason) => {
      const { text } = card({ ...some, state: "paused", pauseReason, pauseDetail: "Bad Request: X" });
      expect(text).toContain("Left 755");
      expect(text.includes("Bad Request: X")).toBe(!["admin", "late", "overdue"].includes(pauseReason));
    },
  );

  test("on hold after a restore: since when nothing is known, and what Resume does", () => {
    const held = { pauseReason: "restored", pauseDetail: "2026-03-01T04:10:00.000Z" } as const;
    expect(card({ ...some, ...held, state: "paused" }).text).toMatch(
      /restored from a backup of Sun 1 Mar 2026, 04:10, .* get it twice\./,
    );
    const waiting = { ...held, state: "paused", startedAt: null } as const;
    expect(card({ ...waiting, startsAt: new Date("2026-03-09T10:00:00Z") }).text).toMatch(
      /it may have been sent, changed or cancelled\. Resume lets it be sent at its time/,
    );
    const passed = card({ ...waiting, startsAt: new Date("2026-03-01T10:00:00Z") });
    expect(passed.text).toContain("Send it now, at another time, or drop it?");
  });

  test("paused for a forward that lacks parts: how many arrived", () => {
    const { text } = card({ ...some, state: "paused", pauseReason: "incomplete", pauseDetail: "3/4" });
    expect(text).toContain("only 3 of 4 parts of the album");
  });

  test("paused for errors: how many failed, why, and what Resume does", () => {
    const change = { total: 100, unreachable: 15, failed: 5, pauseDetail: "X" };
    const paused = (uncertain: number) =>
      card({ ...change, uncertain, state: "paused", pauseReason: "errors" }).text;
    expect(paused(0)).toContain("Failed: 20. The last reason: X\n");
    expect(paused(7)).toContain("Failed: 20, uncertain: 7. The last reason: X\n");
    expect(paused(0)).toMatch(/Resume retries those who failed; .* no longer pause/);
  });

  test("finished: how many it reached, how long it took, and why not the others", () => {
    const { text } = card(
      {
        state: "finished",
        total: 3000,
        sent: 2990,
        blocked: 8,
        uncertain: 2,
        finishedAt: new Date(NOW.getTime() + 107_000),
      },
      {
        failures: [
          { reason: "blocked", count: 8 },
          { reason: "uncertain", count: 2 },
        ],
      },
    );
    expect(text.split("\n").slice(0, 9)).toEqual([
      "Campaign #1234 · finished",
      "“Hello”",
      "Mon 2 Mar, 12:00 to 12:01 · by Olivia · All languages",
      "Sent 2,990 · Blocked 8 · Failed 0 · Uncertain 2",
      "Reached 2,990 of 3,000 (99.6 %) in 2 min",
      "",
      "Not reached:",
      "· blocked the bot: 8",
      "· uncertain: 2",
    ]);
    expect(text).toContain("“Uncertain” means");
  });

  test("who was skipped is named as skipped: nobody is counted as one who blocked", () => {
    const change = { state: "finished", total: 33, skipped: 33, finishedAt: NOW } as const;
    const { text } = card(change);
    expect(text).toContain("Blocked 0 · Failed 0 · Skipped 33");
    expect(text).toContain("Not reached:\n· skipped (left or blocked the bot after the start): 33");
    expect(campaignCard(words("ru"), campaign(change), "card", FACTS).text).toContain("\n· пропущены (");
  });

  test("uncertain: of a process that was killed it is not claimed that its calls left", () => {
    const change = { state: "finished", total: 1, uncertain: 1, finishedAt: NOW } as const;
    const facts = { ...FACTS, failures: [{ reason: "uncertain", count: 1 }] };
    const [english, russian] = (["en", "ru"] as const).map(
      (locale) => campaignCard(words(locale), campaign(change), "card", { ...facts, locale }).text,
    );
    expect(english).toContain("the request may have got through, but no answer came");
    expect(russian).toContain("запрос, возможно, ушёл, но ответа не было");
  });

  test("finished with one missing is not 100 %", () => {
    const { text } = card({ state: "finished", total: 100_000, sent: 99_999, blocked: 1, finishedAt: NOW });
    expect(text).toContain("(99.9 %)");
  });

  test("cancelled: how many were not written to", () => {
    expect(card({ ...some, state: "cancelled" }).text).toContain("755 people were not messaged");
    expect(card({ total: 2, sent: 1, state: "cancelled" }).text).toContain("One person was not messaged");
    expect(card({ total: 2, sent: 2, state: "cancelled" }).text).toContain(
      "By then it had gone to everybody.",
    );
  });

  test("expired: not ended by hand, and why", () => {
    const { text } = card({ state: "expired", startedAt: null, latePolicy: "expire" });
    expect(text).toContain(
      "It was due Mon 2 Mar 2026, 12:00, while Herald was not running. More than 24 h late",
    );
  });

  test("cancelled before it started: nobody is said to be left", () => {
    expect(card({ state: "cancelled", startedAt: null }).text).toMatch(
      /\nIt had not started: nobody was messaged\.$/,
    );
  });
});

/** A campaign that is over and whose deliveries were dropped after so many days and nearly an hour. */
const over = (state: Campaign["state"], days: number): Partial<Campaign> => ({
  ...some,
  state,
  finishedAt: NOW,
  detailsDroppedAt: new Date(NOW.getTime() + days * 86_400_000 + 3_599_000),
});

/** A post with these votes, and a German version with an answer. */
const votable = (texts: string[]): Campaign["content"] => ({
  kind: "text",
  text: "Well?",
  buttons: texts.map((text) => [{ text, vote: true }]),
  versions: { de: { kind: "text", text: "Na?", buttons: [[{ text: "Mehr", answer: "9 bis 6" }]] } },
});

const head = (change: Partial<Campaign>) => card(change).text.split("\n").slice(1, 3);

describe("the head of a card", () => {
  const photo: Campaign["content"] = {
    kind: "photo",
    fileId: "f",
    caption: "Our autumn menu is here, with soup and pies for everybody",
    buttons: [
      [
        { text: "Shop", url: "https://a.b" },
        { text: "News", url: "https://a.b" },
      ],
    ],
  };

  test.each<[string, Campaign["content"], string]>([
    ["a photo with words", photo, "“Our autumn menu is here, with soup and …” · photo, 2 buttons"],
    ["a text", { kind: "text", text: "Hello\n\n  there", buttons: [] }, "“Hello there”"],
    ["a text with buttons", { kind: "text", text: "Hi", buttons: photo.buttons }, "“Hi” · text, 2 buttons"],
    ["a sticker", { kind: "sticker", fileId: "f", buttons: [] }, "sticker"],
  ])("says what %s is by its first words", (_, content, line) => {
    for (const state of CAMPAIGN_STATES.filter((state) => state !== "draft"))
      expect(head({ state, content, startedAt: state === "scheduled" ? null : NOW })[0]).toBe(line);
  });

  test.each<[string, Partial<Campaign>, string]>([
    ["within a minute", { finishedAt: NOW }, "Mon 2 Mar, 12:00"],
    ["on one day", { finishedAt: new Date(NOW.getTime() + 600_000) }, "Mon 2 Mar, 12:00 to 12:10"],
    [
      "over midnight",
      { finishedAt: new Date(NOW.getTime() + 13 * 3_600_000) },
      "Mon 2 Mar, 12:00 to Tue 3 Mar, 01:00",
    ],
    [
      "in another year",
      { startedAt: new Date("2025-12-31T12:00:00Z"), finishedAt: new Date("2025-12-31T12:10:00Z") },
      "Wed 31 Dec 2025, 12:00 to 12:10",
    ],
  ])("says when it was sent, by whom and to whom: %s", (_, change, when) => {
    expect(head({ state: "finished", ...change })[1]).toBe(`${when} · by Olivia · All languages`);
  });

  test("in Russian, by the reader's clock, with long names cut", () => {
    const facts = {
      ...FACTS,
      locale: "ru" as const,
      timezone: "Europe/Moscow",
      audience: "Все языки",
      people: { author: "О".repeat(40), actions: {} },
    };
    const finished = campaign({ state: "finished", finishedAt: new Date(NOW.getTime() + 600_000) });
    expect(campaignCard(words("ru"), finished, "card", facts).text.split("\n")[2]).toBe(
      `Пн 2 марта, 15:00–15:10 · автор: ${"О".repeat(31)}… · Все языки`,
    );
  });

  test("an expired one names its time once, and nobody waits for a start", () => {
    expect(head({ state: "expired", startedAt: null })[1]).toBe("by Olivia · All languages");
  });
});

describe("who stepped in", () => {
  const at = new Date(NOW.getTime() - 60_000);
  const facts = (isAuthor: boolean): Partial<CardFacts> => ({
    people: {
      author: "Olivia",
      actions: {
        "campaign.paused": { by: "Anna", at, isAuthor },
        "campaign.changed": { by: "Boris", at: new Date("2026-02-27T09:30:00Z"), isAuthor },
        "campaign.cancelled": { by: "Clara", at, isAuthor },
      },
    },
  });
  const said = (change: Partial<Campaign>, isAuthor = false) =>
    card({ ...some, ...change }, facts(isAuthor))
      .text.split("\n")
      .filter((line) => /Anna|Boris|Clara/.test(line));

  test.each<[string, Partial<Campaign>, string[]]>([
    [
      "paused by an admin",
      { state: "paused", pauseReason: "admin" },
      ["Edited by Boris, 27 Feb, 09:30", "Paused by Anna, 11:59"],
    ],
    ["paused by the engine", { state: "paused", pauseReason: "errors" }, ["Edited by Boris, 27 Feb, 09:30"]],
    [
      "paused before its time",
      { state: "paused", pauseReason: "admin", startedAt: null },
      ["Edited by Boris, 27 Feb, 09:30", "Paused by Anna, 11:59"],
    ],
    ["running again", { state: "running" }, ["Edited by Boris, 27 Feb, 09:30"]],
    ["cancelled", { state: "cancelled" }, ["Edited by Boris, 27 Feb, 09:30", "Cancelled by Clara, 11:59"]],
    [
      "cancelled before its time",
      { state: "cancelled", startedAt: null },
      ["Edited by Boris, 27 Feb, 09:30", "Cancelled by Clara, 11:59"],
    ],
  ])("stands on the card: %s", (_, change, lines) => {
    expect(said(change)).toEqual(lines);
  });

  test("what authors change of their own is not news, their pause is said", () => {
    expect(said({ state: "paused", pauseReason: "admin" }, true)).toEqual(["Paused by Anna, 11:59"]);
  });
});

describe("buttons that come back", () => {
  const taps = {
    votes: new Map([
      ["👎", 3],
      ["👍", 1412],
    ]),
    answers: new Map([["Mehr", 57]]),
  };

  test.each(CAMPAIGN_STATES)("have their numbers on a %s card once it has started", (state) => {
    const lines = /\nVotes: 👍 1,412 · 👎 3\nTaps: Mehr 57(\n|$)/;
    const change = {
      ...some,
      state,
      startsAt: state === "scheduled" ? NEXT.startsAt : NOW,
      content: votable(["👍", "👎", "👍"]),
    };
    const begun = ["running", "paused", "finished", "cancelled"].includes(state);
    expect(lines.test(card(change, { taps }).text)).toBe(begun);
    expect(card({ ...change, startedAt: null, state: "paused" }, { taps }).text).not.toMatch(lines);
    expect(card({ ...some, state }, { taps }).text).not.toMatch(/Votes|Taps/);
  });

  test("stand below who paused it, as they do on every other card", () => {
    const paused = { ...some, state: "paused", pauseReason: "admin", content: votable(["👍"]) } as const;
    const people = {
      author: "Olivia",
      actions: { "campaign.paused": { by: "Anna", at: NOW, isAuthor: false } },
    };
    expect(card(paused, { taps, people }).text).toMatch(/\nPaused by Anna, .*\n+Votes: 👍 1,412/);
  });

  test("that nobody tapped say so, and of many the first ten are shown", () => {
    const letters = [..."abcdefghijkl"];
    expect(card({ content: votable(letters) }).text).toMatch(
      /Votes: a 0 · b 0 · .* · j 0 · …\nTaps: Mehr 0$/,
    );
    expect(card({ content: votable(letters.slice(0, 10)) }).text).toMatch(/ · j 0\nTaps/);
  });
});

describe("once the deliveries are dropped", () => {
  // What is left of a campaign that is being dropped must not be shown for all of it.
  const rest = { failures: [{ reason: "blocked", count: 1 }], retryable: 1 };

  test.each(["finished", "cancelled"] as const)("a %s one shows its totals and says so", (state) => {
    const { text } = card(over(state, 90), rest);
    expect(text).toContain("Sent 1,200 · Blocked 30 · Failed 10 · Skipped 3 · Uncertain 2 · Left 755");
    expect(text).toMatch(/\n\nThe delivery details were kept for 90 days; only these totals are left\.$/);
    expect(text).not.toContain("Not reached");
    expect(verbsOf(card(over(state, 90), rest))).toEqual([["post", "duplicate"]]);
  });

  test("an old question is no longer asked", () => {
    expect(campaignCard(en, campaign(over("finished", 90)), "ask-uncertain", FACTS).text).toContain(
      "finished",
    );
  });

  test.each([
    [1, "хранились 1 день,"],
    [22, "хранились 22 дня,"],
    [90, "хранились 90 дней,"],
  ])("in Russian %i days have their form", (days, text) => {
    expect(campaignCard(words("ru"), campaign(over("finished", days)), "card", FACTS).text).toContain(text);
  });
});

/** The text of the question, and the labels of its buttons. */
const asked = (change: Partial<Campaign>, facts: Partial<CardFacts> = {}, t = en) => {
  const { text, keyboard } = campaignCard(t, campaign(change), "ask-cancel", { ...FACTS, ...facts });
  return [text, ...keyboard.flat().map((button) => button.text)];
};

describe("the question behind Cancel", () => {
  const late = { state: "paused", pauseReason: "late", startedAt: null } as const;

  test("asks in the words of the button that was tapped", () => {
    expect(asked({ state: "scheduled", startedAt: null })).toEqual([
      "Cancel campaign #1234 for good? Nobody has been messaged yet.",
      "Yes, cancel",
      "Back",
    ]);
    expect(asked(late)).toEqual(["Drop campaign #1234? It will not be sent.", "Yes, drop", "Back"]);
    expect(asked(late, { series: SERIES })).toEqual([
      "Drop campaign #1234? It will not be sent. It is a run of a series; the next one is Mon 16 Mar 10:00.",
      "Only this run",
      "The whole series",
      "Back",
    ]);
  });

  test("Russian has one word for it, from the button to the state", () => {
    const ru = words("ru");
    expect(asked(some, {}, ru)).toEqual([
      "Отменить рассылку № 1234 насовсем? Её не получат 755 человек.",
      "Да, отменить",
      "Назад",
    ]);
    const actions = { "campaign.cancelled": { by: "Анна", at: NOW, isAuthor: false } };
    const facts = { ...FACTS, people: { author: "Оля", actions } };
    const { text } = campaignCard(ru, campaign({ ...some, state: "cancelled" }), "card", facts);
    expect(text).toMatch(/^Рассылка № 1234 · отменена\n[^]*\nОтменена: Анна, 12:00\n/);
  });
});

test("a notice names the time with a date or without", () => {
  const facts = { rate: 28, reachable: 0, chats: [{ name: "News", reason: "no-rights" }] };
  const late = (t: typeof en, due: string) => NOTICES.late(t, campaign(), { ...facts, due });
  expect(late(en, "22 Nov, 17:27")).toContain("#1234 was not sent: when it was due (22 Nov, 17:27), Herald");
  expect(late(words("ru"), "21:27")).toContain("когда ей пора было начаться (21:27), Herald не работал");
  expect(missedLines(en, campaign(), facts.chats).join("\n")).toMatch(
    /Once I may post there again, open \/campaign 1234 and tap “Retry failed”\.$/,
  );
});

test("too few Stars: what goes on, and how the paid rate comes back", () => {
  const facts = { rate: 28, due: "", reachable: 0, chats: [] };
  expect(NOTICES["no-stars"](en, campaign(), facts)).toBe(
    "⚠️ Campaign #1234 continues at the free rate, 28 messages a second: Telegram says that the bot has too few Stars. " +
      "After a top-up, Pause and Resume bring the paid rate back.",
  );
  expect(NOTICES["no-stars"](words("ru"), campaign(), facts)).toContain(
    "№ 1234 идёт дальше на бесплатной скорости, 28 сообщений",
  );
});

describe("the buttons", () => {
  test.each<[string, Partial<Campaign>, Partial<CardFacts>, string[][]]>([
    ["draft", { state: "draft" }, {}, []],
    [
      "scheduled",
      { state: "scheduled", startedAt: null, startsAt: NEXT.startsAt },
      {},
      [["reschedule", "edit"], ["pause", "cancel"], ["post"]],
    ],
    [
      "paused before its time",
      { state: "paused", pauseReason: "admin", startedAt: null },
      {},
      [["resume", "reschedule"], ["edit", "cancel"], ["post"]],
    ],
    [
      "found late",
      { state: "paused", pauseReason: "late", startedAt: null },
      {},
      [["resume", "reschedule"], ["edit", "cancel"], ["post"]],
    ],
    ["running", { ...some, state: "running" }, { retryable: 5 }, [["pause", "cancel"], ["edit-sent"]]],
    ["paused", { ...some, state: "paused" }, { retryable: 5 }, [["resume", "edit", "cancel"], ["post"]]],
    [
      "finished, all well",
      { state: "finished", total: 1, sent: 1 },
      {},
      [["post", "duplicate"], ["people"], ["edit-sent"]],
    ],
    [
      "finished, details gone",
      { state: "finished", total: 1, sent: 1, detailsDroppedAt: NOW },
      {},
      [["post", "duplicate"]],
    ],
    [
      "finished, failures that can be reached now, and uncertain ones",
      { ...some, state: "finished" },
      { retryable: 5 },
      [["post", "failures"], ["duplicate", "retry"], ["retry-uncertain"], ["people"], ["edit-sent"]],
    ],
    [
      "finished, failures that cannot be reached",
      { state: "finished", total: 2, blocked: 2 },
      {},
      [["post", "failures"], ["duplicate"]],
    ],
    [
      "finished, only skipped",
      { state: "finished", total: 2, skipped: 2 },
      {},
      [["post", "failures"], ["duplicate"]],
    ],
    [
      "cancelled",
      { ...some, state: "cancelled" },
      { retryable: 5 },
      [["post", "failures"], ["duplicate"], ["people"]],
    ],
    ["expired", { state: "expired", startedAt: null }, {}, [["post", "duplicate"]]],
  ])("%s", (_, change, facts, verbs) => {
    expect(verbsOf(card(change, facts))).toEqual(verbs);
  });

  test.each(CAMPAIGN_STATES)(
    "a question about what is %s is asked only while it can be answered",
    (state) => {
      const asks = (view: (typeof CARD_VIEWS)[number]) =>
        verbsOf(campaignCard(en, campaign({ ...some, state }), view, FACTS));
      const plain = verbsOf(card({ ...some, state }));
      const canCancel = ["scheduled", "running", "paused"].includes(state);
      expect(asks("ask-cancel")).toEqual(canCancel ? [["yes-cancel", "back"]] : plain);
      expect(asks("ask-uncertain")).toEqual(state === "finished" ? [["yes-retry", "back"]] : plain);
    },
  );

  test("of a run of a series it is asked which runs", () => {
    const asked = campaignCard(en, campaign({ ...some, run: 2, seriesId: 7 }), "ask-cancel", {
      ...FACTS,
      series: SERIES,
    });
    expect(asked.text).toContain("the next one is Mon 16 Mar 10:00");
    expect(verbsOf(asked)).toEqual([["yes-cancel", "cancel-series"], ["back"]]);
    const last = campaignCard(en, campaign({ ...some, run: 2, seriesId: 7 }), "ask-cancel", {
      ...FACTS,
      series: { ...SERIES, next: null },
    });
    expect(verbsOf(last)).toEqual([["yes-cancel", "back"]]);
  });

  test("nobody uncertain is nobody to ask about", () => {
    const { text } = campaignCard(en, campaign({ state: "finished" }), "ask-uncertain", FACTS);
    expect(text).toContain("finished");
  });

  test("the questions name the number of people", () => {
    expect(ask("ask-cancel", {})).toBe("End campaign #1234 for good? 755 people have not been messaged yet.");
    expect(ask("ask-uncertain", { state: "finished" })).toContain("again to the 2 people");
  });

  test("what a button says is read back; anything else is not", () => {
    for (const verb of CARD_VERBS) {
      const data = `c:9007199254740991:${verb}`;
      expect(cardTap.parse(data)).toEqual({ id: Number.MAX_SAFE_INTEGER, verb });
      expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
    }
    for (const data of [
      "",
      "c:1",
      "c:1:fly",
      "c:x:pause",
      "c:-1:pause",
      "d:1:pause",
      "c:1:pause ",
      "xc:1:pause",
    ])
      expect(cardTap.parse(data)).toBeNull();
  });
});

test("an audience in words", () => {
  expect(describeAudience(en, { languages: "all" })).toBe("All languages");
  expect(describeAudience(en, { languages: ["en", "ru"] })).toBe("English, Русский");
  expect(describeAudience(en, { languages: ["en"], othersThan: ["en"] })).toMatch(/^English, /);
});
