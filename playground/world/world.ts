import type { BotCommand, BotCommandScope, Message, Update, User } from "@grammyjs/types";
import type { Answer } from "../shared/answer.ts";
import { Bot, type BotFacts, type UpdateBody } from "./bot.ts";
import { FileStore } from "../content/files.ts";
import type { MessageBody } from "../content/message-body.ts";
import { Limiter, type Limits } from "./flood-limits.ts";
import { GroupPlace, PersonPlace, type Place } from "./places.ts";
import type { Management } from "./managed-bots.ts";
import { Records } from "./records.ts";

/** The commands of one scope and language, as setMyCommands left them. */
export interface CommandList {
  scope: BotCommandScope;
  /** "" for the list that serves every language without one of its own. */
  languageCode: string;
  commands: BotCommand[];
}

/** What changed in a chat. */
export type Change =
  | { type: "edited" | "posted"; message: Message }
  | { type: "removed"; messageId: number }
  /** The chat is new, its person has acted, or something besides its messages has changed. */
  | { type: "added" | "acted" | "touched" };

/** The effects that do not need Premium: 🔥 👍 👎 ❤️ 🎉 💩. */
const FREE_EFFECTS = [
  "5104841245755180586",
  "5107584321108051014",
  "5104858069142078462",
  "5159385139981059251",
  "5046509860389126442",
  "5046589136895476101",
];

/** People, groups, bots, messages and files. Knows nothing of HTTP. */
export class World {
  readonly places = new Map<number, Place>();
  readonly usernames = new Map<string, GroupPlace>();
  readonly bots = new Map<string, Bot>();
  readonly files = new FileStore();
  /** Bots that other bots manage, by id. */
  readonly managed = new Map<number, Management>();
  readonly records = new Records();
  readonly limiter: Limiter;
  /** Whether bots may use custom emoji, which needs an owner with Premium or a purchased username. */
  customEmoji = true;
  /** Webhooks may be http, on any port, as with a Bot API server that runs with `--local`. */
  isLocal = false;
  /** Known message effects. People may also use those of Premium. */
  readonly effects = new Set(FREE_EFFECTS);
  /** Unanswered callback queries, by id. */
  readonly queries = new Map<string, (answer: Answer) => void>();
  /** Votes by poll id and person: option indexes, ascending. */
  readonly votes = new Map<string, Map<number, number[]>>();
  /** The messages that hold each poll, by its id: a forwarded poll is the same poll. Some may be deleted. */
  readonly polls = new Map<string, [place: Place, messageId: number][]>();
  readonly commands = new Map<string, CommandList>();
  readonly profile = new Map<string, string>();
  /** Channel posts written by people: a channel post has no `from` that would tell. */
  readonly peoplesPosts = new WeakSet<Message>();
  #nextId = 1;
  #backlog: ((bot: Bot) => UpdateBody)[] = [];
  readonly #watchers = new Map<number, Set<() => void>>();
  /** Called for every change in any chat. */
  readonly observers = new Set<(place: Place, change: Change) => void>();
  #interned = new Map<string, unknown>();

  constructor(limits: Limits | "none") {
    this.limiter = new Limiter(limits);
  }

  /** A unique number, for callback queries, albums and polls. */
  nextId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** A unique `media_group_id`. */
  nextAlbum(): string {
    // Too large for a number: consecutive ids would round to the same value.
    return String(13_000_000_000_000_000n + BigInt(this.nextId()));
  }

