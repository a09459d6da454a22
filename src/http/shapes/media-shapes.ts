import { z } from "@hono/zod-openapi";
import { CARRIED_KINDS } from "../../telegram/carry-file.ts";
import { BotInBody, OfBot } from "./common-shapes.ts";
import { FILE_KINDS } from "../../content/content.ts";

const kind = z.enum([...CARRIED_KINDS, "live_photo"]);
const photo = z.string().min(1).max(200).openapi({
  description:
    "of a live photo, whose file is the short video: the media id of its still, which is uploaded first",
});
const name = z
  .string()
  .min(1)
  .max(200)
  // Not by .regex(): the document would say the flag as a part of the pattern (zod 4.6).
  .refine((name) => !/[/\\\p{Cc}]/u.test(name), "A name has 1 to 200 characters, and no slashes.")
  .openapi({ description: "what people see of a document", example: "menu.pdf" });

const FOR_BOT =
  "the id or @username of another bot whose posts will name it, which then uploads it, too; needed only for files above 20 MB, since " +
  "smaller ones are carried to it by a test of the campaign";

export const UploadQuery = z.strictObject({
  kind: kind.openapi({ param: { name: "kind", in: "query" } }),
  name: name.optional().openapi({ param: { name: "name", in: "query" } }),
  photo: photo.optional().openapi({ param: { name: "photo", in: "query" } }),
  bot: OfBot.openapi({ description: FOR_BOT }),
});

export const MediaFromUrl = z
  .strictObject({
    url: z.string().max(2_000).openapi({ example: "https://example.com/menu.jpg" }),
    kind,
    name: name.optional(),
    photo: photo.optional(),
    bot: BotInBody.optional().openapi({ description: FOR_BOT }),
  })
  .openapi("MediaFromUrl");

export const MediaShape = z
  .object({
    id: z
      .string()
      .openapi({ description: "what posts name it by, for any bot of Herald", example: "AQADx7kAAgE" }),
    kind: z
      .enum(FILE_KINDS)
      .openapi({ description: "what Telegram has made of it: a video without sound is an animation" }),
    size: z.int().optional().openapi({ description: "in bytes" }),
    width: z.int().optional(),
    height: z.int().optional(),
    duration: z.int().optional().openapi({ description: "in seconds" }),
  })
  .openapi("Media");
export type MediaJson = z.infer<typeof MediaShape>;

export const BinaryFile = z
  .strictObject({ file: z.string().openapi({ type: "string", format: "binary" }) })
  .openapi("MediaForm");
