import { setTimeout as sleep } from "node:timers/promises";
import type { InlineKeyboardButton, Message, SharedUser, User } from "@grammyjs/types";
import { forwarded } from "./methods/copy.ts";
import { sharedChat, sharedUsers } from "./picker.ts";
import { GroupPlace, type PersonPlace, type Topic } from "./places.ts";
import { type Post, type PostFields, type PostOptions, postBody } from "./post.ts";
import { draw, labels } from "./screen.ts";
import { whenSeen } from "./sight.ts";
import { findTapped, tapButton } from "./tap.ts";
import { inTopic } from "./topics.ts";
import type { Answer } from "./shared/answer.ts";
import { vote } from "./votes.ts";
import { type MessageBody, seconds, type World } from "./world.ts";

/** A group or channel that a person writes to, as `telegram.group()` returns it. */
export interface Room {
  readonly place: GroupPlace;
}

/** Where a person writes. By default to the bot. */
export interface Where {
  in?: Room | undefined;
  /** A topic of the forum `in`. */
  topic?: Topic | undefined;
}

export interface AlbumOptions extends PostOptions, Where {
  /** How long after each part the next one arrives, in ms. Default 0. */
  apart?: number;
}

export interface TapOptions {
  /** The group or channel where they tap; by default their chat with the bot. */
  in?: Room | undefined;
  /** The message whose button is tapped; by default the newest that has such a button. */
  on?: Message | number;
  /** How long the bot has to answer, in ms. Default 5,000. */
  within?: number;
}

const PATIENCE_MS = 5000;

/** Drives a person: what they send and tap, and what they see. Their chat is the private one with the bot. */
export class Person {
  readonly place: PersonPlace;
  readonly #world: World;

  constructor(world: World, place: PersonPlace) {
    this.#world = world;
    this.place = place;
  }

  get id(): number {
    return this.place.id;
  }

  get user(): User {
    return this.place.user;
  }

  /** All that is in the chat with the bot, oldest first. */
  get holds(): Message[] {
    return [...(this.place.messages ?? [])];
  }

  /** The ids of what is pinned in the chat with the bot, ascending. */
  get pinned(): number[] {
    return [...(this.place.pinned ?? [])];
  }

  /**
   * Sends a message to the bot, or to a group with `in`, there into a `topic` if need be. Resolves with it at once,
   * not waiting for the bot. Rejects when they have blocked the bot or are deactivated, for then Telegram lets nobody
   * send.
   */
  async sends(post: Post, options: PostOptions & Where = {}): Promise<Message> {
    const { in: room, topic, ...fields } = options;
    this.#acts();
    return this.#sends({ in: room, topic }, () => postBody(this.#world, post, fields));
  }

  /**
   * Forwards a message to the bot, or to a group with `in`. One from a channel carries the channel and its id there
   * as `forward_origin`, whether the bot is in that channel or not. Rejects for service and protected messages.
   */
  async forwards(message: Message, where: Where = {}): Promise<Message> {
    const body = forwardable(message);
    this.#acts();
    return this.#sends(where, () => body);
  }

