import type { BotCommand, BotCommandScope, Message, Update, User } from "@grammyjs/types";
import type { Answer } from "./shared/answer.ts";
import { Bot, type BotFacts, type UpdateBody } from "./bot.ts";
import { FileStore } from "./files.ts";
import { Limiter, type Limits } from "./limits.ts";
import { GroupPlace, PersonPlace, type Place } from "./places.ts";
import { Records } from "./records.ts";

/** The commands of one scope and language, as setMyCommands left them. */
export interface CommandList {
  scope: BotCommandScope;
  /** "" for the list that serves every language without one of its own. */
  languageCode: string;
  commands: BotCommand[];
}

/** What has become of a chat. */
export type Change =
  | { type: "edited" | "posted"; message: Message }
  | { type: "removed"; messageId: number }
  /** It is new, its person has acted, or something besides its messages has changed. */
  | { type: "added" | "acted" | "touched" };

/** What a message holds besides its id, sender, chat and date. */
export type MessageBody = Omit<Message, "message_id" | "from" | "sender_chat" | "chat" | "date">;

/** The effects that anybody may use: 🔥 👍 👎 ❤️ 🎉 💩. */
const FREE_EFFECTS = [
  "5104841245755180586",
  "5107584321108051014",
  "5104858069142078462",
  "5159385139981059251",
  "5046509860389126442",
  "5046589136895476101",
];

/** Everything there is: people, groups, bots, messages, files. No HTTP in here. */
export class World {
  readonly places = new Map<number, Place>();
  readonly usernames = new Map<string, GroupPlace>();
  readonly bots = new Map<string, Bot>();
  readonly files = new FileStore();
  readonly records = new Records();
  readonly limiter: Limiter;
  /** Whether bots may use custom emoji: their owner pays for Premium, or for a username. */
  customEmoji = true;
  /** The ids of the message effects that there are. A person may use those of Premium, too. */
  readonly effects = new Set(FREE_EFFECTS);
  /** Callback queries that wait for their answer, by id. */
  readonly queries = new Map<string, (answer: Answer) => void>();
  /** How people have voted, by the id of the poll and theirs: indexes of options, ascending. */
  readonly votes = new Map<string, Map<number, number[]>>();
  /** Where each poll stands, by its id: one that was forwarded is the same poll. Messages may be gone since. */
  readonly polls = new Map<string, [place: Place, messageId: number][]>();
  readonly commands = new Map<string, CommandList>();
  readonly profile = new Map<string, string>();
  /** Channel posts by people: a channel post has no `from` by which to tell. */
  readonly peoplesPosts = new WeakSet<Message>();
  #nextId = 1;
  #backlog: ((bot: Bot) => UpdateBody)[] = [];
  readonly #watchers = new Map<number, Set<() => void>>();
  /** Told of each change in any chat. */
  readonly observers = new Set<(place: Place, change: Change) => void>();
  #interned = new Map<string, unknown>();

  constructor(limits: Limits | "none") {
    this.limiter = new Limiter(limits);
  }

  /** A number that nothing else has: for callback queries, albums, polls. */
  nextId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  /** A `media_group_id` that no other album has. */
  nextAlbum(): string {
    // Beyond what a number holds exactly: two that follow each other would become one.
    return String(13_000_000_000_000_000n + BigInt(this.nextId()));
  }

  /** The bot of a token; made on first use, when it also gets what people have sent so far. */
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

  /** The bot that people mean: the first one seen. */
  get defaultBot(): Bot | undefined {
    for (const bot of this.bots.values()) return bot;
    return undefined;
  }

  botById(id: number): Bot | undefined {
    for (const bot of this.bots.values()) if (bot.id === id) return bot;
    return undefined;
  }

  /** Queues an update for the default bot, or keeps it until there is one. */
  deliver(body: (bot: Bot) => UpdateBody): void {
    const bot = this.defaultBot;
    if (bot === undefined) this.#backlog.push(body);
    else bot.push(body(bot));
  }

  /** Tells the bot of a message as it came to be, unless it stands in a chat that the bot is not in. */
  announce(place: Place, message: Message): void {
    if (place instanceof GroupPlace && !place.hasBot) return;
    // What a Message in a channel or in another chat has more than any Message is what its type says of the chat.
    if (place.chat.type === "channel")
      this.deliver(() => ({ channel_post: message as Message & Update.Channel }));
    else this.deliver(() => ({ message: message as Message & Update.NonChannel }));
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

  /** A place by chat_id: a number, its digits, or @username of a group or channel. */
  find(chatId: number | string | undefined): Place | undefined {
    if (typeof chatId === "number") return this.places.get(chatId);
    if (chatId === undefined || chatId === "") return undefined;
    if (chatId.startsWith("@")) return this.usernames.get(chatId.slice(1).toLowerCase());
    return this.places.get(Number(chatId));
  }

  /** Puts a message into a chat. `from` undefined is a post of the channel itself, by a bot or `byPerson`. */
  post(place: Place, from: User | undefined, body: MessageBody, byPerson = false): Message {
    place.lastMessageId += 1;
    const message: Message = {
      message_id: place.lastMessageId,
      ...(from === undefined ? { sender_chat: place.chat } : { from }),
      chat: place.chat,
      date: seconds(),
      ...body,
    };
    // Before anybody is told of it: they ask whose it is, and where its poll stands.
    if (from === undefined && byPerson) this.peoplesPosts.add(message);
    if (message.poll !== undefined) this.#holds(message.poll.id, place, message.message_id);
    if (place.messages === null) place.messages = [message];
    else place.messages.push(message);
    if (from?.is_bot === true) place.fresh?.add(message.message_id);
    this.#changed(place, { type: "posted", message });
    return message;
  }

  /** Puts a new version in a message's stead. Versions that a test holds stay as they were. */
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

  /** Calls back after each change in a chat until the returned function is called. */
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
    // GroupAnonymousBot is a bot by its flag and a person in truth.
    if (message.from !== undefined) return message.from.is_bot && this.botById(message.from.id) !== undefined;
    return !this.peoplesPosts.has(message);
  }

  /**
   * One shared copy of equal values. A broadcast sends the same text and keyboard to everybody; without this a
   * million copies of a 4 kB text would be 4 GB.
   */
  intern<T extends string | object>(value: T): T {
    const key = typeof value === "string" ? value : JSON.stringify(value);
    const known = this.#interned.get(key);
    if (known !== undefined && typeof known === typeof value) return known as T;
    if (this.#interned.size >= 256) this.#interned = new Map();
    this.#interned.set(key, value);
    return value;
  }

  /** A person sends or taps something. What the bot does in their chat from here on is `fresh`. */
  act(place: PersonPlace): void {
    place.fresh = new Set();
    place.actedAt = performance.now();
    this.#changed(place, { type: "acted" });
  }

  /** To be called when something of a chat besides its messages has changed: who may write, what is pinned. */
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
