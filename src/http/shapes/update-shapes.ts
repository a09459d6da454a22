import { z } from "@hono/zod-openapi";
import { BotName, inQuery } from "./common-shapes.ts";

/** A bot in a path. */
export const BotInPath = z.object({
  bot: BotName.openapi({
    param: { name: "bot", in: "path" },
    description: "its id or @username",
    example: "@shop_bot",
  }),
});

/** An update as Telegram sends it. What else it holds is read by json/update-from-json.ts. */
export const TelegramUpdate = z
  .looseObject({ update_id: z.int().min(0).max(Number.MAX_SAFE_INTEGER) })
  .openapi("TelegramUpdate", {
    description: "An update as Telegram sends it, unchanged.",
    example: {
      update_id: 500000001,
      message: {
        message_id: 1,
        date: 1796083200,
        chat: { id: 123456789, type: "private" },
        from: { id: 123456789, is_bot: false, first_name: "Ada" },
        text: "/start",
      },
    },
  });

export const Updates = z.union([TelegramUpdate, z.array(TelegramUpdate).max(1_000)]);

const Commands = z
  .string()
  .regex(/^\w{1,32}(?:,\w{1,32}){0,9}$/, "Write commands without their slash, separated by commas.")
  .transform((text) => text.toLowerCase().split(","))
  .optional();

export const RelayQuery = z.strictObject({
  leave: Commands.openapi({
    ...inQuery("leave"),
    type: "string",
    description: "commands by which people of this bot ask for no more broadcasts",
    example: "unsubscribe",
  }),
  join: Commands.openapi({
    ...inQuery("join"),
    type: "string",
    description: "commands by which they ask for them again",
    example: "subscribe",
  }),
});

const count = (description: string) => z.int().openapi({ description });

export const Relayed = z
  .object({
    taken: count("news to Herald"),
    known: count("heard before, or after a newer update about the same person, chat or poll"),
    foreign: count("taps on buttons that are not of Herald's posts: yours to answer"),
    ignored: count("of kinds that Herald has no use for"),
  })
  .openapi("Relayed");
