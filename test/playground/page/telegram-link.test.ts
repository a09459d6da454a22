import { describe, expect, test } from "vitest";
import { isTelegramLink, targetOf } from "../../../playground/page/message/telegram-link.ts";
import { summary } from "./support.ts";

const CHATS = [
  summary({ id: 1, title: "Olivia" }),
  summary({ id: -1001234567890, type: "channel", username: "northwind_news" }),
];

describe("a link into Telegram", () => {
  test.each([
    ["https://t.me/northwind_news", undefined],
    ["https://t.me/Northwind_News/12", 12],
    ["https://t.me/northwind_news/3/12", 12],
    ["https://t.me/c/1234567890/12", 12],
    ["https://t.me/c/1234567890/3/12/", 12],
  ])("%s leads to a chat that is here", (href, message) => {
    expect(targetOf(href, CHATS)).toEqual({ chat: -1001234567890, message });
  });

  test.each([
    "https://t.me/durov/1",
    "https://t.me/c/99/1",
    "https://t.me/",
    "https://t.me/+northwind_news",
    "https://t.me/northwind_news?start=x",
    "tg://resolve?domain=northwind_news",
  ])("%s leads to none", (href) => {
    expect(isTelegramLink(href)).toBe(true);
    expect(targetOf(href, CHATS)).toBeUndefined();
  });

  test("is told from others by its host", () => {
    expect(["https://example.org/t.me/a", "https://not-t.me/a", "mailto:a@t.me"].some(isTelegramLink)).toBe(
      false,
    );
  });
});
