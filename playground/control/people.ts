import type { Answer } from "../shared/answer.ts";
import type { Group } from "../group.ts";
import type { Person } from "../person.ts";
import { GroupPlace, type Place } from "../places.ts";
import { sampleNamed } from "../samples.ts";
import { Unanswered } from "../tap.ts";
import { readCaption, readParts, readPost } from "./post.ts";
import {
  groupOf,
  type Handler,
  messageOf,
  number,
  numbers,
  peopleOf,
  personOf,
  readLabel,
  roomOf,
  string,
} from "./read.ts";

/** Between two parts of an album, in ms. */
const LONGEST_APART = 60_000;

/** What people do. Each body has a `from`; see `Actions` in live/protocol.ts for the rest of most. */
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
      throw new Error(`This takes no caption: ${sample.label}.`);
    const [person, room] = [personOf(telegram, body), roomOf(telegram, body)];
    if (room !== undefined && room.chat.type !== "channel") checkWrites(person, room);
    const channel = room?.chat.type === "channel" ? room : undefined;
    const [first, ...rest] = sample.make();
    if (rest.length === 0) {
      const post = { ...first, ...caption };
      return channel === undefined ? person.sends(post, { in: room }) : channel.posts(post);
    }
    const parts = [{ ...first, ...caption }, ...rest];
    return channel === undefined ? person.sendsAlbum(parts, { in: room }) : channel.postsAlbum(parts);
  },
  forwards: (telegram, body) => {
    const person = personOf(telegram, body);
    const place = seenBy(person, telegram.place(Number(body["chat"])));
    const ids = numbers("ids", body["ids"]).toSorted((a, b) => a - b);
    if (ids.length === 0) throw new Error("Choose a message to forward.");
    return person.forwardsAll(ids.map((id) => messageOf(place, id)));
  },
  deletes: async (telegram, body) => {
    const person = personOf(telegram, body);
    await person.deletes(messageOf(person.place, body["id"]));
    return true;
  },
  /**
   * By {"button": [row, column], "on"}, or by {"label"}, on the newest message that has it or the one with the id "on".
   * The bot has "within" ms to answer, 5,000 by default.
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
    const [row, column] = numbers("button", button);
    const message = messageOf((room ?? person).place, on);
    return answered(person.tapsAt(message, row ?? 0, column ?? 0, options));
  },
  votes: async (telegram, body) => {
    const person = personOf(telegram, body);
    const room = roomOf(telegram, body);
    const message = messageOf((room ?? person).place, body["id"]);
    await person.votes(message, numbers("options", body["options"]), { in: room });
    return true;
  },
  shares: (telegram, body) =>
    personOf(telegram, body).sharesChat(Number(body["requestId"] ?? 1), groupOf(telegram, body["chat"])),
  sharesUsers: (telegram, body) =>
    personOf(telegram, body).picksUsers(
      number("requestId", body["requestId"], -(2 ** 31), 2 ** 31),
      peopleOf(telegram, body["users"]),
    ),
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

/** Throws unless this person may write to this group. */
function checkWrites({ user }: Person, { chat, place }: Group): void {
  if (chat.type === "channel")
    throw new Error(`${chat.title} is a channel: only the channel itself posts there.`);
  if (!place.members.has(user.id)) throw new Error(`${user.first_name} is not in ${chat.title}.`);
}

/** A chat from which this person can forward: their own, one that they are in, or a public one. */
function seenBy(person: Person, place: Place | undefined): Place {
  if (place === person.place) return place;
  if (!(place instanceof GroupPlace)) throw new Error("That is somebody else's chat.");
  if (!place.members.has(person.id) && place.chat.username === undefined)
    throw new Error(`${person.user.first_name} is not in ${place.chat.title}.`);
  return place;
}

/** What the bot answers, or a sentence that it did not. */
async function answered(tap: Promise<Answer>): Promise<Answer> {
  try {
    return await tap;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    throw new Error("The bot did not answer. It may be stopped, or cut off from Telegram.", { cause: error });
  }
}
