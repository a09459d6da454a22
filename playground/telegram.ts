import type { Message } from "@grammyjs/types";
import { countReceived, isSentByBot } from "./world/received.ts";
import { type PeopleOptions, type PersonFacts, Population } from "./people/population.ts";
import type { Bot, BotFacts } from "./world/bot.ts";
import { controlRoutes } from "./control/control-routes.ts";
import type { Effect, Fault, Match } from "./server/faults.ts";
import type { Group, GroupFacts } from "./people/group.ts";
import type { Limits } from "./world/flood-limits.ts";
import { type Live, startLive } from "./live/live.ts";
import type { Trouble } from "./shared/protocol.ts";
import type { Runner } from "./live/runner.ts";
import { pageRoutes } from "./server/page-routes.ts";
import type { Person } from "./people/person.ts";
import type { Place } from "./world/places.ts";
import { PollClock } from "./world/poll-clock.ts";
import { replaceToken } from "./world/managed-bots.ts";
import type { CallRecord } from "./world/records.ts";
import { SAMPLES } from "./samples/catalog.ts";
import { pictureRoutes } from "./scenery/picture-routes.ts";
import { ApiServer } from "./server/api-server.ts";
import { Troublemaker } from "./server/troublemaker.ts";
import { type CommandList, World } from "./world/world.ts";

export interface TelegramOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default: Telegram's documented limits. "none" switches all of them off. */
  limits?: Limits | "none";
  /** How long each API call takes, in ms. Default 0. */
  latency?: number;
  /** Whether bots may use custom emoji; see `Telegram.customEmoji`. Default true. */
  customEmoji?: boolean;
  /** As a Bot API server that runs with `--local`: webhooks may be http, on any port. Default false. */
  local?: boolean;
}

export interface PageOptions {
  /** The id of the bot's owner. */
  owner: number;
  /** The bot's process, if the playground runs it. */
  runner?: Runner;
}

