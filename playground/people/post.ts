import type {
  Checklist,
  Contact,
  Dice,
  Link,
  Location,
  Message,
  MessageEntity,
  PhotoSize,
  Poll,
  PollOption,
  Venue,
} from "@grammyjs/types";
import { mediaFields, type MessageBody } from "../content/message-body.ts";
import { type FileFacts, type Media, MEDIA_KINDS, type MediaKind } from "../content/files.ts";
import { fixEntities } from "../../src/content/formatting/fix-entities.ts";
import { isRecord } from "../wire/params.ts";
import { receiveRich } from "../content/rich-blocks.ts";
import type { World } from "../world/world.ts";

/** A file in a post: `true` for any file, the file_id of an earlier one, or the facts of a new one. */
export type FileGiven = true | string | FileFacts;

/** A video with the fields that belong to the message and not to the file. */
export interface VideoGiven extends FileFacts {
  cover?: FileGiven;
  start_timestamp?: number;
}

/** Media of a poll's question, explanation or option: one of these. */
export interface PollMediaGiven {
  photo?: FileGiven;
  live_photo?: FileGiven;
  video?: FileGiven | VideoGiven;
  animation?: FileGiven;
  audio?: FileGiven;
  document?: FileGiven;
  sticker?: FileGiven;
  location?: Location;
  venue?: Venue;
  link?: Link;
}

/** A poll; fields left out come from a poll about tea and coffee. An option may be its text alone. */
export interface PollGiven extends Partial<Omit<Poll, "options" | "media" | "explanation_media">> {
  options?: (string | (Partial<Omit<PollOption, "media">> & { text: string; media?: PollMediaGiven }))[];
  media?: PollMediaGiven;
  explanation_media?: PollMediaGiven;
}

/**
 * A rich message in blocks as `sendRichMessage` takes them, except that media is a FileGiven, which may include
 * `has_spoiler`: `{ type: "photo", photo: { has_spoiler: true } }`.
 */
export interface RichGiven {
  blocks: readonly object[];
  is_rtl?: true;
}

/** Fields that a post may have besides its content. They become fields of the Message unchanged. */
export type PostOptions = Pick<
  Partial<Message>,
  | "reply_markup"
  | "media_group_id"
  | "forward_origin"
  | "reply_to_message"
  | "has_protected_content"
  | "link_preview_options"
  | "effect_id"
  | "via_bot"
  | "is_automatic_forward"
>;

/** What a person sends: one kind of content, with a caption where it takes one. */
export interface PostFields extends PostOptions {
  text?: string;
  entities?: MessageEntity[];
  photo?: FileGiven;
  /** The moving part; its still is created with it. */
  live_photo?: FileGiven;
  video?: FileGiven | VideoGiven;
  animation?: FileGiven;
  document?: FileGiven;
  audio?: FileGiven;
  voice?: FileGiven;
  video_note?: FileGiven;
  sticker?: FileGiven;
  poll?: true | PollGiven;
  rich_message?: true | RichGiven;
  checklist?: true | Checklist;
  location?: true | Location;
  venue?: true | Venue;
  contact?: true | Contact;
  dice?: true | Dice;
  caption?: string;
  caption_entities?: MessageEntity[];
  show_caption_above_media?: true;
  has_media_spoiler?: true;
  /**
   * Any fields of the Message, such as a service message's, taken over unchanged; those that identify a message are
   * ignored.
   */
  raw?: Partial<Message>;
}
export type Post = string | PostFields;

/** Whether a parsed JSON value is a FileGiven. */
export function isFileGiven(value: unknown): value is FileGiven {
  if (value === true || typeof value === "string") return true;
  if (!isRecord(value)) return false;
  const { width, height, duration, cover, start_timestamp: start } = value;
  const { file_name: name, mime_type: type, title, performer, content } = value;
  return (
    [width, height, duration, start].every((one) => one === undefined || Number.isFinite(one)) &&
    [name, type, title, performer].every((one) => one === undefined || typeof one === "string") &&
    (content === undefined || typeof content === "string" || Buffer.isBuffer(content)) &&
    (cover === undefined || isFileGiven(cover))
  );
}

/** These identify a message; a post cannot set them. */
const IDENTITY: readonly (keyof Message)[] = ["message_id", "chat", "from", "sender_chat"];

const BERLIN: Location = { latitude: 52.520008, longitude: 13.404954 };
const RICH: RichGiven = {
  blocks: [
    { type: "heading", text: "News", size: 1 },
    { type: "paragraph", text: "Hello" },
  ],
};
const CHECKLIST: Checklist = {
  title: "Packing",
  tasks: [
    { id: 1, text: "Passport" },
    { id: 2, text: "Tickets" },
  ],
};
const PLAIN = [
  "caption",
  "caption_entities",
  "show_caption_above_media",
  "has_media_spoiler",
  "reply_markup",
  "media_group_id",
  "forward_origin",
  "reply_to_message",
  "has_protected_content",
  "link_preview_options",
  "effect_id",
  "via_bot",
  "is_automatic_forward",
] as const;

/** The body of the message that a post creates. Throws a TypeError for a post without content. */
export function postBody(world: World, post: Post, options: PostOptions = {}): MessageBody {
  const fields: PostFields = { ...(typeof post === "string" ? { text: post } : post), ...options };
  const body: Partial<Record<string, unknown>> = {};
  for (const kind of MEDIA_KINDS) {
    const given = fields[kind];
    if (given !== undefined) Object.assign(body, mediaField(world, kind, given));
  }
  Object.assign(body, otherField(world, fields));
  if (fields.text !== undefined) {
    body["text"] = fields.text;
    const entities = withCommands(fields.text, fields.entities ?? []);
    if (entities.length > 0) body["entities"] = entities;
  }
  if (Object.keys(body).length === 0 && fields.raw === undefined) {
    throw new TypeError("A post needs content: a text, or one of photo, video, document, poll, …");
  }
  for (const name of PLAIN) if (fields[name] !== undefined) body[name] = fields[name];
  const whole: Partial<Message> = { ...body, ...fields.raw };
  for (const name of IDENTITY) delete whole[name];
  for (const name of ["entities", "caption_entities"] as const)
    if (whole[name]) whole[name] = fixEntities(whole[name]);
  // An effect that someone uses exists.
  if (whole.effect_id !== undefined) world.effects.add(whole.effect_id);
  return whole;
}

