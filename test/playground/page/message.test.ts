import type { Chat, Message, Poll, User } from "@grammyjs/types";
import { describe, expect, it } from "vitest";
import { actionOf } from "../../../playground/page/message/button-action.ts";
import { duration, formattedDate, size } from "../../../playground/page/message/moments.ts";
import { mosaic } from "../../../playground/page/message/mosaic.ts";
import { serviceLine } from "../../../playground/page/message/service.ts";
import { frameOf, visualOf } from "../../../playground/page/message/visual.ts";
import { percents, pollLabel, votesLabel } from "../../../playground/page/message/poll-results.ts";
import { masked } from "../../../playground/shared/spoilers.ts";
import { authorOf, firstLine, kindOf, snippet } from "../../../playground/page/message/words.ts";

const ADA: User = { id: 1, is_bot: false, first_name: "Ada", last_name: "Lovelace" };
const BEN: User = { id: 2, is_bot: false, first_name: "Ben" };
const CREW: Chat = { id: -1, type: "supergroup", title: "Crew" };

function message(fields: Partial<Message>): Message {
  return { message_id: 1, date: 1_700_000_000, chat: CREW, from: ADA, ...fields };
}

function poll(counts: readonly number[], fields: Partial<Poll> = {}): Poll {
  return {
    id: "1",
    question: "Which?",
    options: counts.map((count, index) => ({
      persistent_id: String(index),
      text: String(index),
      voter_count: count,
    })),
    total_voter_count: counts.reduce((sum, count) => sum + count, 0),
    is_closed: false,
    is_anonymous: true,
    type: "regular",
    allows_multiple_answers: false,
    allows_revoting: true,
    members_only: false,
    ...fields,
  };
}

describe("the shares of a poll", () => {
  it("make 100 where everybody has one vote", () => {
    expect(percents(poll([4, 2, 1]))).toEqual([57, 29, 14]);
    expect(percents(poll([0, 0]))).toEqual([0, 0]);
  });

  it("are the same for equal counts, even if that makes 99", () => {
    expect(percents(poll([1, 1, 1]))).toEqual([33, 33, 33]);
  });

  it("are of the voters where each may choose several", () => {
    expect(percents(poll([3, 2], { total_voter_count: 3, allows_multiple_answers: true }))).toEqual([
      100, 67,
    ]);
  });

  it("stand under words for what it is", () => {
    expect(pollLabel(poll([]))).toBe("Anonymous poll");
    expect(pollLabel(poll([], { type: "quiz", is_anonymous: false }))).toBe("Quiz");
    expect(pollLabel(poll([], { is_closed: true }))).toBe("Final results");
    expect(votesLabel(poll([1]))).toBe("1 vote");
    expect(votesLabel(poll([600, 600]))).toBe("1,200 votes");
    expect(votesLabel(poll([], { type: "quiz" }))).toBe("No answers yet");
  });
});

describe("the mosaic of an album", () => {
  const albums = Array.from({ length: 9 }, (_, more) => ({
    ratios: Array.from(
      { length: more + 2 },
      (_, index) => [1.5, 0.66, 1, 3, 0.4][(index * 3 + more) % 5] ?? 1,
    ),
  }));

  it.each(albums)("fills its area without gaps: $ratios", ({ ratios }) => {
    const { height, boxes } = mosaic(ratios);
    expect(boxes).toHaveLength(ratios.length);
    const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
    expect(area).toBeCloseTo(height);
    for (const box of boxes) {
      expect(box.x + box.width).toBeLessThanOrEqual(1.000001);
      expect(box.y + box.height).toBeLessThanOrEqual(height + 0.000001);
    }
  });

  it("puts a tall first picture beside the others", () => {
    const { boxes } = mosaic([0.66, 1.5, 1.5]);
    expect(boxes.map(({ x }) => x > 0)).toEqual([false, true, true]);
  });
});

describe("what a message says in a line", () => {
  it("is its words after its kind", () => {
    expect(snippet({ text: "Two\n lines" })).toBe("Two lines");
    expect(snippet({ photo: [], caption: "At sea" })).toBe("Photo, At sea");
    expect(snippet({ voice: { file_id: "v", file_unique_id: "v", duration: 3 } })).toBe("Voice message");
    const blocks: NonNullable<Message["rich_message"]>["blocks"] = [
      { type: "divider" },
      { type: "heading", size: 1, text: ["News ", { type: "bold", text: "today" }] },
    ];
    expect(snippet({ rich_message: { blocks } })).toBe("News today");
  });

  it("begins with its first line", () => {
    expect(firstLine({ text: "\n#1 · paused\n20 %" })).toBe("#1 · paused");
    expect(firstLine({ photo: [], caption: "At sea\nagain" })).toBe("Photo, At sea");
    expect(firstLine({ photo: [] })).toBe("Photo");
  });

  it("says nothing that a spoiler hides", () => {
    const spoiler = { type: "spoiler", offset: 4, length: 5 } as const;
    expect(snippet({ text: "The end\nis near", entities: [spoiler] })).toBe("The ▒▒▒s near");
    expect(snippet({ photo: [], caption: "See end", caption_entities: [spoiler] }, "hidden")).toBe(
      "Photo, See hidden",
    );
    const text = ["Post ", { type: "spoiler" as const, text: "secret" }];
    expect(snippet({ rich_message: { blocks: [{ type: "paragraph", text }] } })).toBe("Post ▒▒▒");
  });

  it("hides spoilers that cross each other, in any order", () => {
    const spoilers = [
      { type: "spoiler", offset: 5, length: 4 },
      { type: "bold", offset: 0, length: 3 },
      { type: "spoiler", offset: 2, length: 5 },
      { type: "spoiler", offset: 3, length: 1 },
    ] as const;
    expect(masked("0123456789", spoilers, "*")).toBe("01***9");
  });

  it("knows a live photo from its still and a GIF from its file", () => {
    const file = { file_id: "f", file_unique_id: "f", width: 4, height: 3, duration: 2 };
    expect(kindOf({ photo: [], live_photo: file })).toBe("live_photo");
    expect(kindOf({ document: file, animation: file })).toBe("animation");
    expect(
      visualOf({ photo: [file], live_photo: { ...file, photo: [{ ...file, file_id: "still" }] } }),
    ).toMatchObject({ kind: "live_photo", fileId: "still", badge: "Live" });
  });

  it("is by the channel that it was sent for", () => {
    expect(authorOf(message({}))).toBe("Ada Lovelace");
    expect(authorOf(message({ sender_chat: CREW }))).toBe("Crew");
  });
});