  /** The bot of a token. Created on first use, when it also gets everything that people have sent so far. */
  bot(token: string, facts?: BotFacts): Bot {
    const known = this.bots.get(token);
    if (known !== undefined) return known;
    const bot = new Bot(token, facts);
    this.bots.set(token, bot);
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const body of backlog) bot.push(body(bot));
    return bot;
  }

  /** The bot that people talk to: the first one seen. */
  get defaultBot(): Bot | undefined {
    for (const bot of this.bots.values()) return bot;
    return undefined;
  }

  /** A bot may have had several tokens: the one by its newest token that is not revoked. */
  botById(id: number): Bot | undefined {
    const known = [...this.bots.values()].filter((bot) => bot.id === id);
    return known.findLast((bot) => !bot.revoked) ?? known.at(-1);
  }

  /** The bot that hears of a chat: the one that its person talks to or that is in the group, or else the default bot. */
  botOf(place: Place | undefined): Bot | undefined {
    const id = place?.botId;
    return id === undefined ? this.defaultBot : this.botById(id);
  }

  /** Queues an update for the bot of a chat, or keeps it until a bot appears. Default: for the default bot. */
  deliver(body: (bot: Bot) => UpdateBody, place?: Place): void {
    const bot = this.botOf(place);
    if (bot === undefined) this.#backlog.push(body);
    else bot.push(body(bot));
  }

  /** Tells the bot about a new message, unless the bot is not in that chat. */
  announce(place: Place, message: Message): void {
    if (place instanceof GroupPlace && !place.hasBot) return;
    // `Channel` and `NonChannel` differ from a plain Message only in the type of `chat`.
    if (place.chat.type === "channel")
      this.deliver(() => ({ channel_post: message as Message & Update.Channel }), place);
    else this.deliver(() => ({ message: message as Message & Update.NonChannel }), place);
  }

  addPerson(user: User, started: boolean): PersonPlace {
    const place = new PersonPlace(user, started);
    this.places.set(user.id, place);
    this.#changed(place, { type: "added" });
    return place;
  }

  addGroup(group: GroupPlace): void {
    this.places.set(group.id, group);
    const { username } = group.chat;
    if (username !== undefined) this.usernames.set(username.toLowerCase(), group);
    this.#changed(group, { type: "added" });
  }

  /** Finds a chat by chat_id: a number, its digits, or the @username of a group or channel. */
  find(chatId: number | string | undefined): Place | undefined {
    if (typeof chatId === "number") return this.places.get(chatId);
    if (chatId === undefined || chatId === "") return undefined;
    if (chatId.startsWith("@")) return this.usernames.get(chatId.slice(1).toLowerCase());
    return this.places.get(Number(chatId));
  }

  /** Adds a message to a chat. Without `from` it is a post of the channel itself, by a bot or `byPerson`. */
  post(place: Place, from: User | undefined, body: MessageBody, byPerson = false): Message {
    place.lastMessageId += 1;
    const message: Message = {
      message_id: place.lastMessageId,
      ...(from === undefined ? { sender_chat: place.chat } : { from }),
      chat: place.chat,
      date: seconds(),
      ...body,
    };
    // Before observers are told: they ask whose it is and where its poll is.
    if (from === undefined && byPerson) this.peoplesPosts.add(message);
    if (message.poll !== undefined) this.#holds(message.poll.id, place, message.message_id);
    if (place.messages === null) place.messages = [message];
    else place.messages.push(message);
    if (from?.is_bot === true) place.fresh?.add(message.message_id);
    this.#changed(place, { type: "posted", message });
    return message;
  }

  /** Replaces a message by a new version. Old versions are not mutated: a test may hold them. */
  replace(place: Place, message: Message): void {
    const index = place.indexOf(message.message_id);
    const before = place.messages?.[index];
    if (before === undefined || place.messages === null) return;
    if (this.peoplesPosts.has(before)) this.peoplesPosts.add(message);
    place.messages[index] = message;
    place.fresh?.add(message.message_id);
    this.#changed(place, { type: "edited", message });
  }

  remove(place: Place, messageId: number): void {
    const index = place.indexOf(messageId);
    if (index < 0) return;
    place.messages?.splice(index, 1);
    place.fresh?.delete(messageId);
    if (place.pinned !== null) place.pinned = place.pinned.filter((id) => id !== messageId);
    this.#changed(place, { type: "removed", messageId });
  }

  /** Calls `changed` after each change in a chat, until the returned function is called. */
  watch(place: Place, changed: () => void): () => void {
    const watchers = this.#watchers.get(place.id) ?? new Set();
    this.#watchers.set(place.id, watchers);
    watchers.add(changed);
    return () => {
      watchers.delete(changed);
      if (watchers.size === 0) this.#watchers.delete(place.id);
    };
  }

  /** Whether a bot wrote this message. */
  isBots(message: Message): boolean {
    // GroupAnonymousBot has `is_bot` set, but people write through it.
    if (message.from !== undefined) return message.from.is_bot && this.botById(message.from.id) !== undefined;
    return !this.peoplesPosts.has(message);
  }

  /**
   * Returns one shared copy of equal values. A broadcast sends the same text and keyboard to everyone; without this,
   * a million copies of a 4 kB text would take 4 GB.
   */
  intern<T extends string | object>(value: T): T {
    const key = typeof value === "string" ? value : JSON.stringify(value);
    const known = this.#interned.get(key);
    if (known !== undefined && typeof known === typeof value) return known as T;
    if (this.#interned.size >= 256) this.#interned = new Map();
    this.#interned.set(key, value);
    return value;
  }

  /** Marks that a person sent or tapped something. What the bot does in their chat from here on is `fresh`. */
  act(place: PersonPlace): void {
    place.fresh = new Set();
    place.actedAt = performance.now();
    this.#changed(place, { type: "acted" });
  }

  /** Call this when something besides a chat's messages has changed, such as who may write or what is pinned. */
  touch(place: Place): void {
    this.#changed(place, { type: "touched" });
  }

  #holds(pollId: string, place: Place, messageId: number): void {
    const stands = this.polls.get(pollId);
    if (stands === undefined) this.polls.set(pollId, [[place, messageId]]);
    else stands.push([place, messageId]);
  }

  #changed(place: Place, change: Change): void {
    for (const observe of this.observers) observe(place, change);
    if (this.#watchers.size === 0) return;
    for (const changed of this.#watchers.get(place.id) ?? []) changed();
  }
}

/** Now, in Unix seconds. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
