import { describe, expect, test } from "vitest";
import { type Finding, check } from "../../src/content/check.ts";
import type { Button, Content, PostOptions, Version } from "../../src/content/content.ts";

const PEOPLE = { people: true, channels: false, groups: false };
const CHANNELS = { people: false, channels: true, groups: false };
const GROUPS = { people: false, channels: false, groups: true };

const content = (version: Version, options?: PostOptions): Content => ({
  buttons: [],
  ...version,
  ...(options && { options }),
});
const text = (text: string, options?: PostOptions) => content({ kind: "text", text }, options);
const withButton = (button: Button): Content => ({ kind: "text", text: "a", buttons: [[button]] });
const link = { text: "A", url: "https://a.com" };
const source = { chatId: 7, messageIds: [1] };
const album: Version = { kind: "album", parts: [{ kind: "photo", fileId: "f", caption: "a" }] };
const poll = (more: object): Content =>
  content({ kind: "poll", poll: { question: "?", options: [{ text: "A" }], ...more } });

const leadingTo = (url: string) => ({ type: "text_link" as const, offset: 0, length: 1, url });

const error = (type: string, facts: object = {}) => ({ level: "error", type, language: null, ...facts });
const note = (type: string, facts: object = {}) => ({ level: "note", type, language: null, ...facts });
const ownPoll = note("own-poll");

test("a plain post has nothing to be said of, whoever gets it", () => {
  for (const to of [PEOPLE, CHANNELS, GROUPS]) {
    expect(check(text("Hi { } {1}"), to)).toEqual([]);
    expect(check(withButton(link), to)).toEqual([]);
    expect(check(withButton({ text: "👍", vote: true }), to)).toEqual([]);
    expect(check({ ...album, buttons: [] }, to)).toEqual([]);
  }
});

test("a link to an e-mail address is an error, as it was typed and as Telegram shows it to a bot", () => {
  for (const url of ["mailto:info@shop.com", "http://mailto:info@shop.com/", "http://info@shop.com/"]) {
    const post = content({ kind: "text", text: "a", entities: [leadingTo(url)] });
    expect(check(post, PEOPLE)).toEqual([error("mail-link", { email: "info@shop.com" })]);
    expect(check({ ...post, options: { forward: true }, source }, PEOPLE)).toEqual([
      note("source-must-stay"),
    ]);
  }
  expect(check(withButton({ text: "A", url: "https://info@shop.com" }), PEOPLE)).toEqual([
    error("mail-link", { email: "info@shop.com" }),
  ]);
  expect(
    check(content({ kind: "text", text: "a", entities: [leadingTo("https://medium.com/@ada")] }), PEOPLE),
  ).toEqual([]);
});