function mediaField(world: World, kind: MediaKind, given: FileGiven | VideoGiven): MessageBody {
  return mediaFields(kind, mediaOf(world, kind, given));
}

function mediaOf(world: World, kind: MediaKind, given: FileGiven | VideoGiven): Media {
  const media = fileOf(world, kind, given);
  if (kind === "live_photo") return { photo: stillOf(world, true), ...media };
  if (kind !== "video" || typeof given !== "object") return media;
  const { cover, start_timestamp: start } = given as VideoGiven;
  return {
    ...media,
    ...(cover !== undefined && { cover: stillOf(world, cover) }),
    ...(start !== undefined && { start_timestamp: start }),
  };
}

function stillOf(world: World, given: FileGiven): PhotoSize[] {
  // The media of a photo is a list of sizes.
  return fileOf(world, "photo", given) as PhotoSize[];
}

function fileOf(world: World, kind: MediaKind, given: FileGiven): Media {
  if (typeof given !== "string")
    return world.files.make(kind, given === true ? {} : given, world.defaultBot?.id);
  const file = world.files.get(given);
  if (file === undefined || file.kind !== kind) throw new TypeError(`${given} is not a file_id of a ${kind}`);
  return file.media;
}

function pollOf(world: World, given: PollGiven): Poll {
  const { options = ["Tea", "Coffee"], media, explanation_media: explanation, ...rest } = given;
  for (const name of ["explanation_entities", "description_entities"] as const)
    if (rest[name]) rest[name] = fixEntities(rest[name]);
  return {
    id: String(5_000_000_000_000_000 + world.nextId()),
    question: "Tea or coffee?",
    options: options.map((option, index) => optionOf(world, option, index)),
    total_voter_count: 0,
    is_closed: false,
    is_anonymous: true,
    type: "regular",
    allows_multiple_answers: false,
    allows_revoting: rest.type !== "quiz",
    members_only: false,
    ...rest,
    ...(media && { media: pollMediaOf(world, media) }),
    ...(explanation && { explanation_media: pollMediaOf(world, explanation) }),
  };
}

function optionOf(
  world: World,
  option: NonNullable<PollGiven["options"]>[number],
  index: number,
): PollOption {
  const { media, ...rest } = typeof option === "string" ? { text: option } : option;
  return {
    persistent_id: String(index),
    voter_count: 0,
    ...rest,
    ...(media && { media: pollMediaOf(world, media) }),
  };
}

function pollMediaOf(world: World, given: PollMediaGiven): NonNullable<PollOption["media"]> {
  const kind = MEDIA_KINDS.find((known) => known in given) as keyof PollMediaGiven & MediaKind;
  const file = kind === undefined ? undefined : given[kind];
  // Without a file it is a location, a venue or a link, which are used unchanged.
  return (file === undefined ? given : { [kind]: mediaOf(world, kind, file) }) as NonNullable<
    PollOption["media"]
  >;
}

function richOf(world: World, given: RichGiven): NonNullable<Message["rich_message"]> {
  return receiveRich(
    { ...given },
    (kind, file) => {
      if (!isFileGiven(file))
        throw new TypeError(`A ${kind} in a rich message is true, a file_id or an object.`);
      const spoiler = isRecord(file) && file["has_spoiler"] === true;
      return { media: mediaOf(world, kind, file), ...(spoiler && { has_spoiler: true }) };
    },
    () => {},
  );
}

function otherField(world: World, fields: PostFields): Record<string, unknown> {
  if (fields.poll !== undefined) return { poll: pollOf(world, fields.poll === true ? {} : fields.poll) };
  if (fields.rich_message !== undefined)
    return { rich_message: richOf(world, fields.rich_message === true ? RICH : fields.rich_message) };
  if (fields.checklist !== undefined)
    return { checklist: fields.checklist === true ? CHECKLIST : fields.checklist };
  if (fields.venue !== undefined) {
    const venue =
      fields.venue === true
        ? { location: BERLIN, title: "Alexanderplatz", address: "10178 Berlin" }
        : fields.venue;
    return { location: venue.location, venue };
  }
  if (fields.location !== undefined) return { location: fields.location === true ? BERLIN : fields.location };
  if (fields.contact !== undefined) {
    const contact =
      fields.contact === true ? { phone_number: "+491700000000", first_name: "Ada" } : fields.contact;
    return { contact };
  }
  if (fields.dice !== undefined)
    return { dice: fields.dice === true ? { emoji: "🎲", value: 4 } : fields.dice };
  return {};
}

/** Telegram marks commands itself; without the entity a bot would not recognize them. */
function withCommands(text: string, given: MessageEntity[]): MessageEntity[] {
  const entities = [...given];
  for (const found of text.matchAll(/(?<=^|\s)\/[a-zA-Z0-9_]{1,32}(?:@\w{1,32})?(?=\s|$)/g)) {
    const [offset, length] = [found.index, found[0].length];
    const taken = given.some(
      (entity) => entity.offset < offset + length && offset < entity.offset + entity.length,
    );
    if (!taken) entities.push({ type: "bot_command", offset, length });
  }
  return entities.toSorted((a, b) => a.offset - b.offset);
}