/** What is said of a service message in Crew, caused by Ada. */
function told(fields: Partial<Message>): string {
  return serviceLine(message(fields));
}

describe("a service message is a sentence", () => {
  it("about who came and went", () => {
    expect(told({ new_chat_members: [ADA] })).toBe("Ada Lovelace joined the group");
    expect(told({ new_chat_members: [BEN, ADA] })).toBe("Ada Lovelace added Ben and Ada Lovelace");
    expect(told({ left_chat_member: BEN })).toBe("Ada Lovelace removed Ben");
  });

  it("about what was pinned, even if it cannot be seen", () => {
    const pinned = {
      message_id: 5,
      date: 3,
      chat: CREW,
      text: "A long post about the autumn menu of the shop",
    };
    expect(told({ pinned_message: pinned })).toBe(
      "Ada Lovelace pinned “A long post about the autumn menu of th…”",
    );
    expect(told({ pinned_message: { message_id: 5, date: 0, chat: CREW } })).toBe(
      "Ada Lovelace pinned a message",
    );
  });

  it("about what was shared, named as far as it is known", () => {
    const users = [{ user_id: 7, first_name: "Cem" }, { user_id: 8, username: "dana" }, { user_id: 9 }];
    expect(told({ users_shared: { request_id: 1, users } })).toBe(
      "Ada Lovelace shared Cem, @dana and person 9 with the bot",
    );
    expect(told({ chat_shared: { request_id: 1, chat_id: -5, title: "News" } })).toBe(
      "Ada Lovelace shared “News” with the bot",
    );
  });

  it("about a bot that was made", () => {
    expect(told({ managed_bot_created: { bot: { id: 9, is_bot: true, first_name: "Coffee" } } })).toBe(
      "Ada Lovelace created the bot Coffee",
    );
  });

  it("about a topic, a timer, a new id", () => {
    expect(told({ forum_topic_created: { name: "Ideas", icon_color: 1 } })).toBe(
      "Ada Lovelace created the topic “Ideas”",
    );
    expect(told({ message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 } })).toBe(
      "Ada Lovelace lets messages delete themselves after 1 day",
    );
    expect(told({ migrate_to_chat_id: -100 })).toBe("The group became a supergroup: -100");
  });
});

describe("times and sizes", () => {
  it("are written as Telegram writes them", () => {
    expect([12, 75, 4000].map(duration)).toEqual(["0:12", "1:15", "1:06:40"]);
    expect([0, 900, 2048, 1_500_000].map(size)).toEqual(["0 B", "900 B", "2 KB", "1.4 MB"]);
  });

  it("of an entity take the form that it asks for", () => {
    const noon = Date.UTC(2026, 10, 21, 12) / 1000;
    expect(formattedDate(noon, "")).toBeUndefined();
    expect(formattedDate(noon, "r", noon - 7300)).toBe("in 2 hours");
    expect(formattedDate(noon, "r", noon + 90)).toBe("1 minute ago");
    expect(formattedDate(noon, "wD")).toMatch(/^Saturday,? 21 November 2026$/);
    expect(formattedDate(noon, "d")).toBe("21/11/26");
  });
});

it("a picture keeps its proportions unless it is very narrow", () => {
  expect(frameOf({ width: 1280, height: 853 })).toEqual({ width: 420, height: 280 });
  expect(frameOf({ width: 200, height: 1000 }).width).toBe(140);
  expect(frameOf({ width: 200, height: 1000 }, true).width).toBe(260);
});

it("a button is known by what pressing it does", () => {
  expect(actionOf({ text: "A", callback_data: "a" }, "bot")).toEqual({ type: "tap", data: "a" });
  expect(actionOf({ text: "A", web_app: { url: "https://a.de" } }, "bot")).toMatchObject({
    type: "open",
    icon: "app",
  });
  expect(actionOf({ text: "A", copy_text: { text: "x" } }, "bot")).toEqual({ type: "copy", text: "x" });
  expect(actionOf({ text: "A", disabled: {} }, "bot")).toEqual({ type: "none" });
  expect(actionOf({ text: "A", switch_inline_query_current_chat: "q" }, "bot")).toMatchObject({
    words: "Telegram would put “@bot q” into the input field.",
  });
});
