import { describe, expect, test } from "vitest";
import type { ChatSummary, Overview } from "../../../playground/shared/protocol.ts";
import { statusOf } from "../../../playground/page/chat/status.ts";
import { sectionsOf, totals } from "../../../playground/page/chat-list/sections.ts";
import { briefly, dayName } from "../../../playground/page/ui/dates.ts";
import { faceOf } from "../../../playground/page/ui/face.ts";
import { isUnread } from "../../../playground/page/state/unread.ts";
import { noon, summary } from "./support.ts";

const OWNER = summary({ id: 1, title: "Olivia" });
const CHANNEL = summary({ id: -100, type: "channel", title: "Northwind News" });
const ANNA = summary({ id: 5, title: "Anna Berg", username: "annab" });
const OVERVIEW: Overview = {
  bot: { id: 9, name: "Herald", username: "herald_bot" },
  owner: 1,
  chats: [OWNER, CHANNEL, ANNA],
  people: { total: 1200, blocked: 0 },
  trouble: { latency: 0, flood: 0, cut: 0 },
  samples: [],
};

/** The list as it is drawn: each section's title, then the names in it. */
function list(query: string, found?: ChatSummary[], opened?: ChatSummary): string[][] {
  return sectionsOf(OVERVIEW, query, found, opened).map(({ title, chats }) => [
    title,
    ...chats.map((chat) => chat.title),
  ]);
}

describe("the list of chats", () => {
  test("has the owner, channels and groups, and people", () => {
    expect(list("")).toEqual([
      ["Your chat with the bot", "Olivia"],
      ["Channels & groups", "Northwind News"],
      ["People", "Anna Berg"],
    ]);
  });

  test("shows whoever is open, though the overview does not name them", () => {
    expect(list("", undefined, summary({ id: 77, title: "Zoe" })).at(-1)).toEqual([
      "People",
      "Zoe",
      "Anna Berg",
    ]);
    expect(list("", undefined, ANNA).at(-1)).toEqual(["People", "Anna Berg"]);
  });

  test("is searched at once among those that it has, then everywhere", () => {
    expect(list("NORTH")).toEqual([["Channels & groups", "Northwind News"]]);
    expect(list("@anna")).toEqual([["People", "Anna Berg"]]);
    expect(list("berg änna")).toEqual([["People", "Anna Berg"]]);
    expect(list("berg news")).toEqual([]);
    expect(list("o", [OWNER, summary({ id: 77, title: "Zoe" })])).toEqual([
      ["Your chat with the bot", "Olivia"],
      ["Channels & groups", "Northwind News"],
      ["People", "Zoe"],
    ]);
    expect(list("zoe", [])).toEqual([]);
    expect(list("herald", [])).toEqual([["Your chat with the bot", "Olivia"]]);
  });

  test("says how many there are", () => {
    expect(totals(OVERVIEW)).toBe("1,200 people · search to find anyone");
    expect(totals({ ...OVERVIEW, people: { total: 1, blocked: 1 } })).toBe(
      "1 person · 1 blocked the bot · search to find anyone",
    );
  });
});

test.each([
  [{ languageCode: "en" }, true, "You are Person 5 · owner · English"],
  [
    { languageCode: "de", blocked: true as const, open: false },
    false,
    "You are Person 5 · German · has blocked the bot",
  ],
  [{ languageCode: "ru", open: false }, false, "You are Person 5 · Russian · has not started the bot"],
  [{ languageCode: "ru", admin: true as const }, false, "You are Person 5 · admin · Russian"],
  [{ deactivated: true as const, blocked: true as const }, false, "You are Person 5 · account deleted"],
  [{ languageCode: "no code" }, false, "You are Person 5 · no code"],
  [{ type: "channel", botStatus: "administrator" }, false, "channel · the bot is an administrator"],
  [{ type: "supergroup", botStatus: "left" }, false, "group · the bot isn’t a member"],
] as const)("the line under the name for %j", (facts, isOwner, line) => {
  expect(statusOf(summary({ id: 5, ...facts }), isOwner)).toBe(line);
});

test("a chat bears the name of the other side: that of a person is the bot's", () => {
  const bot = { id: 9, title: "Herald", type: "private" };
  expect([OWNER, ANNA, CHANNEL].map((chat) => faceOf(chat, OVERVIEW.bot))).toEqual([bot, bot, CHANNEL]);
});

function wrote(id: number, date: number, byBot = true): ChatSummary {
  return summary({ id: 5, last: { id, kind: "text", text: "Hi", date, byBot } });
}

describe("a chat is unread", () => {
  test("when the bot has written there since the page was opened, or since it was looked at", () => {
    expect(isUnread(wrote(8, noon() + 1), new Map(), noon())).toBe(true);
    expect(isUnread(wrote(8, noon() + 1), new Map([[5, 7]]), noon())).toBe(true);
  });

  test("not for what was there before, what was seen, and what the person wrote", () => {
    expect(isUnread(wrote(8, noon() - 1), new Map(), noon())).toBe(false);
    expect(isUnread(wrote(8, noon() + 1), new Map([[5, 8]]), noon())).toBe(false);
    expect(isUnread(wrote(8, noon() + 1, false), new Map(), noon())).toBe(false);
    expect(isUnread(summary({ id: 5 }), new Map(), noon())).toBe(false);
  });
});

test("days are named as people name them", () => {
  const names = [0, 1, 3, 150].map((before) => dayName(noon(before), noon()));
  expect(names).toEqual(["Today", "Yesterday", "17 May", "21 December 2025"]);
  expect(briefly(noon(), noon() + 60)).toBe("12:00");
  expect(briefly(noon(3), noon())).toBe("Sun");
  expect(briefly(noon(30), noon())).toBe("20 Apr");
});
