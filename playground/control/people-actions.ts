import type { Message } from "@grammyjs/types";
import type { Answer } from "../shared/answer.ts";
import type { Group } from "../people/group.ts";
import type { Person } from "../people/person.ts";
import { GroupPlace, type Place } from "../world/places.ts";
import { sampleNamed } from "../samples/catalog.ts";
import { Unanswered } from "../people/tap.ts";
import type { PostFields } from "../people/post.ts";
import type { Controlled } from "./controlled.ts";
import { readCaption, readParts, readPost } from "./read-post.ts";
import {
  type Body,
  groupOf,
  type Handler,
  messageOf,
  number,
  readNumbers,
  peopleOf,
  personOf,
  readLabel,
  roomOf,
  string,
} from "./read-body.ts";
import { readUploads } from "./read-uploads.ts";

/** Between two parts of an album, in ms. */
const LONGEST_APART = 60_000;

/** Actions of people. Each body has a `from`; see `Actions` in shared/protocol.ts for most of the other fields. */
export const PEOPLE: Record<string, Handler> = {
  sends: (telegram, body) => {
    const person = personOf(telegram, body);
    const post = readPost(body["text"] ?? body["message"]);
    const room = roomOf(telegram, body);
    if (room !== undefined) checkWrites(person, room);
    return person.sends(post, { in: room });
  },
  posts: (telegram, body) => {
    const channel = groupOf(telegram, body["chat"]);
    if (channel.chat.type !== "channel")
      throw new Error(`${channel.chat.title} is a group: there people write, and not the group itself.`);
    return channel.posts(readPost(body["message"]));
  },
  /** {"from", "parts": [{"photo": true}, …], "apart": ms} */
  album: (telegram, body) => {
    const apart = number("apart", body["apart"] ?? 0, 0, LONGEST_APART);
    return personOf(telegram, body).sendsAlbum(readParts(body["parts"]), { apart });
  },
  sample: async (telegram, body) => {
    const sample = sampleNamed(string("name", body["name"]));
    const caption = readCaption(body);
    if (caption.caption !== undefined && !sample.captioned)
      throw new Error(`The sample "${sample.name}" takes no caption.`);
    const [first, ...rest] = sample.make();
    return writerFor(telegram, body)([{ ...first, ...caption }, ...rest]);
  },
  /** A form: see `readForm` and `readUploads`. */
  uploads: async (telegram, body) => {
    const posts = readUploads(body, readCaption(body));
    const writes = writerFor(telegram, body);
    const messages = [];
    for (const parts of posts) messages.push(await writes(parts));
    return messages.flat();
  },
  forwards: (telegram, body) => {
    const person = personOf(telegram, body);
    const place = seenBy(person, telegram.place(Number(body["chat"])));
    const ids = readNumbers("ids", body["ids"]).toSorted((a, b) => a - b);
    if (ids.length === 0) throw new Error("Choose a message to forward.");
    return person.forwardsAll(ids.map((id) => messageOf(place, id)));
  },
  /** {"from", "id", "text"} with a new text or caption, or "message" with the whole new content. */
  edits: (telegram, body) => {
    const person = personOf(telegram, body);
    const message = messageOf(person.place, body["id"]);
    const { text } = body;
    return person.edits(message, typeof text === "string" ? text : readPost(body["message"]));
  },
  deletes: async (telegram, body) => {
    const person = personOf(telegram, body);
    await person.deletes(messageOf(person.place, body["id"]));
    return true;
  },
  /**
   * Either {"button": [row, column], "on"}, or {"label"} for the newest message that has it (or message "on"). The
   * bot has "within" ms to answer; default 20,000.
   */
  taps: (telegram, body) => {
    const person = personOf(telegram, body);
    const room = roomOf(telegram, body);
    const { on, button, within } = body;
    const options = {
      in: room,
      ...(within !== undefined && { within: number("within", within, 1, 60_000) }),
    };
    if (button === undefined)
      return answered(
        person.taps(readLabel(body["label"]), { ...options, ...(typeof on === "number" && { on }) }),
      );
    const [row, column] = readNumbers("button", button);
    const message = messageOf((room ?? person).place, on);
    return answered(person.tapsAt(message, row ?? 0, column ?? 0, options));
  },
  votes: async (telegram, body) => {
    const person = personOf(telegram, body);
    const room = roomOf(telegram, body);
    const message = messageOf((room ?? person).place, body["id"]);
    await person.votes(message, readNumbers("options", body["options"]), { in: room });
    return true;
  },
  shares: (telegram, body) =>
    personOf(telegram, body).sharesChat(Number(body["requestId"] ?? 1), groupOf(telegram, body["chat"])),
  sharesUsers: (telegram, body) =>
    personOf(telegram, body).picksUsers(
      number("requestId", body["requestId"], -(2 ** 31), 2 ** 31),
      peopleOf(telegram, body["users"]),
    ),
  createsBot: (telegram, body) =>
    personOf(telegram, body).createsBot(number("requestId", body["requestId"], -(2 ** 31), 2 ** 31), {
      name: string("name", body["name"]),
      username: string("username", body["username"]),
    }),
  blocks: async (telegram, body) => {
    await personOf(telegram, body).blocks();
    return true;
  },
  unblocks: async (telegram, body) => {
    await personOf(telegram, body).unblocks();
    return true;
  },
  deactivates: async (telegram, body) => {
    await personOf(telegram, body).deactivates();
    return true;
  },
  speaks: async (telegram, body) => {
    const code = string("languageCode", body["languageCode"]);
    if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(code))
      throw new Error(`"${code}" is no code of a language. English is en, Brazilian Portuguese pt-br.`);
    await personOf(telegram, body).speaks(code);
    return true;
  },
};

/**
 * Sends a post, or an album if there are several parts, to the chat that the body names. In a channel it is the
 * channel's own post.
 */
function writerFor(telegram: Controlled, body: Body): (parts: PostFields[]) => Promise<Message | Message[]> {
  const [person, room] = [personOf(telegram, body), roomOf(telegram, body)];
  if (room !== undefined && room.chat.type !== "channel") checkWrites(person, room);
  const channel = room?.chat.type === "channel" ? room : undefined;
  return async (parts) => {
    const [first, ...rest] = parts;
    if (first === undefined || rest.length > 0)
      return channel === undefined ? person.sendsAlbum(parts, { in: room }) : channel.postsAlbum(parts);
    return channel === undefined ? person.sends(first, { in: room }) : channel.posts(first);
  };
}

/** Throws unless this person may write to this group. */
function checkWrites({ user }: Person, { chat, place }: Group): void {
  if (chat.type === "channel")
    throw new Error(`${chat.title} is a channel: only the channel itself posts there.`);
  if (!place.members.has(user.id)) throw new Error(`${user.first_name} is not in ${chat.title}.`);
}

/** A chat from which this person can forward: their own, one that they are in, or a public one. Throws otherwise. */
function seenBy(person: Person, place: Place | undefined): Place {
  if (place === person.place) return place;
  if (!(place instanceof GroupPlace)) throw new Error("That is somebody else's chat.");
  if (!place.members.has(person.id) && place.chat.username === undefined)
    throw new Error(`${person.user.first_name} is not in ${place.chat.title}.`);
  return place;
}

/** The bot's answer. Throws an explanation if it did not answer. */
async function answered(tap: Promise<Answer>): Promise<Answer> {
  try {
    return await tap;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    throw new Error("The bot did not answer. It may be stopped, or cut off from Telegram.", { cause: error });
  }
}
