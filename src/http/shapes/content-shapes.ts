import { z } from "@hono/zod-openapi";
import { BUTTON_STYLES, LONGEST_STAY_HOURS, MOST_PARTS } from "../../content/content.ts";

/*
 * A post as JSON: what a request sends, and what an answer shows. Names of fields are the Bot API's where it has them.
 */

const ENTITY_TYPES = [
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "blockquote",
  "expandable_blockquote",
  "code",
  "pre",
  "text_link",
  "text_mention",
  "custom_emoji",
  "date_time",
  "mention",
  "hashtag",
  "cashtag",
  "bot_command",
  "url",
  "email",
  "phone_number",
] as const;

/** Bot API, MessageEntity. Offsets and lengths are in UTF-16 code units. */
export const Entity = z
  .strictObject({
    type: z.enum(ENTITY_TYPES),
    offset: z.int().min(0),
    length: z.int().min(1),
    url: z.string().optional(),
    user: z.looseObject({ id: z.int() }).optional(),
    language: z.string().optional(),
    custom_emoji_id: z.string().optional(),
    unix_time: z.int().optional(),
    date_time_format: z.string().optional(),
  })
  .openapi("MessageEntity");
export type Entity = z.infer<typeof Entity>;

/** How a text is formatted: by entities, or by marks in it, which are read as Telegram reads them. */
const formatting = {
  entities: z.array(Entity).max(500).optional(),
  parse_mode: z.enum(["HTML", "MarkdownV2"]).optional(),
};

const LinkPreview = z
  .strictObject({
    is_disabled: z.boolean().optional(),
    url: z.string().optional(),
    prefer_small_media: z.boolean().optional(),
    prefer_large_media: z.boolean().optional(),
    show_above_text: z.boolean().optional(),
  })
  .openapi("LinkPreview");

/** With the marks of its formatting; what is left of it is checked against Telegram's limits. */
const Written = z.string().max(65_536);

const text = { text: Written.min(1), ...formatting, link_preview: LinkPreview.optional() };
const caption = { caption: Written.optional(), ...formatting };
const media = {
  media: z
    .string()
    .min(1)
    .openapi({ description: "the id that POST /v1/media answered with", example: "AQADx7kAAgE" }),
};
const cover = { spoiler: z.boolean().optional(), caption_above: z.boolean().optional() };

const partShapes = [
  z.strictObject({ kind: z.literal("photo"), ...media, ...caption, ...cover }),
  z.strictObject({
    kind: z.literal("video"),
    ...media,
    ...caption,
    ...cover,
    cover: z.string().optional().openapi({ description: "the media id of a photo" }),
    start_at: z.int().min(0).optional().openapi({ description: "in seconds" }),
  }),
  z.strictObject({
    kind: z.literal("live_photo"),
    ...media,
    photo: z.string().min(1).openapi({ description: "the media id of the still" }),
    ...caption,
    ...cover,
  }),
  z.strictObject({ kind: z.literal("document"), ...media, ...caption }),
  z.strictObject({ kind: z.literal("audio"), ...media, ...caption }),
] as const;
export const AlbumPartShape = z.discriminatedUnion("kind", partShapes).openapi("AlbumPart");

const face = {
  text: z.string().min(1),
  style: z.enum(BUTTON_STYLES).optional(),
  icon: z.string().optional().openapi({ description: "id of the custom emoji before the text" }),
};
/** One button. Exactly one field says what a tap does. */
export const ButtonShape = z
  .union([
    z.strictObject({ ...face, url: z.string() }),
    z.strictObject({ ...face, app: z.string().openapi({ description: "https address of a Mini App" }) }),
    z.strictObject({ ...face, copy: z.string() }),
    z.strictObject({ ...face, share: z.string() }),
    z.strictObject({ ...face, here: z.string() }),
    z.strictObject({ ...face, vote: z.literal(true) }),
    z.strictObject({ ...face, answer: z.string() }),
  ])
  .openapi("Button");
const rows = z.array(z.array(ButtonShape).min(1)).max(100);

/** What every version of a post may have. */
const frame = {
  buttons: rows.optional(),
  below: z.strictObject(text).optional().openapi({ description: "a second message right below" }),
};

