import type { Message, User } from "@grammyjs/types";
import type { Bot, BotFacts } from "./bot.ts";
import { controlRoutes } from "./control.ts";
import type { Effect, Fault, Match } from "./faults.ts";
import { Group, type GroupFacts } from "./group.ts";
import type { Limits } from "./limits.ts";
import { type Live, startLive } from "./live/live.ts";
import type { Trouble } from "./live/protocol.ts";
import type { Runner } from "./live/runner.ts";
import { pageRoutes } from "./page.ts";
import { Person } from "./person.ts";
import { GroupPlace, PersonPlace, type Place } from "./places.ts";
import { PollClock } from "./poll-clock.ts";
import type { CallRecord } from "./records.ts";
import { SAMPLES } from "./samples.ts";
import { kindOf } from "./screen.ts";
import { pictureRoutes } from "./scenery/routes.ts";
import { ApiServer } from "./server.ts";
import { Troublemaker } from "./trouble.ts";
import { type CommandList, World } from "./world.ts";

export interface TelegramOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default: Telegram's documented limits. "none" switches all of them off. */
  limits?: Limits | "none";
  /** How long each API call takes, in ms. Default 0. */
  latency?: number;
  /** Whether bots may use custom emoji; see `Telegram.customEmoji`. Default true. */
  customEmoji?: boolean;
}

export interface PageOptions {
  /** The id of the person who owns the bot. */
  owner: number;
  /** The bot's process, when the playground runs it. */
  runner?: Runner;
}

export interface PersonFacts {
  id?: number;
  firstName?: string;
  lastName?: string;
  username?: string;
  languageCode?: string;
  isPremium?: boolean;
  /** Whether they have written to the bot before, so that it may write to them. Default false. */
  started?: boolean;
}

/** Starts a local Telegram on 127.0.0.1. Stop it with `stop()`. */
export async function startTelegram(options: TelegramOptions = {}): Promise<Telegram> {
  const world = new World(options.limits ?? {});
  world.customEmoji = options.customEmoji ?? true;
  const server = new ApiServer(world);
  server.latency = options.latency ?? 0;
  const telegram = new Telegram(world, server, await server.listen(options.port ?? 0));
  server.mount(controlRoutes(telegram));
  server.mount(pictureRoutes(world.files));
  return telegram;
}

/** A local Telegram: a Bot API server over HTTP, and the people behind it. */
export class Telegram {
  readonly port: number;
  readonly #world: World;
  readonly #server: ApiServer;
  readonly #troublemaker: Troublemaker;
  readonly #pollClock: PollClock;
  #live: Live | undefined;
  #page: PageOptions | undefined;
  #nextPerson = 1001;
  #nextGroup = -1_001_000_000_001;

  constructor(world: World, server: ApiServer, port: number) {
    this.#world = world;
    this.#server = server;
    this.#troublemaker = new Troublemaker(world, server);
    this.#pollClock = new PollClock(world);
    this.port = port;
  }

  /** For a bot's `client.apiRoot`: "http://127.0.0.1:PORT". */
  get apiRoot(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * Whether bots may use custom emoji and icons on buttons. If not, Telegram drops them without a word from what a bot
   * sends, as from a bot whose owner pays for nothing.
   */
  get customEmoji(): boolean {
    return this.#world.customEmoji;
  }

  set customEmoji(allowed: boolean) {
    this.#world.customEmoji = allowed;
  }

  /** Destroys all connections and frees the port. */
  async stop(): Promise<void> {
    this.#live?.close();
    this.#pollClock.stop();
    await this.offline();
  }

  /** The port refuses connections, open ones are destroyed. Everything else stays as it is. */
  async offline(): Promise<void> {
    this.#troublemaker.end();
    await this.#server.close();
    for (const bot of this.#world.bots.values()) bot.stop();
  }

  /** Listens again on the same port. */
  async online(): Promise<void> {
    await this.#server.listen(this.port);
  }

  /** Builds the page that shows all this, and serves it at `apiRoot` with what it needs, until `stop()`. */
  async opensPage(options: PageOptions): Promise<Live> {
    const { routes, built } = pageRoutes();
    this.#server.mount(routes);
    await built;
    return this.tells(options);
  }

  /**
   * Counts, and serves what a page is told; see live/protocol.ts. Whoever runs the bot and knows when its broadcasts
   * begin and end tells the `ledger`. What was told before ends.
   */
  tells(options: PageOptions): Live {
    this.#page = options;
    this.#live?.close();
    this.#live = startLive({
      ...options,
      world: this.#world,
      inFlight: () => this.#server.atOnce,
      trouble: () => this.trouble,
      samples: SAMPLES,
    });
    this.#server.mount(this.#live.routes);
    return this.#live;
  }

