import type { MessageEntity } from "grammy/types";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type PersonFacts,
  Unfillable,
  longestLength,
  personalLink,
  personalize,
  placeholdersOf,
  unknownNamesIn,
} from "../../src/content/personal.ts";
import { plant, trees } from "./formatted.ts";

const ada: PersonFacts = { language: "en", firstName: "Ada", lastName: "🎁", username: "ada_l" };
const nobody: PersonFacts = { language: null, firstName: null, lastName: "  ", username: "" };

const said = (text: string, person: PersonFacts | null = ada) => personalize({ text }, person).text;

describe("what stands where a placeholder was", () => {
  test.each([
    ["Hi {first_name} {last_name}, @{username}!", "Hi Ada 🎁, @ada_l!"],
    ["Hi {first_name|friend}!", "Hi Ada!"],
    ["Hi { First_Name | friend }!", "Hi Ada!"],
    ["Hi {FIRST_NAME}{first_name}", "Hi AdaAda"],
    [
      "{firstname} {} { } {first_name {name|x} {{first_name}}",
      "{firstname} {} { } {first_name {name|x} {Ada}",
    ],
    ["{first_name|a|b}", "Ada"],
    ["{first_name|a\nb}", "{first_name|a\nb}"],
  ])("%j", (text, expected) => {
    expect(said(text)).toBe(expected);
  });

  test.each([
    ["Hi {first_name|friend}!", "Hi friend!"],
    ["Hi { last_name | dear friend }!", "Hi dear friend!"],
    ["Hi{username|}!", "Hi!"],
    ["Hi{username}!", "Hi!"],
    ["{first_name|a|b}", "a|b"],
  ])("%j, for somebody without a name, with blank ones, and for a chat", (text, expected) => {
    expect(said(text, nobody)).toBe(expected);
    expect(said(text, null)).toBe(expected);
  });

  test("a name that shows nothing is no name, and a decomposed one is composed", () => {
    expect(
      said("Hi {first_name|friend} {last_name}!", {
        ...ada,
        firstName: "\u3164\u200B",
        lastName: "A\u030Asa",
      }),
    ).toBe("Hi friend \u00C5sa!");
  });

  test("a name is text: neither a placeholder nor a pattern in it means anything", () => {
    const person = { ...ada, firstName: "{last_name} $& <b>", lastName: "$1" };
    expect(said("{first_name}/{last_name}", person)).toBe("{last_name} $& <b>/$1");
  });

  test("a text without any is the same object", () => {
    const formatted = { text: "Hi {name}", entities: [{ type: "bold" as const, offset: 0, length: 2 }] };
    expect(personalize(formatted, ada)).toBe(formatted);
  });
});