const PollShape = z
  .strictObject({
    question: z.string().min(1),
    question_entities: z.array(Entity).optional(),
    options: z
      .array(
        z.strictObject({
          text: z.string().min(1),
          text_entities: z.array(Entity).optional(),
          media: z.looseObject({ type: z.string() }).optional(),
        }),
      )
      .min(1),
    is_anonymous: z.boolean().optional(),
    type: z.enum(["regular", "quiz"]).optional(),
    allows_multiple_answers: z.boolean().optional(),
    allows_revoting: z.boolean().optional(),
    members_only: z.boolean().optional(),
    country_codes: z.array(z.string()).optional(),
    correct_option_ids: z.array(z.int()).optional(),
    explanation: z.string().optional(),
    explanation_entities: z.array(Entity).optional(),
    explanation_media: z.looseObject({ type: z.string() }).optional(),
    description: z.string().optional(),
    description_entities: z.array(Entity).optional(),
    media: z.looseObject({ type: z.string() }).optional(),
    open_period: z.int().optional(),
  })
  .openapi("Poll");

const place = { latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) };

/** One kind of post, as itself and with what stands around it. */
const kinds = <F extends z.ZodRawShape>(around: F) =>
  [
    z.strictObject({ kind: z.literal("text"), ...text, ...around }),
    ...partShapes.map((part) => part.extend(around)),
    z.strictObject({ kind: z.literal("animation"), ...media, ...caption, ...cover, ...around }),
    z.strictObject({ kind: z.literal("voice"), ...media, ...caption, ...around }),
    z.strictObject({ kind: z.literal("video_note"), ...media, ...around }),
    z.strictObject({ kind: z.literal("sticker"), ...media, ...around }),
    z.strictObject({
      kind: z.literal("album"),
      parts: z.array(AlbumPartShape).min(2).max(MOST_PARTS),
      ...around,
    }),
    z.strictObject({ kind: z.literal("poll"), poll: PollShape, ...around }),
    z.strictObject({
      kind: z.literal("location"),
      location: z.strictObject({ ...place, horizontal_accuracy: z.number().optional() }),
      ...around,
    }),
    z.strictObject({
      kind: z.literal("venue"),
      venue: z.strictObject({
        ...place,
        title: z.string().min(1),
        address: z.string().min(1),
        foursquare_id: z.string().optional(),
        foursquare_type: z.string().optional(),
        google_place_id: z.string().optional(),
        google_place_type: z.string().optional(),
      }),
      ...around,
    }),
    z.strictObject({
      kind: z.literal("contact"),
      contact: z.strictObject({
        phone_number: z.string().min(1),
        first_name: z.string().min(1),
        last_name: z.string().optional(),
        vcard: z.string().optional(),
      }),
      ...around,
    }),
    z.strictObject({ kind: z.literal("dice"), emoji: z.string(), ...around }),
    z.strictObject({
      kind: z.literal("rich"),
      rich: z.looseObject({}).openapi({ description: "Bot API, InputRichMessage" }),
      ...around,
    }),
    z.strictObject({
      kind: z.literal("copy"),
      what: z
        .string()
        .openapi({ description: "read only: a message that Telegram copies, such as a checklist" }),
      ...around,
    }),
  ] as const;

/** A post in one language. */
export const VersionShape = z.discriminatedUnion("kind", kinds(frame)).openapi("PostVersion");
export type VersionJson = z.infer<typeof VersionShape>;

const OptionsShape = z
  .strictObject({
    silent: z.boolean().optional(),
    protect: z.boolean().optional(),
    no_preview: z.boolean().optional(),
    effect: z.string().optional(),
    forward: z.boolean().optional(),
    pin: z.boolean().optional(),
    shuffle: z.boolean().optional(),
    add_options: z.boolean().optional(),
    hide_results: z.boolean().optional(),
    delete_after_hours: z.int().min(1).max(LONGEST_STAY_HOURS).optional(),
  })
  .openapi("PostOptions");
export type OptionsJson = z.infer<typeof OptionsShape>;

/** A post with everything: its options, and its versions by language. */
export const ContentShape = z
  .discriminatedUnion(
    "kind",
    kinds({
      ...frame,
      options: OptionsShape.optional(),
      versions: z
        .record(
          z.string().regex(/^[a-z]{2,3}$/, 'A language is a lower-case code such as "de".'),
          VersionShape,
        )
        .optional(),
    }),
  )
  .openapi("Post");
export type ContentJson = z.infer<typeof ContentShape>;
