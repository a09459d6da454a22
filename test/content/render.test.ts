import { describe, expect, test } from "vitest";
import type { Content, PostOptions } from "../../src/content/content.ts";
import { render } from "../../src/content/render.ts";

const post = (options?: PostOptions): Content => ({
  kind: "text",
  text: "Hi",
  buttons: [],
  ...(options && { options }),
});

const payload = (content: Content, chatId: number, threadId: number | null = null) =>
  render(content, { chatId, threadId, campaignId: 1, seq: 1 })[0]?.payload;

describe("how a post is sent", () => {
  test.each<[string, PostOptions | undefined, object]>([
    ["as it is", undefined, {}],
    ["with no wish", {}, {}],
    ["silently", { silent: true }, { disable_notification: true }],
    ["protected", { protect: true }, { protect_content: true }],
    ["both", { silent: true, protect: true }, { disable_notification: true, protect_content: true }],
    ["what becomes of it later is not for the call", { pin: true, deleteAfterHours: 3 }, {}],
  ])("%s", (_, options, extra) => {
    expect(payload(post(options), 5)).toEqual({ chat_id: 5, text: "Hi", ...extra });
  });

  test("into a topic, and nothing of one without", () => {
    expect(payload(post(), -1005, 42)).toEqual({ chat_id: -1005, message_thread_id: 42, text: "Hi" });
    expect(payload(post(), -1005, null)).toEqual({ chat_id: -1005, text: "Hi" });
  });

  test.each<Content>([
    { kind: "photo", fileId: "f", buttons: [], options: { silent: true } },
    { kind: "video", fileId: "f", buttons: [], options: { silent: true } },
    { kind: "animation", fileId: "f", buttons: [], options: { silent: true } },
    { kind: "document", fileId: "f", buttons: [], options: { silent: true } },
    { kind: "audio", fileId: "f", buttons: [], options: { silent: true } },
    { kind: "voice", fileId: "f", buttons: [], options: { silent: true } },
    { kind: "video_note", fileId: "f", buttons: [], options: { silent: true } },
    { kind: "sticker", fileId: "f", buttons: [], options: { silent: true } },
  ])("$kind, too", (content) => {
    expect(payload(content, -1005, 7)).toMatchObject({
      message_thread_id: 7,
      disable_notification: true,
    });
  });
});