  /**
   * Forwards several messages in one go. Albums stay albums. Rejects, and forwards none, when one of them cannot be
   * forwarded.
   */
  async forwardsAll(messages: readonly Message[], where: Where = {}): Promise<Message[]> {
    const albums = new Map<string, string>();
    const bodies = messages.map((message) => {
      const body = forwardable(message);
      const { media_group_id: old } = message;
      if (old === undefined) return body;
      const album = albums.get(old) ?? this.#world.nextAlbum();
      albums.set(old, album);
      return { ...body, media_group_id: album };
    });
    this.#acts();
    return Promise.all(bodies.map((body) => this.#sends(where, () => body)));
  }

  /**
   * Sends the parts of an album: several messages with one `media_group_id`. Resolves with them when the last has
   * arrived. For `sees` they are one act: an answer to the first part still counts after the last.
   */
  async sendsAlbum(parts: readonly PostFields[], options: AlbumOptions = {}): Promise<Message[]> {
    const { apart = 0, in: room, topic, ...rest } = options;
    const fields = { ...rest, media_group_id: this.#world.nextAlbum() };
    this.#acts();
    const messages: Message[] = [];
    for (const part of parts) {
      if (apart > 0 && messages.length > 0) await sleep(apart);
      messages.push(await this.#sends({ in: room, topic }, () => postBody(this.#world, part, fields)));
    }
    return messages;
  }

  /** Deletes a message from the chat with the bot, for both. The bot hears nothing of it. Rejects when it is gone. */
  async deletes(message: Message | number): Promise<void> {
    const id = typeof message === "number" ? message : message.message_id;
    if (this.place.find(id) === undefined)
      throw new Error(`There is no message ${id} in the chat of ${this.user.first_name}`);
    this.#world.remove(this.place, id);
  }

  /**
   * Taps the button with this label on the newest message that has one, and resolves with the bot's answer. A string
   * matches a label that equals it, or that equals it without its leading emoji. A link button resolves with its url.
   * A button of the reply keyboard sends its text. With `in` they tap in a group or channel, be they its member or not.
   * Rejects when there is no such button, or when nobody answered.
   */
  async taps(label: string | RegExp, options: TapOptions = {}): Promise<Answer> {
    this.#mustBeAble(options.in);
    const found = this.#find(label, options);
    this.#acts();
    if (typeof found === "string") {
      await this.sends(found);
      return {};
    }
    return this.#tap(found, options.within ?? PATIENCE_MS);
  }

  /**
   * Taps the inline button in this row and column, both from 0. Rejects when there is none, or when nobody answered.
   */
  async tapsAt(
    on: Message,
    row: number,
    column: number,
    options: Omit<TapOptions, "on"> = {},
  ): Promise<Answer> {
    this.#mustBeAble(options.in);
    const button = on.reply_markup?.inline_keyboard[row]?.[column];
    if (button === undefined) throw new Error("The message has no such button any more.");
    this.#acts();
    return this.#tap([on, button], options.within ?? PATIENCE_MS);
  }

  /**
   * Votes for the options with these indexes; none takes the vote back. Rejects with a sentence when the poll is closed
   * or does not take such a vote. See votes.ts for what the bot hears.
   */
  async votes(message: Message, options: readonly number[], where: Pick<Where, "in"> = {}): Promise<void> {
    this.#mustBeAble(where.in);
    this.#acts();
    vote(this.#world, this.user, message, options);
  }

  /** Taps a button n times at once, as an impatient person does. Resolves with the n answers. */
  async tapsTimes(label: string | RegExp, n: number, options: TapOptions = {}): Promise<Answer[]> {
    this.#mustBeAble(options.in);
    const found = this.#find(label, options);
    if (typeof found === "string") throw new Error(`${found} is on the reply keyboard; tap it once`);
    this.#acts();
    return Promise.all(Array.from({ length: n }, () => this.#tap(found, options.within ?? PATIENCE_MS)));
  }

  /**
   * Waits until a message of the bot, new or edited since this person last acted, matches in text or caption. A
   * string is looked for anywhere in it. `within` is in ms. Rejects with a drawing of the chat.
   */
  sees(wanted: string | RegExp, { within = PATIENCE_MS }: { within?: number } = {}): Promise<Message> {
    return whenSeen(this.#world, this.place, wanted, within);
  }

  /** The bot's newest message with its buttons as rows `[A] [B]`. */
  shows(): string {
    const message = this.#newest();
    return message === undefined ? "(nothing from the bot)" : draw(message);
  }

  /** The labels of a message's buttons, row by row; by default of the newest message that has any. */
  buttons(message?: Message): string[][] {
    const newest = this.place.messages?.findLast((candidate) => candidate.reply_markup !== undefined);
    return labels(message ?? newest);
  }

  /** Blocks the bot: it gets a `my_chat_member` update, and 403 from now on. */
  async blocks(): Promise<void> {
    if (this.place.blocked) return;
    this.place.blocked = true;
    this.#turns("member", "kicked");
  }

  async unblocks(): Promise<void> {
    if (!this.place.blocked) return;
    this.place.blocked = false;
    this.#turns("kicked", "member");
  }

  /** Deletes their account: the bot hears nothing and gets "user is deactivated" from now on. */
  async deactivates(): Promise<void> {
    this.place.deactivated = true;
    this.#world.touch(this.place);
  }

  /** Changes the language of their Telegram (IETF tag). The bot hears of it with the next update of theirs. */
  async speaks(languageCode: string): Promise<void> {
    const user = { ...this.user, language_code: languageCode };
    this.place.user = user;
    for (const place of this.#world.places.values()) {
      if (!(place instanceof GroupPlace)) continue;
      if (place.members.has(user.id)) place.members.set(user.id, user);
      if (place.creator?.id === user.id) place.creator = user;
    }
    this.#world.touch(this.place);
  }

  /**
   * Picks people with the KeyboardButtonRequestUsers of this `request_id`, as Telegram's picker lets them: names are told
   * when the button asks for them. Rejects when no such button is shown, and for more people than it asks for.
   */
  async picksUsers(requestId: number, people: readonly Person[]): Promise<Message> {
    const users = people.map(({ user }) => user);
    return this.sends({ raw: { users_shared: sharedUsers(this.place, requestId, users) } });
  }

  /** Shares users by a KeyboardButtonRequestUsers. A shared user's names are those that the button asked for. */
  sharesUsers(requestId: number, users: readonly (number | SharedUser | Person)[]): Promise<Message> {
    const shared = users.map((user): SharedUser => {
      if (typeof user === "number") return { user_id: user };
      if (!(user instanceof Person)) return user;
      const { id, first_name, last_name, username } = user.user;
      return {
        user_id: id,
        first_name,
        ...(last_name !== undefined && { last_name }),
        ...(username !== undefined && { username }),
      };
    });
    return this.sends({ raw: { users_shared: { request_id: requestId, users: shared } } });
  }

  /**
   * Picks a group or channel with the KeyboardButtonRequestChat of this `request_id`, as Telegram's chat picker lets
   * them: title and username are told when the button asks for them, and a bot that is to have
   * `bot_administrator_rights` there is made administrator by this person. Rejects when no such button is shown, and
   * when the picker would not offer this chat.
   */
  async sharesChat(requestId: number, { place }: Room): Promise<Message> {
    return this.sends({ raw: { chat_shared: sharedChat(this.#world, this.place, requestId, place) } });
  }

  async #sends({ in: room, topic }: Where, body: () => MessageBody): Promise<Message> {
    this.#mustBeAble(room);
    const place = room?.place ?? this.place;
    if (room === undefined) this.place.started = true;
    const message = this.#world.post(place, this.user, { ...inTopic(place, topic), ...body() });
    this.#world.announce(place, message);
    return message;
  }

  #newest(): Message | undefined {
    return this.place.messages?.findLast((message) => message.from?.is_bot === true);
  }

  /** From here on `sees` looks only at what the bot does next. */
  #acts(): void {
    this.#world.act(this.place);
  }

  /** A block stands between them and the bot only in their own chat. */
  #mustBeAble(room?: Room): void {
    if (this.place.deactivated)
      throw new Error(`${this.user.first_name} has deleted their account and can do nothing any more.`);
    if (this.place.blocked && room === undefined)
      throw new Error(`${this.user.first_name} has blocked the bot. Unblock it first.`);
  }

  #find(label: string | RegExp, { on, in: room }: TapOptions): [Message, InlineKeyboardButton] | string {
    return findTapped(room?.place ?? this.place, label, typeof on === "number" ? on : on?.message_id);
  }

  #tap([message, button]: [Message, InlineKeyboardButton], within: number): Promise<Answer> {
    return tapButton(this.#world, this.user, message, button, within);
  }

  #turns(from: "member" | "kicked", to: "member" | "kicked"): void {
    this.#world.touch(this.place);
    this.#world.deliver((bot) => ({
      my_chat_member: {
        chat: this.place.chat,
        from: this.user,
        date: seconds(),
        old_chat_member: botStatus(bot.user, from),
        new_chat_member: botStatus(bot.user, to),
      },
    }));
  }
}

/** Throws for service and protected messages. */
function forwardable(message: Message): MessageBody {
  const body = forwarded(message);
  if (body === undefined) throw new Error(`Telegram lets nobody forward ${draw(message)}`);
  return body;
}

function botStatus(bot: User, which: "member" | "kicked") {
  return which === "kicked" ? { status: which, user: bot, until_date: 0 } : { status: which, user: bot };
}