describe("personal text", () => {
  test.each<[string, Content, object[]]>([
    ["the first name", text("Hi {first_name}"), []],
    ["one with a default", text("Hi {last_name|friend}"), []],
    ["one without", text("Hi {last_name} {last_name}"), [note("no-default", { name: "last_name" })]],
    [
      "what looks like one",
      text("{firstname} {name|x} {firstname}"),
      [note("unknown-name", { name: "firstname" }), note("unknown-name", { name: "name" })],
    ],
    ["a text that just fits", text(`${"a".repeat(4032)}{first_name}`), []],
    [
      "one that does not",
      text(`${"a".repeat(4035)}{first_name}`),
      [error("personal-too-long", { over: 3, limit: 4096 })],
    ],
    [
      "a caption",
      content({ kind: "photo", fileId: "f", caption: `${"a".repeat(1000)}{first_name}` }),
      [error("personal-too-long", { over: 40, limit: 1024 })],
    ],
    [
      "a caption in an album",
      content({
        kind: "album",
        parts: [{ kind: "photo", fileId: "f", caption: `${"a".repeat(1000)}{first_name}` }],
      }),
      [error("personal-too-long", { over: 40, limit: 1024 })],
    ],
    ["one with a default that shows nothing", text("\u200B{first_name|\u2800}"), [error("personal-empty")]],
    ["a text that may be blank", text(" {first_name} "), [error("personal-empty")]],
    ["one that has a default", text("{first_name|friend}"), []],
    ["a caption that may be blank", content({ kind: "photo", fileId: "f", caption: "{first_name}" }), []],
    [
      "a text below",
      content({ ...album, below: { text: "{username}" } }),
      [error("personal-empty"), note("no-default", { name: "username" })],
    ],
    [
      "a poll, which is the same for everyone, and the button under it, which is not",
      { ...poll({ question: "{first_name}?" }), buttons: [[{ ...link, text: "{username|you}" }]] },
      [note("not-personal", { name: "first_name" }), ownPoll],
    ],
    [
      "a label and a copied text that may be blank",
      withButton({ text: "{username}", copy: "{last_name}" }),
      [
        error("personal-empty"),
        error("personal-empty"),
        note("no-default", { name: "username" }),
        note("no-default", { name: "last_name" }),
      ],
    ],
  ])("%s", (_, content, findings) => {
    expect(check(content, PEOPLE)).toEqual(findings);
  });

  const option = { text: "{username}" };
  const place = { latitude: 1, longitude: 2, title: "Shop", address: "Street 1" };
  const card = { phone_number: "1", first_name: "Ann" };
  test.each<[string, Content]>([
    ["the query of a share button", withButton({ text: "A", share: "{username}" })],
    ["the query of a button for here", withButton({ text: "A", here: "{username}" })],
    ["what answers", withButton({ text: "A", answer: "{username}" })],
    ["a vote", withButton({ text: "{username}", vote: true })],
    ["an option of a poll", poll({ options: [option, { text: "B" }] })],
    ["the explanation of a quiz", poll({ explanation: "{username}" })],
    ["the description of a poll", poll({ description: "{username}" })],
    ["the title of a place", content({ kind: "venue", venue: { ...place, title: "{username}" } })],
    ["the address of a place", content({ kind: "venue", venue: { ...place, address: "{username}" } })],
    ["a contact", content({ kind: "contact", contact: { ...card, last_name: "{username}" } })],
  ])("no names are put into %s", (_, content) => {
    expect(
      check(content, PEOPLE).filter(({ type }) => type !== "inline-mode" && type !== "own-poll"),
    ).toEqual([note("not-personal", { name: "username" })]);
  });

  const known = new Map([
    ["city", { lacking: 312, characters: 500, bytes: 1_000 }],
    ["plan", { lacking: 0, characters: 4, bytes: 4 }],
  ]);
  test.each<[string, Content, object[]]>([
    ["one that all have", text("Your plan: {Plan}"), []],
    [
      "one that some lack",
      text("In {city}: {city}, {town}"),
      [note("unknown-name", { name: "town" }), note("no-attribute", { name: "city", count: 312 })],
    ],
    ["one with a default", withButton({ text: "To {city|your town}", url: "https://a.com/{plan}" }), []],
    [
      "a text that may be blank",
      text("{city}"),
      [error("personal-empty"), note("no-attribute", { name: "city", count: 312 })],
    ],
    ["a text that is never blank", text("{plan}"), []],
    [
      "an address that may become too long",
      withButton({ text: "A", url: "https://a.com/?c=%7Bcity%7Cnone%7D" }),
      [error("personal-link-too-long", { over: 17 + 3_000 - 2_048, limit: 2_048 })],
    ],
    [
      "what is the same for everyone",
      withButton({ text: "A", answer: "In {city}" }),
      [note("not-personal", { name: "city" })],
    ],
  ])("an attribute: %s", (_, content, findings) => {
    expect(check(content, PEOPLE, known)).toEqual(findings);
  });

  test("chats have no first name, either", () => {
    expect(check(text("Hi {first_name}"), CHANNELS)).toEqual([note("no-default", { name: "first_name" })]);
    expect(check(text("Hi {first_name}"), { ...PEOPLE, groups: true })).toEqual([
      note("no-default", { name: "first_name" }),
    ]);
  });
});

describe("what chats do not take", () => {
  const app: Button = { text: "A", app: "https://a.com" };
  const here: Button = { text: "A", here: "a" };
  const share: Button = { text: "A", share: "a" };
  const inline = note("inline-mode");

  test.each<[string, Content, typeof PEOPLE, object[]]>([
    ["a Mini App, people", withButton(app), PEOPLE, []],
    ["a Mini App, channels", withButton(app), CHANNELS, [error("app-button")]],
    ["a Mini App, groups", withButton(app), GROUPS, [error("app-button")]],
    ["inline mode here, people", withButton(here), PEOPLE, [inline]],
    ["inline mode here, groups", withButton(here), GROUPS, [inline]],
    ["inline mode here, channels", withButton(here), CHANNELS, [error("inline-button"), inline]],
    ["inline mode elsewhere, groups", withButton(share), GROUPS, [inline]],
    ["inline mode elsewhere, channels", withButton(share), CHANNELS, [error("inline-button"), inline]],
    ["an open poll, people", poll({ is_anonymous: false }), PEOPLE, [ownPoll]],
    ["an open poll, groups", poll({ is_anonymous: false }), GROUPS, [ownPoll]],
    ["an open poll, channels", poll({ is_anonymous: false }), CHANNELS, [error("open-poll"), ownPoll]],
    ["an anonymous poll, channels", poll({ is_anonymous: true }), CHANNELS, [ownPoll]],
    ["a poll for members, channels", poll({ members_only: true }), CHANNELS, [ownPoll]],
    ["a poll for members, people", poll({ members_only: true }), PEOPLE, [error("channel-poll"), ownPoll]],
    [
      "a poll for countries, groups",
      poll({ country_codes: ["DE"] }),
      GROUPS,
      [error("channel-poll"), ownPoll],
    ],
    ["an effect, people", text("a", { effect: "5" }), PEOPLE, []],
    ["an effect, groups", text("a", { effect: "5" }), GROUPS, [note("effect-people-only")]],
  ])("%s", (_, content, to, findings) => {
    expect(check(content, to)).toEqual(findings);
  });
});

