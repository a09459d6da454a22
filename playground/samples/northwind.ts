import type { MessageEntity } from "@grammyjs/types";
import type { FileFacts } from "../content/files.ts";
import type { PostFields } from "../people/post.ts";

/** The entity of a piece of text, without its position. Pieces nest, for example bold in italic. */
type Look = MessageEntity extends infer Entity
  ? Entity extends MessageEntity
    ? Omit<Entity, "offset" | "length">
    : never
  : never;

/** A text in pieces, which may be nested. */
type Piece = string | [look: Look | Look["type"], ...pieces: Piece[]];

/** A custom emoji: a fire. */
const FIRE = "5368324170671202286";

/** A post with every kind of formatting. */
export function autumnSale(): PostFields {
  return textOf([
    ["bold", "Autumn sale at Northwind Coffee ", [{ type: "custom_emoji", custom_emoji_id: FIRE }, "🔥"]],
    "\n\nUntil Sunday, every bag of ",
    ["italic", "Ethiopia Guji"],
    " is ",
    ["strikethrough", "€14.50"],
    " ",
    ["underline", ["bold", "€11.60"]],
    ". Pay with the code ",
    ["code", "AUTUMN20"],
    " and we add ",
    ["spoiler", "a bag of our winter blend, which nobody has tasted yet"],
    ".\n\n",
    [
      "blockquote",
      "Peach, bergamot and a finish like black tea. The best Guji that we have roasted.\n— Ingrid, head roaster",
    ],
    "\n\n",
    ["bold", "How to brew it"],
    "\n",
    [{ type: "pre", language: "text" }, "18 g of beans\n300 g of water at 94 °C\n3 minutes"],
    "\n\n",
    [
      "expandable_blockquote",
      "The small print\nOne code per person.\nNot for gift cards and brewing gear.\nBags that are sold out are sold out: we roast the next ones in November.\nDelivery takes two to four days.",
    ],
    "\n\nOrder at ",
    ["url", "https://example.com/autumn"],
    " or read ",
    [{ type: "text_link", url: "https://example.com/guji" }, "where the beans come from"],
    ". Questions? Ask ",
    ["mention", "@northwind_coffee"],
    ", write to ",
    ["email", "hello@example.com"],
    " or call ",
    ["phone_number", "+47 21 00 00 00"],
    ". The shop opens again ",
    [{ type: "date_time", unix_time: nextSunday(), date_time_format: "wDt" }, "on Sunday at nine"],
    ".\n\n",
    ["hashtag", "#autumn"],
    " ",
    ["cashtag", "$COFFEE"],
    " ",
    ["bot_command", "/start"],
  ]);
}

/** A channel post with link buttons: they survive forwarding, and a broadcast can keep them. */
export function forwardedPost(): PostFields {
  return {
    photo: { width: 1280, height: 853 },
    ...captionOf([
      ["bold", "Our new roastery opens on Saturday"],
      "\n\nCome by from ten to six. The first hundred cups are on us, and at noon Ingrid shows how a roast is cupped.",
    ]),
    forward_origin: {
      type: "channel",
      chat: {
        id: -1_001_700_000_001,
        type: "channel",
        title: "Northwind Coffee",
        username: "northwind_coffee",
      },
      message_id: 128,
      date: Math.floor(Date.now() / 1000) - 3600,
    },
    reply_markup: {
      inline_keyboard: [
        [{ text: "Save me a seat", url: "https://example.com/opening" }],
        [
          { text: "How to get there", url: "https://example.com/map" },
          { text: "The menu", url: "https://example.com/menu" },
        ],
      ],
    },
  };
}

const cell = (text: string, align: "left" | "right" = "left") => ({ text, align, valign: "middle" });
const head = (text: string, align?: "left" | "right") => ({ ...cell(text, align), is_header: true });
const item = (text: unknown) => ({ blocks: [{ type: "paragraph", text }] });

/** A rich message like a blog post. */
export function richNews(): PostFields {
  return {
    rich_message: {
      blocks: [
        { type: "heading", text: "What we roast in November", size: 1 },
        {
          type: "paragraph",
          text: [
            "Three new lots came in this week. All of them are ",
            { type: "bold", text: "washed" },
            ", all of them are ",
            { type: "italic", text: "on the bright side" },
            ", and one is ",
            { type: "marked", text: "the best that we have had this year" },
            ".",
          ],
        },
        { type: "photo", photo: { width: 1280, height: 720 }, caption: { text: "Drying beds in Guji" } },
        { type: "heading", text: "The lots", size: 2 },
        {
          type: "table",
          is_bordered: true,
          is_striped: true,
          cells: [
            [head("Lot"), head("Tastes of"), head("250 g", "right")],
            [cell("Ethiopia Guji"), cell("peach, black tea"), cell("€11.60", "right")],
            [cell("Kenya Nyeri"), cell("blackcurrant"), cell("€13.90", "right")],
            [cell("Colombia Huila"), cell("caramel, red apple"), cell("€10.80", "right")],
          ],
        },
        { type: "heading", text: "How to order", size: 2 },
        {
          type: "list",
          items: [
            item("Choose a lot, or take all three as a set."),
            item(["Pay with the code ", { type: "code", text: "AUTUMN20" }, "."]),
            item([
              "Write to ",
              { type: "email_address", text: "hello@example.com", email_address: "hello@example.com" },
              " if you want it ground.",
            ]),
          ].map((one, index) => ({ ...one, value: index + 1, type: "1" })),
        },
        {
          type: "blockquote",
          blocks: [{ type: "paragraph", text: "Coffee is a fruit. Roast it as if you knew." }],
          credit: "Ingrid, head roaster",
        },
        {
          type: "details",
          summary: "How do you choose your farmers?",
          blocks: [
            {
              type: "paragraph",
              text: "We visit each of them once a year, pay before the harvest, and print the price on the bag.",
            },
          ],
        },
        { type: "divider" },
        { type: "footer", text: "Northwind Coffee · Havnegata 7, Oslo" },
      ],
    },
  };
}

/** A file with real content. */
export function priceList(): FileFacts {
  return {
    file_name: "northwind-price-list.csv",
    content: [
      "Coffee,Origin,Roast,250 g,1 kg",
      "Guji,Ethiopia,light,€11.60,€42.00",
      "Nyeri,Kenya,light,€13.90,€51.00",
      "Huila,Colombia,medium,€10.80,€39.00",
      "Winter blend,several,dark,€9.90,€36.00",
      "",
    ].join("\r\n"),
  };
}

/** 9:00 UTC, in Unix seconds. */
function nextSunday(): number {
  const now = new Date();
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 7 - now.getUTCDay(), 9) / 1000;
}

function captionOf(pieces: Piece[]): PostFields {
  const { text, entities } = written(pieces);
  return { caption: text, caption_entities: entities };
}

function textOf(pieces: Piece[]): PostFields {
  return written(pieces);
}

function written(pieces: Piece[]): { text: string; entities: MessageEntity[] } {
  const entities: MessageEntity[] = [];
  let text = "";
  const add = (piece: Piece): void => {
    if (typeof piece === "string") {
      text += piece;
      return;
    }
    const [look, ...within] = piece;
    const offset = text.length;
    // The outer one comes first, as Telegram sorts them.
    const index = entities.push({ type: "bold", offset, length: 0 }) - 1;
    within.forEach(add);
    const named = typeof look === "string" ? { type: look } : look;
    // Entities given by type alone have no other fields.
    entities[index] = { ...named, offset, length: text.length - offset } as MessageEntity;
  };
  pieces.forEach(add);
  return { text, entities };
}
