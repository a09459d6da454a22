import { describe, expect, test } from "vitest";
import type { AlbumPart, Content, TextFields, Version } from "../../src/content/content.ts";
import { type EditObstacle, Uneditable, editObstacle, editsOf } from "../../src/content/edits.ts";
import { render } from "../../src/content/render.ts";

type More = Pick<Version, "below"> &
  Pick<Content, "options" | "versions"> &
  Partial<Pick<Content, "buttons">>;

const post = (version: Version, more: More = {}): Content => ({
  ...version,
  buttons: [],
  ...more,
});
const text = (words: string, more: More & Pick<TextFields, "entities"> = {}) =>
  post({ kind: "text", text: words }, more);
const photo = (fileId: string): AlbumPart => ({ kind: "photo", fileId });
const video = (fileId: string): AlbumPart => ({ kind: "video", fileId });
const album = (...parts: AlbumPart[]) => post({ kind: "album", parts });
const below = { text: "Below" };

describe("what can become what", () => {
  test.each<[string, Content, Content, EditObstacle | null]>([
    ["a text", text("a"), text("b"), null],
    ["its buttons", text("a"), text("a", { buttons: [[{ text: "Go", url: "https://a.example/" }]] }), null],
    ["a photo", post(photo("a")), post(photo("b")), null],
    ["a photo into a video", post(photo("a")), post(video("b")), null],
    [
      "a document into an animation",
      post({ kind: "document", fileId: "a" }),
      post({ kind: "animation", fileId: "b" }),
      null,
    ],
    ["a text into a photo", text("a"), post(photo("a")), "kind-changed"],
    ["a photo into a text", post(photo("a")), text("a"), "kind-changed"],
    ["a photo into an album", post(photo("a")), album(photo("a"), photo("b")), "kind-changed"],
    ["an album", album(photo("a"), photo("b")), album(video("c"), photo("d")), null],
    [
      "an album with a part more",
      album(photo("a"), photo("b")),
      album(photo("a"), photo("b"), photo("c")),
      "parts",
    ],
    [
      "photos into documents",
      album(photo("a"), photo("b")),
      album({ kind: "document", fileId: "a" }, { kind: "document", fileId: "b" }),
      "kind-changed",
    ],
    ["a message below", post(photo("a"), { below }), post(photo("a"), { below: { text: "Other" } }), null],
    ["a message below that is added", post(photo("a")), post(photo("a"), { below }), "below"],
    ["a message below that is taken away", post(photo("a"), { below }), post(photo("a")), "below"],
    [
      "a forward",
      text("a", { options: { forward: true } }),
      text("b", { options: { forward: true } }),
      "forwarded",
    ],
    ["a dice", post({ kind: "dice", emoji: "🎲" }), post({ kind: "dice", emoji: "🎲" }), "kind-fixed"],
    [
      "a voice message",
      post({ kind: "voice", fileId: "a" }),
      post({ kind: "voice", fileId: "b" }),
      "kind-fixed",
    ],
    [
      "a sticker",
      post({ kind: "sticker", fileId: "a" }),
      post({ kind: "sticker", fileId: "b" }),
      "kind-fixed",
    ],
    [
      "a copy",
      post({ kind: "copy", what: "checklist" }),
      post({ kind: "copy", what: "checklist" }),
      "kind-fixed",
    ],
  ])("%s", (_name, before, after, why) => {
    expect(editObstacle(before, after)?.why ?? null).toBe(why);
  });

  test("each version on its own: one that is removed becomes the default one, one that is added concerns nobody", () => {
    const de: Version = photo("de");
    expect(editObstacle(text("a", { versions: { de } }), text("b", { versions: { de } }))).toBeNull();
    expect(editObstacle(text("a", { versions: { de } }), text("b"))).toEqual({
      why: "kind-changed",
      language: "de",
    });
    expect(editObstacle(text("a"), text("b", { versions: { de } }))).toBeNull();
  });
});

describe("the calls", () => {
  const to = { campaignId: 12, seq: 3, chatId: 50 };

  test("of a text: its formatting, its preview, and the buttons that taps are counted by", () => {
    const content = text("Hi", {
      entities: [{ type: "bold", offset: 0, length: 2 }],
      options: { noPreview: true, silent: true },
      buttons: [[{ text: "👍", vote: true, id: "4" }]],
    });
    expect(editsOf(render(content, to), [7])).toEqual([
      {
        method: "editMessageText",
        payload: {
          chat_id: 50,
          message_id: 7,
          text: "Hi",
          entities: [{ type: "bold", offset: 0, length: 2 }],
          link_preview_options: { is_disabled: true },
          reply_markup: { inline_keyboard: [[{ text: "👍", callback_data: "b:12:3:4" }]] },
        },
      },
    ]);
  });

  test("of an album with a message below: one for each part, and the buttons with the last", () => {
    const content: Content = {
      kind: "album",
      parts: [{ kind: "photo", fileId: "a", caption: "One", captionAbove: true }, video("b")],
      below,
      buttons: [[{ text: "Go", url: "https://a.example/", id: "0" }]],
    };
    expect(editsOf(render(content, to), [7, 8, 9])).toEqual([
      {
        method: "editMessageMedia",
        payload: {
          chat_id: 50,
          message_id: 7,
          media: { type: "photo", media: "a", caption: "One", show_caption_above_media: true },
        },
      },
      {
        method: "editMessageMedia",
        payload: { chat_id: 50, message_id: 8, media: { type: "video", media: "b" } },
      },
      {
        method: "editMessageText",
        payload: {
          chat_id: 50,
          message_id: 9,
          text: "Below",
          reply_markup: { inline_keyboard: [[{ text: "Go", url: "https://a.example/" }]] },
        },
      },
    ]);
  });

  test("of what has arrived so far; a copy with more messages than the post is not touched", () => {
    const content = post(photo("a"), { below });
    expect(editsOf(render(content, to), [7])).toHaveLength(1);
    expect(() => editsOf(render(text("a"), to), [7, 8])).toThrow(Uneditable);
  });

  test.each<[Version, object]>([
    [
      { kind: "photo", fileId: "f", caption: "C", spoiler: true },
      { type: "photo", media: "f", caption: "C", has_spoiler: true },
    ],
    [
      { kind: "live_photo", fileId: "f", photoId: "p", caption: "C" },
      { type: "live_photo", media: "f", photo: "p", caption: "C" },
    ],
    [
      { kind: "video", fileId: "f", coverId: "p", startAt: 3, captionAbove: true, caption: "C" },
      {
        type: "video",
        media: "f",
        cover: "p",
        start_timestamp: 3,
        caption: "C",
        show_caption_above_media: true,
      },
    ],
    [
      { kind: "animation", fileId: "f" },
      { type: "animation", media: "f" },
    ],
    [
      { kind: "document", fileId: "f", caption: "C" },
      { type: "document", media: "f", caption: "C" },
    ],
    [
      { kind: "audio", fileId: "f", caption: "C" },
      { type: "audio", media: "f", caption: "C" },
    ],
  ])("of a file %#", (version, media) => {
    expect(editsOf(render(post(version), to), [7])).toEqual([
      { method: "editMessageMedia", payload: { chat_id: 50, message_id: 7, media } },
    ]);
  });
});
