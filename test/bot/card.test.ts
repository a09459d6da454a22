import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CARD_VERBS,
  type CardFacts,
  campaignCard,
  describeAudience,
  noStarsNotice,
  parseCardTap,
} from "../../src/bot/card.ts";
import { loadWords } from "../../src/bot/words.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { CAMPAIGN_STATES, CARD_VIEWS, PAUSE_REASONS } from "../../src/db/states.ts";
import { NOW, campaignAs } from "../support/seed.ts";

const words = loadWords();
const en = words("en");

const FACTS: CardFacts = {
  now: NOW,
  timezone: "UTC",
  locale: "en",
  speed: 28,
  quietUntil: null,
  failures: [],
  retryable: 0,
};

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
        expect(shown).toHaveLength(4 + Number(counters.skipped > 0) + Number(counters.uncertain > 0));
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
    ["the audience is still being gathered", { ...some, frozenAt: null }, {}, "the total grows"],
  ])("running, %s", (_, change, facts, text) => {
    expect(card(change, facts).text).toContain(text);
  });

  test("scheduled: it is about to start", () => {
    expect(card({ state: "scheduled" }).text).toBe("Campaign #1234 · starting\nStarting…");
  });

  test.each(PAUSE_REASONS)("paused for %s: why, and what Telegram said", (pauseReason) => {
    const { text } = card({ ...some, state: "paused", pauseReason, pauseDetail: "Bad Request: X" });
    expect(text).toContain("Left 755");
    expect(text.includes("Bad Request: X")).toBe(pauseReason !== "admin");
  });

  test("paused for errors: how many failed, why, and what Resume does", () => {
    const change = { total: 100, unreachable: 15, failed: 5, pauseDetail: "X" };
    const paused = (uncertain: number) =>
      card({ ...change, uncertain, state: "paused", pauseReason: "errors" }).text;
    expect(paused(0)).toContain("Failed: 20. The last reason: X\n");
    expect(paused(7)).toContain("Failed: 20, uncertain: 7. The last reason: X\n");
    expect(paused(0)).toMatch(/Resume tries those who failed again, .* no longer pause/);
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
    expect(text.split("\n").slice(0, 7)).toEqual([
      "Campaign #1234 · finished",
      "Sent 2,990 · Blocked 8 · Failed 0 · Uncertain 2 · Left 0",
      "Reached 2,990 of 3,000 (99.6 %) in 2 min",
      "",
      "Not reached:",
      "· blocked the bot: 8",
      "· uncertain: 2",
    ]);
    expect(text).toContain("“Uncertain” means");
  });

  test("finished with one missing is not 100 %", () => {
    const { text } = card({ state: "finished", total: 100_000, sent: 99_999, blocked: 1, finishedAt: NOW });
    expect(text).toContain("(99.9 %)");
  });

  test("cancelled: how many were not written to", () => {
    expect(card({ ...some, state: "cancelled" }).text).toContain("755 people were not written to");
    expect(card({ total: 2, sent: 1, state: "cancelled" }).text).toContain("one person was not written to");
  });

  test("expired: not ended by hand", () => {
    expect(card({ ...some, state: "expired" }).text).not.toContain("by hand");
  });
});

/** A campaign that is over and whose deliveries were dropped after so many days and nearly an hour. */
const over = (state: Campaign["state"], days: number): Partial<Campaign> => ({
  ...some,
  state,
  finishedAt: NOW,
  detailsDroppedAt: new Date(NOW.getTime() + days * 86_400_000 + 3_599_000),
});

describe("once the deliveries are dropped", () => {
  // What is left of a campaign that is being dropped must not be shown for all of it.
  const rest = { failures: [{ reason: "blocked", count: 1 }], retryable: 1 };

  test.each(["finished", "cancelled"] as const)("a %s one shows its totals and says so", (state) => {
    const { text } = card(over(state, 90), rest);
    expect(text).toContain("Sent 1,200 · Blocked 30 · Failed 10 · Skipped 3 · Uncertain 2 · Left 755");
    expect(text).toMatch(/\n\nThe delivery details were kept for 90 days; only these totals are left\.$/);
    expect(text).not.toContain("Not reached");
    expect(verbsOf(card(over(state, 90), rest))).toEqual([["duplicate"]]);
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

test("too few Stars: what goes on, and how the paid rate comes back", () => {
  expect(noStarsNotice(en, campaign(), 28)).toBe(
    "⚠️ Campaign #1234 goes on at the free rate, 28 messages a second: Telegram says that the bot has too few Stars. " +
      "After a top-up, Pause and Resume bring the paid rate back.",
  );
  expect(noStarsNotice(words("ru"), campaign(), 28)).toContain(
    "№ 1234 идёт дальше на бесплатной скорости, 28 сообщений",
  );
});

describe("the buttons", () => {
  test.each<[string, Partial<Campaign>, Partial<CardFacts>, string[][]]>([
    ["draft", { state: "draft" }, {}, []],
    ["scheduled", { state: "scheduled" }, {}, [["cancel"]]],
    ["running", { ...some, state: "running" }, { retryable: 5 }, [["pause", "cancel"]]],
    ["paused", { ...some, state: "paused" }, { retryable: 5 }, [["resume", "cancel"]]],
    ["finished, all well", { state: "finished", total: 1, sent: 1 }, {}, [["duplicate"]]],
    [
      "finished, failures that can be reached now, and uncertain ones",
      { ...some, state: "finished" },
      { retryable: 5 },
      [
        ["retry", "retry-uncertain"],
        ["failures", "duplicate"],
      ],
    ],
    [
      "finished, failures that cannot be reached",
      { state: "finished", total: 2, blocked: 2 },
      {},
      [["failures", "duplicate"]],
    ],
    ["finished, only skipped", { state: "finished", total: 2, skipped: 2 }, {}, [["duplicate"]]],
    ["cancelled", { ...some, state: "cancelled" }, { retryable: 5 }, [["failures", "duplicate"]]],
    ["expired", { state: "expired" }, {}, []],
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

  test("nobody uncertain is nobody to ask about", () => {
    const { text } = campaignCard(en, campaign({ state: "finished" }), "ask-uncertain", FACTS);
    expect(text).toContain("finished");
  });

  test("the questions name the number of people", () => {
    expect(ask("ask-cancel", {})).toBe(
      "End campaign #1234 for good? 755 people have not been written to yet.",
    );
    expect(ask("ask-uncertain", { state: "finished" })).toContain("again to the 2 people");
  });

  test("what a button says is read back; anything else is not", () => {
    for (const verb of CARD_VERBS) {
      const data = `c:9007199254740991:${verb}`;
      expect(parseCardTap(data)).toEqual({ id: Number.MAX_SAFE_INTEGER, verb });
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
      expect(parseCardTap(data)).toBeNull();
  });
});

test("an audience in words", () => {
  expect(describeAudience(en, { languages: "all" })).toBe("All languages");
  expect(describeAudience(en, { languages: ["en", "ru"] })).toBe("English, Русский");
  expect(describeAudience(en, { languages: ["en"], othersThan: ["en"] })).toMatch(/^English, /);
});