/** Starts a local Telegram on 127.0.0.1. Stop it with `stop()`. */
export async function startTelegram(options: TelegramOptions = {}): Promise<Telegram> {
  const world = new World(options.limits ?? {});
  world.customEmoji = options.customEmoji ?? true;
  world.isLocal = options.local ?? false;
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
  readonly #population: Population;
  #live: Live | undefined;
  #page: PageOptions | undefined;

  constructor(world: World, server: ApiServer, port: number) {
    this.#world = world;
    this.#server = server;
    this.#troublemaker = new Troublemaker(world, server);
    this.#pollClock = new PollClock(world);
    this.#population = new Population(world);
    this.port = port;
  }

  /** For a bot's `client.apiRoot`: "http://127.0.0.1:PORT". */
  get apiRoot(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * Whether bots may use custom emoji and button icons. If not, they are silently removed from what a bot sends, as
   * at Telegram when the bot's owner has neither Premium nor a purchased username.
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

  /** Refuses connections and destroys open ones. Everything else is kept. */
  async offline(): Promise<void> {
    this.#troublemaker.end();
    await this.#server.close();
    for (const bot of this.#world.bots.values()) bot.stop();
  }

  /** Listens again on the same port. */
  async online(): Promise<void> {
    await this.#server.listen(this.port);
    for (const bot of this.#world.bots.values()) bot.resume();
  }

  /** Builds the page and serves it at `apiRoot`, until `stop()`. */
  async opensPage(options: PageOptions): Promise<Live> {
    const { routes, built } = pageRoutes();
    this.#server.mount(routes);
    await built;
    return this.tells(options);
  }

  /**
   * Starts counting, and serves the page's events; see shared/protocol.ts. Whoever runs the bot reports to the
   * `ledger` when broadcasts begin and end. Ends the streams of an earlier call.
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

  /** Registers a bot under a name. Optional: any token `<digits>:<text>` is accepted on first use. */
  bot(token: string, facts?: BotFacts): Bot {
    return this.#world.bot(token, facts);
  }

  /** From now on every method answers 401 Unauthorized for this token. */
  revoke(token: string): void {
    this.#world.bot(token).revoke();
  }

  /**
   * Gives a bot another token, as its owner does in @BotFather, and returns it: the old one is refused at once. The
   * bot that manages it, if any, gets a `managed_bot` update.
   */
  replaceToken(botId: number): string {
    const bot = this.#world.botById(botId);
    if (bot === undefined) throw new Error(`There is no bot ${botId}`);
    return replaceToken(this.#world, bot);
  }

  restore(token: string): void {
    this.#world.bot(token).revoked = false;
  }

  /** A person, new or known by their id. */
  person(facts: PersonFacts = {}): Person {
    return this.#population.person(facts);
  }

  /** Many people with consecutive ids. 100,000 take about 0.1 s. */
  people(count: number, options: PeopleOptions = {}): Person[] {
    return this.#population.people(count, options);
  }

  /** A group (a supergroup by default) with the bot in it, new or known by its id. */
  group(facts: GroupFacts = {}): Group {
    return this.#population.group(facts);
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

  /** Answers every send and edit with 429 for this many seconds; 0 ends it. */
  flood(seconds: number): void {
    this.#troublemaker.flood(seconds);
  }

  /** Cuts each call for this many seconds, every second one after it was accepted; 0 ends it. */
  cut(seconds: number): void {
    this.#troublemaker.cut(seconds);
  }

  /** The current trouble: see `latency`, `flood` and `cut`. */
  get trouble(): Trouble {
    return this.#troublemaker.now;
  }

  /** Injects a fault into matching calls. See `Effect` for the choices, `ERRORS` for ready-made errors. */
  fault(match: Match, effect: Effect): Fault {
    return this.#server.faults.order(match, effect);
  }

  /** A chat's messages, oldest first: edits applied, deleted ones gone. */
  messages(chatId: number): Message[] {
    return [...(this.#world.places.get(chatId)?.messages ?? [])];
  }

  /** Only messages that bots sent to a chat, without service messages about what they did. */
  received(chatId: number): Message[] {
    return this.messages(chatId).filter((message) => isSentByBot(this.#world, message));
  }

  /**
   * Makes a message older by this many seconds, so that Telegram's time limits apply, such as the 48 hours for
   * deleting. Returns the new version. Throws if the chat does not have the message.
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
    return countReceived(this.#world, predicate);
  }

  /** The state of a person's or group's chat; for the control endpoints. */
  place(chatId: number) {
    return this.#world.places.get(chatId);
  }

  /** All people, groups and channels, in order of creation. */
  get places(): Place[] {
    return [...this.#world.places.values()];
  }

  /** The last 200,000 calls, oldest first. */
  get calls(): CallRecord[] {
    return this.#world.records.calls;
  }

  /** The most messages accepted in any sliding second. */
  worstSecond(filter?: (call: CallRecord) => boolean): number {
    return this.#world.records.worstSecond(filter);
  }

  /** The most calls in flight at once, without long polls. */
  get mostAtOnce(): number {
    return this.#server.mostAtOnce;
  }

  /** How many 429s the limiter has answered; injected ones do not count. */
  get tooMany(): number {
    return this.#world.records.tooMany;
  }

  /** Clears calls, 429s, the worst second and the most calls at once. With `messages: true` also empties the chats. */
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

  /** The id of the bot's owner, once a page is open. */
  get owner(): number | undefined {
    return this.#page?.owner;
  }

  /** The bot's process, if the playground runs it. */
  get runner(): Runner | undefined {
    return this.#page?.runner;
  }

  /** Resets the page's counts to 0, and clears calls as `clearRecords()` does. */
  recount(): void {
    this.clearRecords();
    this.#live?.ledger.recount();
  }

  /** The command lists of setMyCommands, one per scope and language. */
  get commands(): CommandList[] {
    return [...this.#world.commands.values()];
  }

  /** The bytes of a file by its file_id. Throws if there is none. */
  file(fileId: string): Buffer {
    const file = this.#world.files.get(fileId);
    if (file === undefined) throw new Error(`There is no file ${fileId}`);
    return this.#world.files.content(file);
  }

  /** The bots that have made a call or were registered. */
  get bots(): Bot[] {
    return [...this.#world.bots.values()];
  }
}
