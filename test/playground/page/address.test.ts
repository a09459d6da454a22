import { expect, test } from "vitest";
import { addressOf, routeAt } from "../../../playground/page/state/address.ts";

test.each([
  ["#/chat/7", { part: "chat", chatId: 7 }],
  ["#/chat/-1001000000001", { part: "chat", chatId: -1_001_000_000_001 }],
  ["#/chats", { part: "chats", chatId: 1 }],
  ["#/telegram", { part: "telegram", chatId: 1 }],
] as const)("%s is a place, and the place has that address", (address, place) => {
  expect(routeAt(address, 1)).toEqual(place);
  expect(addressOf(place)).toBe(address);
});

test.each([
  "",
  "#",
  "#/",
  "#/chat",
  "#/chat/anna",
  "#/elsewhere",
  "#/chat/1e9",
  "#/chat/12345678901234567890",
])("%j leaves one in the chat where one was", (address) => {
  expect(routeAt(address, 5)).toEqual({ part: "chat", chatId: 5 });
});

test("before it is known whose chat is first, no address names one", () => {
  expect(routeAt("#/telegram", undefined)).toEqual({ part: "telegram", chatId: undefined });
  expect(addressOf({ part: "chat", chatId: undefined })).toBe("#/chat");
});
