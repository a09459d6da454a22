import { expect, test } from "vitest";
import { linkTo } from "../../src/campaign/report/sent-posts.ts";

test.each<[string, { chatId: number; username: string | null }, number | null, string | null]>([
  ["a public channel", { chatId: -1_001_234_567_890, username: "news" }, null, "https://t.me/news/7"],
  ["a private channel", { chatId: -1_001_234_567_890, username: null }, null, "https://t.me/c/1234567890/7"],
  ["a topic", { chatId: -1_001_234_567_890, username: null }, 42, "https://t.me/c/1234567890/42/7"],
  [
    "a topic of a public forum",
    { chatId: -1_001_234_567_890, username: "forum" },
    42,
    "https://t.me/forum/42/7",
  ],
  [
    "an id of eleven figures",
    { chatId: -1_010_000_000_001, username: null },
    null,
    "https://t.me/c/10000000001/7",
  ],
  ["a basic group", { chatId: -4_012_345_678, username: null }, null, null],
  ["a person", { chatId: 5_000_000_000, username: "ann" }, null, null],
])("the link to a message in %s", (_, chat, threadId, link) => {
  expect(linkTo(chat, 7, threadId)).toBe(link);
});
