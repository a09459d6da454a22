import { setTimeout as sleep } from "node:timers/promises";
import type { InlineKeyboardButton, Message, SharedUser, Update, User } from "@grammyjs/types";
import { setBlocked, setLanguage } from "./standing.ts";
import { forwardedBodies, forwardedBody } from "./forwarded-bodies.ts";
import type { MessageBody } from "../content/message-body.ts";
import { editedMessage } from "./edited-message.ts";
import { madeBot, namedUser, sharedChat, sharedUsers } from "./picker.ts";
import type { BotFacts } from "../world/bot.ts";
import { type GroupPlace, type PersonPlace, type Topic } from "../world/places.ts";
import { type Post, type PostFields, type PostOptions, postBody } from "./post.ts";
import { draw, labels } from "../content/transcript.ts";
import { waitForMessage } from "./wait-for-message.ts";
import { findTapped, tapButton } from "./tap.ts";
import { inTopic } from "../world/topics.ts";
import type { Answer } from "../shared/answer.ts";
import { vote } from "../world/votes.ts";
import type { World } from "../world/world.ts";

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
  /** Delay between two parts, in ms. Default 0. */
  apart?: number;
}

export interface TapOptions {
  /** The group or channel where they tap; by default their chat with the bot. */
  in?: Room | undefined;
  /** The message whose button is tapped; by default the newest one that has such a button. */
  on?: Message | number;
  /** How long to wait for the bot's answer, in ms. Default 20,000. */
  within?: number;
}

const PATIENCE_MS = 20_000;

