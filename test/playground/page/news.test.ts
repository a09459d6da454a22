import type { Message } from "@grammyjs/types";
import { describe, expect, test } from "vitest";
import type { OpenChat, ShownMessage } from "../../../playground/shared/protocol.ts";
import { isEdited, newsOf } from "../../../playground/page/chat/news.ts";
import type { Tap } from "../../../playground/page/message/last-tap.ts";
import { shown, summary } from "./support.ts";

const NOW = 1_800_000_000_000;
const TAP: Tap = { chat: 1, on: 1, button: [0, 0], at: NOW - 500 };

function chat(...messages: ShownMessage[]): OpenChat {
  return { summary: summary({ id: 1 }), messages, keyboard: null, pinned: [], commands: [] };
}

function card(text: string, label = "Pause"): ShownMessage {
  const reply_markup: Message["reply_markup"] = {
    inline_keyboard: [[{ text: label, callback_data: label }]],
  };
  return shown({ message_id: 1, text, reply_markup });
}

function heard(before: OpenChat, after: OpenChat, tap?: Tap): string | undefined {
  return newsOf(before, after, tap, NOW);
}

describe("of a chat that has changed is read out", () => {
  test("the newest message of others, and none of one's own", () => {
    const before = chat(shown({ message_id: 1, text: "One" }));
    const two = shown({ message_id: 2, text: "Two\nlines" });
    const own = shown({ message_id: 3, text: "/start" }, true);
    expect(heard(before, chat(...before.messages, two, own))).toBe("Herald: Two lines");
    expect(heard(before, chat(...before.messages, own))).toBeUndefined();
  });

  test("an edit whose first line is another one, and no progress", () => {
    const sending = chat(card("#1 · sending\n10 %"));
    expect(heard(sending, chat(card("#1 · sending\n20 %")))).toBeUndefined();
    expect(heard(sending, chat(card("#1 · finished\nSent 5")))).toBe("Herald: #1 · finished Sent 5");
  });

  test("any edit that answers a tap, in its text or else in the button", () => {
    const before = chat(card("Who?\n5 people", "English"));
    expect(heard(before, chat(card("Who?\n3 people", "✅ English")), TAP)).toBe("Herald: Who? 3 people");
    expect(heard(before, chat(card("Who?\n5 people", "✅ English")), TAP)).toBe("✅ English");
    expect(heard(before, chat(card("Who?\n5 people", "English")), TAP)).toBeUndefined();
  });

  test("no edit long after a tap, or after a tap elsewhere", () => {
    const [before, after] = [chat(card("Who?\n5 people")), chat(card("Who?\n3 people"))];
    for (const tap of [{ at: NOW - 5_000 }, { on: 2 }, { chat: 2 }])
      expect(heard(before, after, { ...TAP, ...tap })).toBeUndefined();
  });

  test("nothing that a spoiler hides", () => {
    const secret = shown({
      message_id: 2,
      text: "It was the butler.",
      entities: [{ type: "spoiler", offset: 7, length: 10 }],
    });
    expect(heard(chat(), chat(secret))).toBe("Herald: It was hidden text.");
  });
});

test("a tap is answered when its message is edited or gone", () => {
  const before = chat(card("Who?"));
  expect(isEdited(before, chat(...before.messages, shown({ message_id: 2 })), TAP)).toBe(false);
  expect(isEdited(before, chat(card("Who?")), TAP)).toBe(true);
  expect(isEdited(before, chat(), TAP)).toBe(true);
});