describe("kinds", () => {
  test.each<[string, Content, object[]]>([
    ["buttons on an album", { ...album, buttons: [[link]] }, [error("album-buttons")]],
    ["under an album", { ...album, below: { text: "a" }, buttons: [[link]] }, []],
    ["dice", content({ kind: "dice", emoji: "🎲" }), [note("dice")]],
    ["a copy", content({ kind: "copy", what: "checklist", source }), [note("source-must-stay")]],
    ["a copy of nothing", content({ kind: "copy", what: "checklist" }), [error("no-source")]],
    [
      "a forward",
      content({ kind: "text", text: "{name}", source }, { forward: true }),
      [note("source-must-stay")],
    ],
    ["a forward of nothing", text("a", { forward: true }), [error("no-source")]],
    [
      "a forward that loses its buttons",
      { ...content({ ...album, source }, { forward: true }), buttons: [[link]] },
      [note("source-must-stay"), note("forward-drops")],
    ],
    [
      "a forward whose buttons go along",
      {
        ...content({ kind: "text", text: "a", source: { ...source, buttons: [[link]] } }, { forward: true }),
        buttons: [[link]],
      },
      [note("source-must-stay")],
    ],
    [
      "a forward with other buttons than those that go along",
      content({ kind: "text", text: "a", source: { ...source, buttons: [[link]] } }, { forward: true }),
      [note("source-must-stay"), note("forward-buttons")],
    ],
    [
      "a forward that loses names",
      content({ kind: "text", text: "{first_name}", source }, { forward: true }),
      [note("source-must-stay"), note("forward-drops")],
    ],
    [
      "a forward that loses the text below",
      content({ ...album, below: { text: "a" }, source }, { forward: true }),
      [note("source-must-stay"), note("forward-drops")],
    ],
    [
      "a forwarded throw, which all see alike",
      content({ kind: "dice", emoji: "🎲", source }, { forward: true }),
      [note("source-must-stay")],
    ],
    [
      "a forwarded poll for members",
      { ...poll({ members_only: true }), source, options: { forward: true } },
      [note("source-must-stay"), note("shared-poll")],
    ],
  ])("%s", (_, content, findings) => {
    expect(check(content, PEOPLE)).toEqual(findings);
  });

  test("an open poll cannot be forwarded to channels, either", () => {
    const forward: Content = { ...poll({ is_anonymous: false }), source, options: { forward: true } };
    expect(check(forward, CHANNELS)).toEqual([
      error("open-poll"),
      note("source-must-stay"),
      note("shared-poll"),
    ]);
  });
});

const brief = (findings: Finding[]) => findings.map(({ type, language }) => [language, type]);

describe("versions", () => {
  const post: Content = {
    ...text("Hi {last_name}"),
    buttons: [[{ text: "A", app: "https://a.com" }]],
    versions: { en: { kind: "text", text: "{first_name}" }, ru: { ...album } },
  };
  test("each is looked at, with the buttons that it shows, and named; errors come first", () => {
    expect(brief(check(post, PEOPLE))).toEqual([
      ["en", "personal-empty"],
      ["ru", "album-buttons"],
      [null, "no-default"],
    ]);
  });

  test("those by language go to people only", () => {
    expect(brief(check(post, { ...PEOPLE, channels: true }))).toEqual([
      [null, "app-button"],
      ["en", "personal-empty"],
      ["ru", "album-buttons"],
      [null, "no-default"],
    ]);
    expect(brief(check(post, CHANNELS))).toEqual([
      [null, "app-button"],
      [null, "no-default"],
    ]);
  });
});