/** Drives a person: what they send and tap, and what they see. Their own chat is the private one with the bot. */
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

  /** All messages in the chat with the bot, oldest first. */
  get holds(): Message[] {
    return [...(this.place.messages ?? [])];
  }

  /** The ids of what is pinned in the chat with the bot, ascending. */
  get pinned(): number[] {
    return [...(this.place.pinned ?? [])];
  }

  /**
   * Sends a message to the bot or, with `in` (and `topic`), to a group. Resolves with the message at once, without
   * waiting for the bot. Rejects if they have blocked the bot or deleted their account, because Telegram then lets
   * nobody send.
   */
  async sends(post: Post, options: PostOptions & Where = {}): Promise<Message> {
    const { in: room, topic, ...fields } = options;
    this.#acts();
    return this.#sends({ in: room, topic }, () => postBody(this.#world, post, fields));
  }

  /**
   * Forwards a message to the bot or, with `in`, to a group. The `forward_origin` of a channel post names the
   * channel, whether or not the bot is in it. Rejects for service and protected messages.
   */
  async forwards(message: Message, where: Where = {}): Promise<Message> {
    const body = forwardedBody(message);
    this.#acts();
    return this.#sends(where, () => body);
  }

  /**
   * Forwards several messages at once. Albums stay albums. Rejects, and forwards nothing, if one of them cannot be
   * forwarded.
   */
  async forwardsAll(messages: readonly Message[], where: Where = {}): Promise<Message[]> {
    const bodies = forwardedBodies(this.#world, messages);
    this.#acts();
    return Promise.all(bodies.map((body) => this.#sends(where, () => body)));
  }

  /**
   * Sends an album: several messages with one `media_group_id`. Resolves with them when the last has arrived. For
   * `sees` they are one act: an answer to the first part still counts after the last.
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

  /**
   * Edits a message of theirs in the chat with the bot. A string is the new text or caption; an object is the
   * message's whole new content. The bot gets an `edited_message`. Rejects for edits that Telegram's apps do not
   * offer. Like a new message, an edit is an act: `sees` looks only at what the bot does next.
   */
  async edits(message: Message | number, post: Post): Promise<Message> {
    const before = this.#currentMessage(message);
    if (before.from?.id !== this.id) throw new Error("Only its author can edit a message.");
    const edited = editedMessage(this.#world, before, post);
    this.#mustBeAble();
    this.#acts();
    this.#world.replace(this.place, edited);
    this.#world.deliver(
      () => ({ edited_message: edited as typeof edited & Update.NonChannel }),
      this.#world.places.get(edited.chat.id),
    );
    return edited;
  }

  /**
   * Deletes a message from the chat with the bot, for both sides. The bot is not told. Rejects if the message is
   * gone.
   */
  async deletes(message: Message | number): Promise<void> {
    this.#world.remove(this.place, this.#currentMessage(message).message_id);
  }

  /**
   * Taps the button with this label on the newest message that has one, and resolves with the bot's answer. A string
   * matches a label that equals it, with or without a leading emoji. A link button resolves with its url; a button of
   * the reply keyboard sends its text. With `in` they tap in a group or channel, as a member or not. Rejects if there
   * is no such button, or if the bot does not answer.
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
   * Taps the inline button in this row and column, counted from 0. Rejects if there is none, or if the bot does not
   * answer.
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
   * Votes for the options with these indexes; none retracts the vote. Rejects with an explanation if the poll is
   * closed or does not allow this vote. See world/votes.ts for the updates that the bot gets.
   */
  async votes(message: Message, options: readonly number[], where: Pick<Where, "in"> = {}): Promise<void> {
    this.#mustBeAble(where.in);
    this.#acts();
    vote(this.#world, this.user, message, options);
  }

  /** Taps a button n times at once, like an impatient person. Resolves with the n answers. */
  async tapsTimes(label: string | RegExp, n: number, options: TapOptions = {}): Promise<Answer[]> {
    this.#mustBeAble(options.in);
    const found = this.#find(label, options);
    if (typeof found === "string") throw new Error(`${found} is on the reply keyboard; tap it once`);
    this.#acts();
    return Promise.all(Array.from({ length: n }, () => this.#tap(found, options.within ?? PATIENCE_MS)));
  }

  /**
   * Waits for a message of the bot, new or edited since this person last acted, that matches in text or caption. A
   * string may appear anywhere in it. `within` is in ms. Rejects with a transcript of the chat.
   */
  sees(wanted: string | RegExp, { within = PATIENCE_MS }: { within?: number } = {}): Promise<Message> {
    return waitForMessage(this.#world, this.place, wanted, within);
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
    setBlocked(this.#world, this.place, true);
  }

  async unblocks(): Promise<void> {
    setBlocked(this.#world, this.place, false);
  }

  /** Deletes their account: the bot is not told, and gets "user is deactivated" from now on. */
  async deactivates(): Promise<void> {
    this.place.deactivated = true;
    this.#world.touch(this.place);
  }

  /** Changes the language of their Telegram (IETF tag). The bot sees it in their next update. */
  async speaks(languageCode: string): Promise<void> {
    setLanguage(this.#world, this.place, languageCode);
  }

  /**
   * Picks people with the KeyboardButtonRequestUsers of this `request_id`, as in Telegram's picker: names are shared
   * if the button asks for them. Rejects if no such button is shown, and for more people than it asks for.
   */
  async picksUsers(requestId: number, people: readonly Person[]): Promise<Message> {
    const users = people.map(({ user }) => user);
    return this.sends({ raw: { users_shared: sharedUsers(this.place, requestId, users) } });
  }

  /** Shares users through a KeyboardButtonRequestUsers that need not be shown. Of a Person all names are shared. */
  sharesUsers(requestId: number, users: readonly (number | SharedUser | Person)[]): Promise<Message> {
    const shared = users.map((user): SharedUser => {
      if (typeof user === "number") return { user_id: user };
      if (!(user instanceof Person)) return user;
      return namedUser(user.user);
    });
    return this.sends({ raw: { users_shared: { request_id: requestId, users: shared } } });
  }

  /**
   * Picks a group or channel with the KeyboardButtonRequestChat of this `request_id`, as in Telegram's picker: title
   * and username are shared if the button asks for them, and if it wants `bot_administrator_rights`, this person
   * promotes the bot there. Rejects if no such button is shown, or if the picker would not offer this chat.
   */
  async sharesChat(requestId: number, { place }: Room): Promise<Message> {
    return this.sends({ raw: { chat_shared: sharedChat(this.#world, this.place, requestId, place) } });
  }

  /**
   * Makes a bot with the KeyboardButtonRequestManagedBot of this `request_id`. The bot that shows it then manages the new
   * one: it gets a `managed_bot` update, and the service message that this resolves with. Rejects if no such button is
   * shown, if that bot may not manage others, and for a username that is unfit or taken.
   */
  async createsBot(requestId: number, facts: Required<BotFacts>): Promise<Message> {
    return this.sends({ raw: { managed_bot_created: madeBot(this.#world, this.place, requestId, facts) } });
  }

  async #sends({ in: room, topic }: Where, body: () => MessageBody): Promise<Message> {
    this.#mustBeAble(room);
    const place = room?.place ?? this.place;
    if (room === undefined) this.place.started = true;
    const message = this.#world.post(place, this.user, { ...inTopic(place, topic), ...body() });
    this.#world.announce(place, message);
    return message;
  }

  /** The current version of a message in their chat with the bot. */
  #currentMessage(message: Message | number): Message {
    const id = typeof message === "number" ? message : message.message_id;
    const found = this.place.find(id);
    if (found === undefined)
      throw new Error(`There is no message ${id} in the chat of ${this.user.first_name}`);
    return found;
  }

  #newest(): Message | undefined {
    return this.place.messages?.findLast((message) => message.from?.is_bot === true);
  }

  /** From here on `sees` looks only at what the bot does next. */
  #acts(): void {
    this.#world.act(this.place);
  }

  /** Blocking the bot matters only in their own chat. */
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
}
