import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  LOCALES,
  type Locale,
  cut,
  duration,
  fileSize,
  languageName,
  loadWords,
  localeFor,
  moment,
  roundRate,
  timeOfDay,
} from "../../src/bot/ui/words.ts";
import { CAMPAIGN_STATES, PAUSE_REASONS } from "../../src/db/states.ts";
import { ERROR_CODES } from "../../src/errors.ts";

const words = loadWords();
const [en, ru] = [words("en"), words("ru")];

describe("numbers", () => {
  test.each([
    [1, "1 человек"],
    [2, "2 человека"],
    [4, "4 человека"],
    [5, "5 человек"],
    [11, "11 человек"],
    [12, "12 человек"],
    [21, "21 человек"],
    [22, "22 человека"],
    [25, "25 человек"],
    [101, "101 человек"],
    [111, "111 человек"],
  ])("in Russian %i people are %s", (count, text) => {
    expect(ru("people", { count })).toBe(text);
  });

  test.each([
    [1, "1 отписавшийся, 1 недоступный", "1 чат, куда мне нельзя писать", "Её не получит 1 человек."],
    [2, "2 отписавшихся, 2 недоступных", "2 чата, куда мне нельзя писать", "Её не получат 2 человека."],
    [5, "5 отписавшихся, 5 недоступных", "5 чатов, куда мне нельзя писать", "Её не получат 5 человек."],
    [21, "21 отписавшийся, 21 недоступный", "21 чат, куда мне нельзя писать", "Её не получит 21 человек."],
  ])("in Russian the words around %i agree with it", (count, people, chats, left) => {
    const [one, other] = [ru("review-opted-out", { count }), ru("review-unreachable", { count })];
    expect(ru("review-and", { one, other })).toBe(people);
    expect(ru("review-chats-left", { count })).toBe(chats);
    expect(ru("ask-cancel", { id: "4", left: count })).toMatch(new RegExp(`${left}$`));
  });

  test("in English one is one", () => {
    expect([0, 1, 2].map((count) => en("people", { count }))).toEqual(["0 people", "1 person", "2 people"]);
  });

  test("large ones are grouped, each language in its way", () => {
    expect(en("people", { count: 1234567 })).toBe("1,234,567 people");
    expect(ru("people", { count: 1234567 })).toMatch(/^1\s234\s567 человек$/);
  });

  test("no isolation marks stand around them", () => {
    for (const t of [en, ru]) expect(t("people", { count: 5 })).not.toMatch(/[\u2066-\u2069]/);
  });
});