describe("entities", () => {
  const text = "Hi {first_name|you}, bye";
  const around = (from: string, to: string): MessageEntity => {
    const offset = text.indexOf(from);
    return { type: "bold", offset, length: text.indexOf(to) + to.length - offset };
  };
  const bolds = (entity: MessageEntity, person = ada) => {
    const { text: made, entities = [] } = personalize({ text, entities: [entity] }, person);
    return entities.map(({ offset, length }) => made.slice(offset, offset + length));
  };

  test.each([
    ["the word before", around("Hi", "Hi"), ["Hi"]],
    ["just the placeholder", around("{", "}"), ["Ada"]],
    ["the word behind", around("bye", "bye"), ["bye"]],
    ["all of it", around("Hi", "bye"), ["Hi Ada, bye"]],
    ["up to within", around("Hi", "first"), ["Hi Ada"]],
    ["from within", around("you", "bye"), [", bye"]],
    ["only within", around("first", "you"), []],
  ])("around %s", (_, entity, expected) => {
    expect(bolds(entity)).toEqual(expected);
  });

  test("around an empty value are dropped", () => {
    const entities: MessageEntity[] = [{ type: "bold", offset: 0, length: 10 }];
    expect(personalize({ text: "{username}!", entities }, null)).toEqual({ text: "!" });
  });

  test("stay on the same words, whatever the text, the names and the nesting", () => {
    const values: Record<string, string> = {
      "{first_name}": "Ada",
      "{ Last_Name | 👨‍👩‍👧 }": "🎁",
      "{username|}": "",
      "{first_name|x}": "Ada",
    };
    const person = { ...ada, username: null };
    const words = fc.constantFrom(...Object.keys(values));
    fc.assert(
      fc.property(trees(words), (tree) => {
        const expected = plant(tree, (word) => values[word] ?? word);
        expect(personalize(plant(tree), person)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

describe("attributes", () => {
  const attributes = {
    city: "Нижний Новгород",
    points: 12.5,
    дата_рождения: "1990-02-28",
    gone: null,
    first_name: "X",
  };
  const person = { ...ada, attributes };

  test.each([
    ["In {city}: {points} points", "In Нижний Новгород: 12.5 points"],
    ["{ City | your town } {CITY}", "Нижний Новгород Нижний Новгород"],
    ["{Дата рождения} {дата_рождения}", "1990-02-28 1990-02-28"],
    ["{gone|nothing}{gone}!", "nothing!"],
    ["{first_name} {first-name}", "Ada {first-name}"],
    ["{town} {town|x} {constructor}", "{town} {town|x} {constructor}"],
  ])("%j", (text, expected) => {
    expect(said(text, person)).toBe(expected);
  });

  test("are not looked for where nothing is known of anyone", () => {
    expect(said("{city|your town}", ada)).toBe("{city|your town}");
    expect(said("{city}", null)).toBe("{city}");
  });

  test.each([
    [
      "https://a.com/?c={city|all}&p={points}",
      "https://a.com/?c=%D0%9D%D0%B8%D0%B6%D0%BD%D0%B8%D0%B9%20%D0%9D%D0%BE%D0%B2%D0%B3%D0%BE%D1%80%D0%BE%D0%B4&p=12.5",
    ],
    ["https://a.com/?q=%7Bgone%7CNew%20York%7D", "https://a.com/?q=New%20York"],
    [
      "https://a.com/%7B%D0%B4%D0%B0%D1%82%D0%B0_%D1%80%D0%BE%D0%B6%D0%B4%D0%B5%D0%BD%D0%B8%D1%8F%7D#x",
      "https://a.com/1990-02-28#x",
    ],
    ["https://a.com/?json=%7B%22a%22%3A1%7D&t={town}", "https://a.com/?json=%7B%22a%22%3A1%7D&t={town}"],
    ["tg://resolve?domain=shop&start={points}", "tg://resolve?domain=shop&start=12.5"],
  ])("in an address are encoded: %s", (url, expected) => {
    expect(personalLink(url, person)).toBe(expected);
  });

  test("never decide where an address leads", () => {
    const evil = { ...ada, attributes: { v: "evil.com/@?#\\:..%2f{city}" } };
    for (const url of [
      "https://%7Bv%7D.a.com/",
      "https://a.com%7Bv%7D",
      "https://{v}@a.com/",
      "https://a.com:{v}/",
      "{v}://a.com/",
      "//{v}/a",
    ])
      expect(personalLink(url, evil)).toBe(url);
    const { origin, pathname, search } = new URL(personalLink("https://a.com/x{v}?{v}", evil));
    expect([origin, pathname.split("/").length, search.length]).toEqual([
      "https://a.com",
      2,
      expect.any(Number),
    ]);
  });

  test("too long for an address are this person's fault, and are not quoted", () => {
    const long = { ...ada, attributes: { v: "ы".repeat(500) } };
    expect(() => personalLink("https://a.com/{v}", long)).toThrow(Unfillable);
    expect(() => personalLink("https://a.com/{v}", long)).not.toThrow(/ы/);
  });
});

test("which placeholders a text has", () => {
  expect(placeholdersOf("{first_name} { Username |x} {name} {first_name|}")).toEqual([
    { name: "first_name", hasDefault: false },
    { name: "username", hasDefault: true },
    { name: "first_name", hasDefault: true },
  ]);
});

test("words in braces that are no placeholders are named, each once; other braces are not", () => {
  expect(unknownNamesIn("{firstname} {name|x} { имя } {first name} {first-name} {firstname}")).toEqual([
    "firstname",
    "name",
    "имя",
    "first name",
    "first-name",
  ]);
  expect(unknownNamesIn('{first_name} {USERNAME|x} {} { "json": 1 } {1} {two words} {a:b}')).toEqual([]);
});

test("at its longest a text has the longest names that Telegram takes, or a longer default", () => {
  expect(longestLength("🎁")).toBe(1);
  expect(longestLength("{first_name} {last_name}")).toBe(64 + 1 + 64);
  expect(longestLength("@{username|nobody}")).toBe(1 + 32);
  expect(longestLength(`{username|${"🎁".repeat(40)}}!`)).toBe(41);
});
