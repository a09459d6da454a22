import { expect, test } from "vitest";
import type { OpenChat } from "../../../playground/shared/protocol.ts";
import { changed } from "../../../playground/page/state/chat-change.ts";
import { shown, summary } from "./support.ts";

const CHAT: OpenChat = {
  summary: summary({ id: 1, title: "Anna" }),
  messages: [shown({ message_id: 1, text: "one" }), shown({ message_id: 2, text: "two" })],
  keyboard: null,
  pinned: [],
  commands: [],
};

function texts({ messages }: OpenChat) {
  return messages.map(({ message }) => message.text);
}

test("a new version takes the place of the old one, and what has not changed stays the same object", () => {
  const after = changed(CHAT, { messages: [shown({ message_id: 1, text: "one, edited" })] });
  expect(texts(after)).toEqual(["one, edited", "two"]);
  expect(after.messages[1]).toBe(CHAT.messages[1]);
  expect(texts(CHAT)).toEqual(["one", "two"]);
});

test("messages stand in the order of their ids, however they arrive", () => {
  const after = changed(CHAT, {
    messages: [shown({ message_id: 12, text: "twelve" }), shown({ message_id: 3, text: "three" })],
    gone: [1],
  });
  expect(texts(after)).toEqual(["two", "three", "twelve"]);
});

test("a change of anything else leaves the messages as they are", () => {
  const after = changed(CHAT, { pinned: [2], summary: { ...CHAT.summary, blocked: true } });
  expect(after.messages).toBe(CHAT.messages);
  expect(after).toMatchObject({ pinned: [2], summary: { blocked: true }, keyboard: null });
});
