import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FluentResource } from "@fluent/bundle";
import { afterEach, describe, expect, test } from "vitest";
import { statusOf } from "../../../playground/page/chat/status.ts";
import { totals } from "../../../playground/page/chat-list/sections.ts";
import { briefly, dayName } from "../../../playground/page/ui/dates.ts";
import { grouped, LANGUAGES, language, pieces, preferred, t } from "../../../playground/page/state/locale.ts";
import { size } from "../../../playground/page/message/moments.ts";
import { serviceLine } from "../../../playground/page/message/service.ts";
import { votesLabel } from "../../../playground/page/message/poll-results.ts";
import { SAMPLES } from "../../../playground/samples/catalog.ts";
import { callsOf, nameOf, nodesIn, quasisOf, sourceIn, stringOf } from "../../support/source.ts";
import { noon, shown, summary } from "./support.ts";

const PAGE = join(import.meta.dirname, "../../../playground/page");

afterEach(() => language.set("en"));

function fileOf(locale: string): string {
  return readFileSync(join(PAGE, `locales/${locale}.ftl`), "utf8");
}

/** The messages of a file: key → the variables that it takes. */
function messagesOf(locale: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { id, value } of new FluentResource(fileOf(locale)).body) {
    const names = [...nodesIn(value)].flatMap(({ type, name }) => (type === "var" ? [String(name)] : []));
    found.set(id, [...new Set(names)].toSorted());
  }
  return found;
}

/** The words of a pattern, in all its variants, without keys and values. */
function textsOf(pattern: unknown): string[] {
  if (typeof pattern === "string") return [pattern];
  if (Array.isArray(pattern)) return pattern.flatMap(textsOf);
  const { variants } = pattern as { variants?: { value: unknown }[] };
  return variants?.flatMap(({ value }) => textsOf(value)) ?? [];
}

/** All of the page's own source. */
const SOURCE = sourceIn("playground/page").flatMap(({ nodes }) => nodes);
const SAID = new Set(SOURCE.map(stringOf));

/** What keys look like that are put together: `kind-${kind}`, `${noun}-public`. */
const PATTERNS = SOURCE.map((node) => quasisOf(node))
  .filter((texts) => texts.length > 1 && texts.every((text) => /^[a-z_-]*$/.test(text)))
  .filter((texts) => texts.some((text) => /[a-z]-$|^-[a-z]/.test(text)))
  .map((texts) => new RegExp(`^${texts.join(".+")}$`));

const isUsed = (key: string) =>
  SAID.has(key) || PATTERNS.some((pattern) => pattern.test(key)) || fileOf("en").includes(`{ ${key} }`);

describe("the words of the page", () => {
  test("are in each language the same ones, with the same values in them", () => {
    expect(LANGUAGES).toEqual(["en", "ru"]);
    const [en, ru] = LANGUAGES.map(messagesOf);
    expect([...(ru?.keys() ?? [])]).toEqual([...(en?.keys() ?? [])]);
    expect(ru).toEqual(en);
  });

  test("are all that the page asks for, and it asks for each", () => {
    const keys = [...messagesOf("en").keys()];
    const attributes = SOURCE.filter(({ type, name }) => type === "JSXAttribute" && nameOf(name) === "of");
    const asked = [
      ...callsOf(SOURCE, "CallExpression", "t", "pieces").map(([key]) => stringOf(key)),
      ...attributes.map(({ value }) => stringOf(value)),
    ].filter((key) => key !== undefined);
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((key) => !keys.includes(key))).toEqual([]);
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });

  test("name each sample", () => {
    const keys = messagesOf("en");
    expect(SAMPLES.map(({ name }) => `sample-${name}`).filter((key) => !keys.has(key))).toEqual([]);
    expect([...keys.keys()].filter((key) => key.startsWith("sample-"))).toHaveLength(SAMPLES.length);
  });

  test("have in Russian no long dashes, and no words that were left in English", () => {
    const words = new FluentResource(fileOf("ru")).body.flatMap(({ value }) => textsOf(value)).join("\n");
    expect(words.match(/[–—]/g)).toBeNull();
    const plain = words.replaceAll(/<\/?\w+>/g, "");
    const latin = [...new Set(plain.match(/[a-z]{2,}/gi))].toSorted();
    expect(latin).toEqual([
      "English",
      "GIF",
      "General",
      "Herald",
      "In",
      "Telegram",
      "bot",
      "broadcast",
      "https",
      "id",
      "kill",
      "start",
    ]);
  });
});

describe("in Russian", () => {
  test.each([
    [1, "1 человек", "1 голос"],
    [2, "2 человека", "2 голоса"],
    [5, "5 человек", "5 голосов"],
    [21, "21 человек", "21 голос"],
    [0, "0 человек", "Голосов пока нет"],
  ])("words agree with the number %i", (count, people, votes) => {
    language.set("ru");
    expect(t("people", { count })).toBe(people);
    expect(
      votesLabel({ type: "regular", total_voter_count: count } as Parameters<typeof votesLabel>[0]),
    ).toBe(votes);
  });

  test("the list, dates, sizes and service messages are said as people say them", () => {
    language.set("ru");
    const overview = { people: { total: 1200, blocked: 3 } } as Parameters<typeof totals>[0];
    expect(totals(overview)).toBe("1\u{A0}200 человек · 3 заблокировали бота · остальных найдёт поиск");
    expect(grouped(48_000)).toBe("48\u{A0}000");
    expect(statusOf(summary({ id: 5, title: "Анна", languageCode: "ru" }), true)).toBe(
      "Вы Анна · владелец · русский",
    );
    expect([0, 1, 3].map((before) => dayName(noon(before), noon()))).toEqual(["Сегодня", "Вчера", "17 мая"]);
    expect(briefly(noon(3), noon())).toBe("вс");
    expect(size(1_500_000)).toBe("1,4 МБ");
    const { message } = shown({ message_id: 1, new_chat_title: "Сорт" });
    expect(serviceLine({ ...message, chat: { id: -1, type: "group", title: "" } })).toBe(
      "Herald переименовал(а) группу: «Сорт»",
    );
  });
});

test("the browser's first language that the page speaks is the page's, else English", () => {
  expect(preferred(["de-DE", "ru-RU", "en-US"])).toBe("ru");
  expect(preferred(["en-GB", "ru"])).toBe("en");
  expect([preferred(["de"]), preferred([]), preferred(["rue"])]).toEqual(["en", "en", "en"]);
});

test("a name with a tag in it stays a name, in a text with tags", () => {
  expect(pieces("whose-person", { name: "<b>Ann</b>" })).toEqual([
    { text: "You are " },
    { tag: "b", text: "<b>Ann</b>" },
    { text: " now: what you send and tap comes from them." },
  ]);
});
