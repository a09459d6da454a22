import type { Contact, Dice, Location, Message, MessageEntity, Poll, Venue } from "@grammyjs/types";
import { type FileFacts, MEDIA_KINDS, type MediaKind } from "./files.ts";
import type { MessageBody, World } from "./world.ts";

/** A file in a post: `true` for any, a file_id to send an earlier one, or what is known of it. */
export type FileGiven = true | string | FileFacts;

/** Fields that a post may carry besides its content. They become fields of the Message as they stand. */
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

/** What a person sends. A string is a text. One kind of content, with its caption where it takes one. */
export interface PostFields extends PostOptions {
  text?: string;
  entities?: MessageEntity[];
  photo?: FileGiven;
  video?: FileGiven;
  animation?: FileGiven;
  document?: FileGiven;
  audio?: FileGiven;
  voice?: FileGiven;
  video_note?: FileGiven;
  sticker?: FileGiven;
  poll?: true | Partial<Poll>;
  location?: true | Location;
  venue?: true | Venue;
  contact?: true | Contact;
  dice?: true | Dice;
  caption?: string;
  caption_entities?: MessageEntity[];
  show_caption_above_media?: true;
  has_media_spoiler?: true;
  /** A service message or any other field, put into the Message as it stands. */
  raw?: Partial<Message>;
}
export type Post = string | PostFields;

const BERLIN: Location = { latitude: 52.520008, longitude: 13.404954 };
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

/** The message that a post makes. Throws a TypeError for a post without content. */
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
  return { ...body, ...fields.raw };
}

function mediaField(world: World, kind: MediaKind, given: FileGiven): Record<string, unknown> {
  let media: unknown;
  if (typeof given === "string") {
    const file = world.files.get(given);
    if (file === undefined || file.kind !== kind) throw new TypeError(`${given} is no file_id of a ${kind}`);
    media = file.media;
  } else {
    media = world.files.make(kind, given === true ? {} : given, world.defaultBot?.id);
  }
  return kind === "animation" ? { animation: media, document: media } : { [kind]: media };
}

function otherField(world: World, fields: PostFields): Record<string, unknown> {
  if (fields.poll !== undefined) {
    const poll: Poll = {
      id: String(5_000_000_000_000_000 + world.nextId()),
      question: "Tea or coffee?",
      options: ["Tea", "Coffee"].map((text, index) => ({
        persistent_id: String(index),
        text,
        voter_count: 0,
      })),
      total_voter_count: 0,
      is_closed: false,
      is_anonymous: true,
      type: "regular",
      allows_multiple_answers: false,
      allows_revoting: true,
      members_only: false,
    };
    return { poll: fields.poll === true ? poll : { ...poll, ...fields.poll } };
  }
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

/** Telegram marks commands by itself; without the entity a bot would not see them as such. */
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