  /** Registers a bot under a name. Not needed: any token `<digits>:<text>` is taken on first use. */
  bot(token: string, facts?: BotFacts): Bot {
    return this.#world.bot(token, facts);
  }

  /** The token answers 401 Unauthorized to every method. */
  revoke(token: string): void {
    this.#world.bot(token).revoke();
  }

  restore(token: string): void {
    this.#world.bot(token).revoked = false;
  }

  /** A person, new or known by their id. */
  person(facts: PersonFacts = {}): Person {
    const known = facts.id === undefined ? undefined : this.#world.places.get(facts.id);
    if (known instanceof PersonPlace) {
      if (facts.started === true) known.started = true;
      return new Person(this.#world, known);
    }
    const id = facts.id ?? this.#freeId();
    const user: User = { id, is_bot: false, first_name: facts.firstName ?? `Person ${id}` };
    if (facts.lastName !== undefined) user.last_name = facts.lastName;
    if (facts.username !== undefined) user.username = facts.username;
    if (facts.languageCode !== undefined) user.language_code = facts.languageCode;
    if (facts.isPremium === true) user.is_premium = true;
    return new Person(this.#world, this.#world.addPerson(user, facts.started ?? false));
  }

  /** Many people with ids in a row. `started` is true by default. 100,000 take about 0.1 s. */
  people(
    count: number,
    options: {
      firstId?: number;
      started?: boolean;
      languageCode?: (index: number) => string | undefined;
    } = {},
  ): Person[] {
    const { firstId = 100_000, started = true, languageCode } = options;
    const people: Person[] = [];
    for (let index = 0; index < count; index += 1) {
      const code = languageCode?.(index);
      people.push(
        this.person({ id: firstId + index, started, ...(code !== undefined && { languageCode: code }) }),
      );
    }
    return people;
  }

  /** A group (a supergroup by default) with the bot in it, new or known by its id. */
  group(facts: GroupFacts = {}): Group {
    const id = facts.id ?? this.#nextGroup;
    if (facts.id === undefined) this.#nextGroup -= 1;
    const known = this.#world.places.get(id);
    return known instanceof GroupPlace
      ? new Group(this.#world, known)
      : Group.founded(this.#world, facts, id);
  }

  /** A channel with the bot as its administrator. */
  channel(facts: Omit<GroupFacts, "type"> = {}): Group {
    return this.group({ ...facts, type: "channel" });
  }

  get latency(): number {
    return this.#server.latency;
  }

  set latency(ms: number) {
    this.#server.latency = ms;
  }

  /** Every send and edit is answered 429 for so many seconds; 0 ends it. */
  flood(seconds: number): void {
    this.#troublemaker.flood(seconds);
  }

  /** Each call is cut for so many seconds, every second one after it was accepted; 0 ends it. */
  cut(seconds: number): void {
    this.#troublemaker.cut(seconds);
  }

  /** What is wrong now: see `latency`, `flood` and `cut`. */
  get trouble(): Trouble {
    return this.#troublemaker.now;
  }

  /** Orders a fault for the calls that match. See `Effect` for what may befall them, `ERRORS` for ready refusals. */
  fault(match: Match, effect: Effect): Fault {
    return this.#server.faults.order(match, effect);
  }

  /** What a chat holds now, oldest first: edits applied, deleted messages gone. */
  messages(chatId: number): Message[] {
    return [...(this.#world.places.get(chatId)?.messages ?? [])];
  }

  /** Only what bots have sent to a chat; that a bot has pinned something or made a topic is no such message. */
  received(chatId: number): Message[] {
    return this.messages(chatId).filter((message) => this.#isSent(message));
  }

  /**
   * Makes a message older by so many seconds: what Telegram lets a bot do with it may be over then, like deleting it
   * after 48 hours. Returns the message as it stands now. Throws when the chat does not hold it.
   */
  ages(chatId: number, messageId: number, seconds: number): Message {
    const place = this.#world.places.get(chatId);
    const message = place?.find(messageId);
    if (place === undefined || message === undefined)
      throw new Error(`There is no message ${messageId} in the chat ${chatId}`);
    const older = { ...message, date: message.date - seconds };
    this.#world.replace(place, older);
    return older;
  }

  /** How many of the bots' messages in each chat match; chats without any are left out. */
  counts(predicate: (message: Message) => boolean): Map<number, number> {
    const counts = new Map<number, number>();
    for (const place of this.#world.places.values()) {
      let count = 0;
      for (const message of place.messages ?? []) if (this.#isSent(message) && predicate(message)) count += 1;
      if (count > 0) counts.set(place.id, count);
    }
    return counts;
  }

  /** A person's or group's place in the world; for the control endpoints. */
  place(chatId: number) {
    return this.#world.places.get(chatId);
  }

  /** Every person, group and channel, in the order in which they came. */
  get places(): Place[] {
    return [...this.#world.places.values()];
  }

  /** The last 200,000 calls, oldest first. */
  get calls(): CallRecord[] {
    return this.#world.records.calls;
  }

  /** The most messages that were accepted in any sliding second. */
  worstSecond(filter?: (call: CallRecord) => boolean): number {
    return this.#world.records.worstSecond(filter);
  }

  /** The most calls under way at once, long polls aside. */
  get mostAtOnce(): number {
    return this.#server.mostAtOnce;
  }

  /** How many 429s the limiter has answered; ordered ones do not count. */
  get tooMany(): number {
    return this.#world.records.tooMany;
  }

  /** Forgets calls, 429s, the worst second and the most calls at once. With `messages: true` the chats are emptied, too. */
  clearRecords({ messages = false }: { messages?: boolean } = {}): void {
    this.#world.records.clear();
    this.#server.mostAtOnce = 0;
    if (!messages) return;
    this.#world.polls.clear();
    for (const place of this.#world.places.values()) {
      place.messages = null;
      if (place.fresh !== null) place.fresh = new Set();
    }
  }

  /** The id of the person who owns the bot, once a page shows whose it is. */
  get owner(): number | undefined {
    return this.#page?.owner;
  }

  /** The bot's process, when the playground runs it. */
  get runner(): Runner | undefined {
    return this.#page?.runner;
  }

  /** Sets the counts that a page is told back to 0, and forgets calls as `clearRecords()` does. */
  recount(): void {
    this.clearRecords();
    this.#live?.ledger.recount();
  }

  /** The command lists of setMyCommands, one per scope and language. */
  get commands(): CommandList[] {
    return [...this.#world.commands.values()];
  }

  /** The bytes of a file by its file_id. Throws when there is none. */
  file(fileId: string): Buffer {
    const file = this.#world.files.get(fileId);
    if (file === undefined) throw new Error(`There is no file ${fileId}`);
    return this.#world.files.content(file);
  }

  /** The bots that have called so far, or were registered. */
  get bots(): Bot[] {
    return [...this.#world.bots.values()];
  }

  #isSent(message: Message): boolean {
    return this.#world.isBots(message) && kindOf(message) !== "service";
  }

  #freeId(): number {
    while (this.#world.places.has(this.#nextPerson)) this.#nextPerson += 1;
    return this.#nextPerson++;
  }
}
