import { describe, expect, test } from "vitest";
import type { Content, PostOptions } from "../../src/content/content.ts";
import { Unfillable } from "../../src/content/personal.ts";
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

describe("attributes and codes", () => {
  const person = {
    language: null,
    firstName: "Ada",
    lastName: null,
    username: null,
    attributes: { city: "Kazan", code: "A&B" },
  };
  const to = { chatId: 1, campaignId: 1, seq: 1, person };

  test("are in labels, addresses, copied texts and links, and leave the stored post alone", () => {
    const post: Content = {
      kind: "text",
      text: "Hi, {city}",
      entities: [{ type: "text_link", offset: 0, length: 2, url: "https://a.com/?c={code}" }],
      buttons: [
        [
          { text: "Shop in {city|town}", url: "https://a.com/{code}" },
          { text: "Copy", copy: "{code}" },
          { text: "Open", app: "https://a.com/#{city}" },
          { id: "0", text: "👍", vote: true },
        ],
      ],
    };
    const stored = structuredClone(post);
    expect(render(post, to)[0]?.payload).toMatchObject({
      text: "Hi, Kazan",
      entities: [{ url: "https://a.com/?c=A%26B" }],
      reply_markup: {
        inline_keyboard: [
          [
            { text: "Shop in Kazan", url: "https://a.com/A%26B" },
            { copy_text: { text: "A&B" } },
            { web_app: { url: "https://a.com/#Kazan" } },
            { text: "👍" },
          ],
        ],
      },
    });
    expect(post).toEqual(stored);
  });

  test("are in every text of a rich message, but not in its formulas", () => {
    const blocks = [
      {
        type: "paragraph",
        text: [
          "Hi ",
          { type: "bold", text: "{city}" },
          { type: "url", text: "a", url: "https://a.com/{code}" },
        ],
      },
      { type: "table", cells: [[{ text: "{city}" }]], caption: "{city}" },
      {
        type: "details",
        summary: "{city}",
        blocks: [{ type: "mathematical_expression", expression: "{city}" }],
      },
      { type: "buttons", buttons: [{ text: "{city}", copy_text: { text: "{code}" } }] },
    ];
    // As Telegram and the API hand it over.
    const rich = { blocks } as unknown as Extract<Content, { kind: "rich" }>["rich"];
    const [call] = render({ kind: "rich", rich, buttons: [] }, to);
    expect(call?.payload).toMatchObject({
      rich_message: {
        blocks: [
          { text: ["Hi ", { text: "Kazan" }, { url: "https://a.com/A%26B" }] },
          { cells: [[{ text: "Kazan" }]], caption: "Kazan" },
          { summary: "Kazan", blocks: [{ expression: "{city}" }] },
          { buttons: [{ text: "Kazan", copy_text: { text: "A&B" } }] },
        ],
      },
    });
  });

  test("that leave nothing of a text are refused for this person, before Telegram refuses the post for all", () => {
    const nobody = { ...to, person: { ...person, attributes: { city: null } } };
    for (const post of [
      { kind: "text", text: "{city}", buttons: [] },
      { kind: "text", text: "Hi", buttons: [[{ text: "{city}", copy: "a" }]] },
      { kind: "photo", fileId: "f", caption: `{city|${"a".repeat(1_025)}}`, buttons: [] },
    ] satisfies Content[])
      expect(() => render(post, nobody)).toThrow(Unfillable);
  });

  test("that make the buttons longer than Telegram takes are refused for this person, too", () => {
    const shops = Array.from({ length: 8 }, (_, n) => [{ text: "Shop", url: `https://a.com/${n}?c={city}` }]);
    const shop: Content = { kind: "text", text: "Hi", buttons: shops };
    const near = { ...to, person: { ...person, attributes: { city: "Kazan" } } };
    const far = { ...to, person: { ...person, attributes: { city: "Ж".repeat(300) } } };
    expect(() => render(shop, near)).not.toThrow();
    expect(() => render(shop, far)).toThrow(Unfillable);
  });
});