const wordsIn = (locale: Locale) =>
  readFileSync(new URL(`../../locales/${locale}.ftl`, import.meta.url), "utf8").replaceAll(/^#.*$/gm, "");
const keysOf = (locale: Locale) =>
  [...wordsIn(locale).matchAll(/^([a-z][\w-]*) =/gm)].map((match) => match[1]!);

/** The names of the values that each text uses. */
function valuesOf(locale: Locale): Record<string, string[]> {
  const texts = wordsIn(locale).split(/^(?=[a-z][\w-]* =)/m);
  return Object.fromEntries(
    texts
      .filter((text) => text.trim() !== "")
      .map((text) => {
        const values = [...text.matchAll(/\$(\w+)/g)].map((match) => match[1]!);
        return [text.split(" =", 1)[0], [...new Set(values)].toSorted()];
      }),
  );
}

const conflict = (state: string) => ru("error-conflict", { id: "4", state: ru(`state-${state}`) });
const lacking = (name: string) => ru("check-no-default", { name });

describe("Russian", () => {
  test("a dash is long, and short only in a range", () => {
    expect(wordsIn("ru")).not.toMatch(/(^| )– /m);
  });

  test("a state ends a sentence without a dash before it", () => {
    expect(conflict("finished")).toMatch(/: рассылка № 4 завершена\. /);
    expect(conflict("draft")).toMatch(/: рассылка № 4 в черновиках\. /);
  });

  test("what a post may lack is named", () => {
    expect(lacking("last_name")).toMatch(/^Если фамилии нет, на месте \{last_name\} будет пусто\./);
    expect(lacking("username")).toMatch(/^Если имени пользователя нет, на месте \{username\} будет пусто\./);
  });
});

describe("keys", () => {
  test("every language has the same, each once", () => {
    for (const locale of LOCALES) {
      expect(new Set(keysOf(locale)).size).toBe(keysOf(locale).length);
      expect(keysOf(locale).toSorted()).toEqual(keysOf("en").toSorted());
    }
  });

  test("every language uses the same values in each", () => {
    for (const locale of LOCALES) expect(valuesOf(locale)).toEqual(valuesOf("en"));
  });

  test("states, reasons and errors all have words", () => {
    const keys = keysOf("en");
    const reasons = [
      "blocked",
      "deactivated",
      "unreachable",
      "personal",
      "chat-lost",
      "no-rights",
      "no-stars",
      "unavailable",
      "uncertain",
      "other",
    ];
    expect(keys).toEqual(
      expect.arrayContaining([
        ...CAMPAIGN_STATES.map((state) => `state-${state}`),
        ...PAUSE_REASONS.filter((reason) => reason !== "admin").map((reason) => `paused-${reason}`),
        ...PAUSE_REASONS.map((reason) => `why-${reason}`),
        ...ERROR_CODES.map((code) => `error-${code}`),
        ...reasons.map((reason) => `reason-${reason}`),
      ]),
    );
  });
});

describe("a length of time", () => {
  test.each([
    [0, "1 s"],
    [0.4, "1 s"],
    [1, "1 s"],
    [59, "59 s"],
    [60, "1 min"],
    [89, "1 min"],
    [91, "2 min"],
    [3569, "59 min"],
    [3570, "1 h 0 min"],
    [3600, "1 h 0 min"],
    [3660, "1 h 1 min"],
    [7199, "2 h 0 min"],
    [90_000, "25 h 0 min"],
    [172_740, "47 h 59 min"],
    [172_770, "2 d 0 h"],
    [7_776_000, "90 d 0 h"],
  ])("%d s is %s", (seconds, text) => {
    expect(duration(en, seconds)).toBe(text);
  });

  test("59.7 s is a minute, not 60 s", () => {
    expect(duration(en, 59.7)).toBe("1 min");
  });

  test("in Russian", () => {
    expect([5, 120, 5400].map((seconds) => duration(ru, seconds))).toEqual(["5 с", "2 мин", "1 ч 30 мин"]);
  });
});

describe("an instant", () => {
  const now = new Date("2026-03-02T22:30:00Z");

  test.each<[string, string, Locale, string]>([
    ["2026-03-02T00:00:00Z", "UTC", "en", "00:00"],
    ["2026-03-01T23:59:00Z", "UTC", "en", "1 Mar, 23:59"],
    // It is 3 March there already.
    ["2026-03-02T21:30:00Z", "Europe/Moscow", "en", "00:30"],
    ["2026-03-02T20:30:00Z", "Europe/Moscow", "en", "2 Mar, 23:30"],
    ["2026-03-02T20:30:00Z", "Europe/Moscow", "ru", "2 мар., 23:30"],
    ["2025-03-02T22:30:00Z", "UTC", "en", "2 Mar 2025, 22:30"],
  ])("%s in %s is, in %s, %s", (instant, zone, locale, text) => {
    expect(moment(new Date(instant), now, zone, locale)).toBe(text);
  });
});

test.each<[number, Locale, string]>([
  [0, "en", "0 kB"],
  [900, "en", "0.9 kB"],
  [8_192, "en", "8 kB"],
  [7_700_000, "en", "7.3 MB"],
  [193_000_000, "en", "184 MB"],
  [193_000_000, "ru", "184 МБ"],
  [3_650_000_000, "en", "3.4 GB"],
  [3_650_000_000, "ru", "3,4 ГБ"],
  [5 * 1024 ** 5, "en", "5,120 TB"],
])("%d bytes are, in %s, %s", (bytes, locale, text) => {
  expect(fileSize(bytes, locale)).toMatch(new RegExp(`^${text.replace(" ", "\\s")}$`));
});

test.each([
  [28, 28],
  [22.4, 22],
  [9.96, 10],
  [2.54, 2.5],
  [0.01, 0.1],
])("%d a second reads as %d", (rate, shown) => {
  expect(roundRate(rate)).toBe(shown);
});

test.each([
  ["", 2, "", ""],
  ["ab", 2, "ab", "ab"],
  ["abc", 2, "ab", "a…"],
  ["a🎁", 2, "a🎁", "a🎁"],
  ["a🎁🎁", 2, "a🎁", "a…"],
  ["🎁🎁🎁", 2, "🎁🎁", "🎁…"],
])("%j cut after %d characters is %j", (text, characters, plain, marked) => {
  expect(cut(text, characters)).toBe(plain);
  expect(cut(text, characters, "…")).toBe(marked);
});

test("a time of day stands in the zone, with 24 hours", () => {
  const instant = new Date("2026-03-02T23:05:00Z");
  expect(timeOfDay(instant, "UTC")).toBe("23:05");
  expect(timeOfDay(instant, "Europe/Berlin")).toBe("00:05");
  expect(timeOfDay(instant, "America/New_York")).toBe("18:05");
});

test.each([
  ["en", "English"],
  ["ru", "Русский"],
  ["de", "Deutsch"],
  ["es", "Español"],
  ["zh", "中文"],
  ["ka", "ქართული"],
  ["qzz", "Qzz"],
])("%s is named %s", (language, name) => {
  expect(languageName(language)).toBe(name);
});

test.each([
  ["ru-RU", "ru"],
  ["RU", "ru"],
  ["en-GB", "en"],
  ["de", "en"],
  ["", "en"],
  [null, "en"],
  [undefined, "en"],
])("who speaks %s reads %s", (language, locale) => {
  expect(localeFor(language)).toBe(locale);
});
