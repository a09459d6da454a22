import { z } from "@hono/zod-openapi";
import { BotId, Moment, Paging } from "./common-shapes.ts";

const count = z.int().min(0);

export const BotPaging = z.strictObject(Paging);

/** Why a bot does not do all that it should. */
export const BOT_TROUBLES = ["no_token", "token_refused", "conflict", "webhook", "stars"] as const;

const BotTrouble = z
  .object({
    type: z.enum(BOT_TROUBLES),
    since: Moment.nullable().openapi({ description: "null if that is not known" }),
    detail: z.string().openapi({ description: "what it means, and what to do" }),
  })
  .openapi("BotTrouble");

export const Bot = z
  .object({
    id: BotId,
    username: z
      .string()
      .nullable()
      .openapi({ description: "without @; null until Telegram has said it", example: "shop_bot" }),
    title: z.string().openapi({ description: "what admins call it", example: "Shop" }),
    home: z.boolean().openapi({ description: "it is the bot in whose chat the admins work" }),
    answered_by: z
      .enum(["herald", "another_program"])
      .openapi({ description: "who receives what people write to it, and their taps" }),
    troubles: z.array(BotTrouble).openapi({ description: "what is wrong with it; empty if nothing is" }),
    rate: z
      .object({
        set: z.number().openapi({ description: "its own, or else MESSAGES_PER_SECOND" }),
        now: z.number().nullable().openapi({
          description:
            "lower while Telegram asks for less; null if another process sends by the bot, or none",
        }),
      })
      .openapi({ description: "messages a second" }),
    paused_until: Moment.nullable().openapi({
      description: "end of a pause that Telegram asked for; its campaigns wait until then",
    }),
    people: z
      .object({
        reachable: count.openapi({ description: "can be written to" }),
        opted_out: count,
        unreachable: count.openapi({ description: "have blocked it, or their accounts are gone" }),
      })
      .openapi({ description: "counted at most once a minute" }),
    added_at: Moment,
  })
  .openapi("Bot");
export type BotJson = z.infer<typeof Bot>;
