import { type Courier, createCourier } from "./deliver.ts";
import { isHeraldTap, reduced } from "./reduced.ts";

export interface RelayOptions {
  /** Where Herald's HTTP API is, such as `http://127.0.0.1:8080`. */
  url: string;
  /** A key of the role `relay`. An owner makes one with /keys in Herald's chat. */
  key: string;
  /** Your bot, by its @username or its id. */
  bot: string | number;
  /** Commands of your bot by which people ask for no more broadcasts, such as `["unsubscribe"]`. Default: none. */
  leave?: readonly string[];
  /** Commands by which they ask for them again. Default: none. */
  join?: readonly string[];
  /**
   * Keep taps on the buttons of Herald's posts from your own handlers. Set it if your bot answers every tap, also on buttons
   * that it does not know: the first answer to a tap is the one that people see. Leave it out if the data of your own
   * buttons can look like `b:12:345:1`. Default: false.
   */
  keepTaps?: boolean;
  /** The most that is held while Herald cannot be reached, in characters of JSON. Default: 64 Mi. Then the oldest go. */
  holdAtMost?: number;
  /** Is told in a sentence what is wrong and what to do, once, and when it is over. Default: `console.warn`. */
  onTrouble?: (sentence: string) => void;
}

/** Hands the updates of a bot on to Herald, in the background. No call of it throws or keeps the bot waiting. */
export interface Relay {
  /** Hands on one update, as Telegram sent it. */
  relay(update: object): void;
  /** For `bot.use()` of grammY, of Telegraf, and of node-telegram-bot-api from version 2 on. Put it before your handlers. */
  middleware<T>(context: { readonly update: object }, next: () => T): T | undefined;
  /** For node-telegram-bot-api before version 2. Call it before polling starts. */
  attach(bot: { processUpdate(update: never): unknown }): void;
  /** Resolves with true once everything has been handed on; with false if that takes longer than so many ms. Default: 5,000. */
  flush(withinMs?: number): Promise<boolean>;
  /** As flush(). What comes later, or is left then, is not handed on. Call it when your bot has stopped. */
  close(withinMs?: number): Promise<boolean>;
  /** How many updates are held now. */
  readonly held: number;
  /** How many could not be held, or were refused, so far. */
  readonly lost: number;
}

const HOLD_AT_MOST = 64 * 1_024 * 1_024;

/**
 * Starts a relay. With wrong options it says so to `onTrouble` and hands nothing on: a bot must not go down with it.
 * @example
 * const herald = createRelay({ url: "http://127.0.0.1:8080", key: process.env.HERALD_KEY, bot: "@shop_bot" });
 * bot.use(herald.middleware);
 */
export function createRelay(options: RelayOptions): Relay {
  const { onTrouble = (sentence) => console.warn(sentence), keepTaps = false } = options;
  const say = (sentence: string) => {
    try {
      onTrouble(`Herald's relay: ${sentence}`);
    } catch {
      // What the bot does with the sentence must not disturb it either.
    }
  };
  const commands = [...(options.leave ?? []), ...(options.join ?? [])].map(withoutSlash);
  const courier = courierOf(options, say);

  function relay(update: object): void {
    if (!courier) return;
    try {
      const part = reduced(update, commands);
      if (part) courier.add(JSON.stringify(part));
    } catch (error) {
      say(`an update could not be read: ${String(error)}`);
    }
  }

  return {
    relay,
    middleware({ update }, next) {
      relay(update);
      return keepTaps && isHeraldTap(update) ? undefined : next();
    },
    attach(bot) {
      const process = bot.processUpdate.bind(bot) as (update: object) => unknown;
      bot.processUpdate = (update: object) => {
        relay(update);
        return keepTaps && isHeraldTap(update) ? undefined : process(update);
      };
    },
    flush: async (withinMs = 5_000) => (await courier?.flush(withinMs)) ?? true,
    close: async (withinMs = 5_000) => (await courier?.close(withinMs)) ?? true,
    get held() {
      return courier?.held ?? 0;
    },
    get lost() {
      return courier?.lost ?? 0;
    },
  };
}

/** Null if the options are wrong. */
function courierOf(options: RelayOptions, say: (sentence: string) => void): Courier | null {
  const { url, key, bot, leave = [], join = [], holdAtMost = HOLD_AT_MOST } = options;
  const fault = faultIn(options);
  if (fault !== null) {
    say(`it is off. ${fault}`);
    return null;
  }
  const address = new URL(`v1/bots/${bot}/updates`, url.replace(/\/*$/, "/"));
  for (const [name, commands] of [["leave", leave] as const, ["join", join] as const])
    if (commands.length > 0) address.searchParams.set(name, commands.map(withoutSlash).join(","));
  return createCourier({ address: address.href, key, holdAtMost, say });
}

/** Options often come from an environment, where anything may be missing. */
function faultIn({ url, key, bot, leave = [], join = [] }: RelayOptions): string | null {
  if (!/^https?:/.test(url) || !URL.canParse(url)) return `url is not an address: ${url}`;
  if (!/^hk_\w+$/.test(key))
    return "key is not a key of Herald, which begins with hk_. An owner makes one with /keys.";
  if (!/^@?\w{1,32}$/.test(String(bot))) return `bot is neither an id nor an @username: ${bot}`;
  const unfit = [...leave, ...join].find((command) => !/^\/?\w{1,32}$/.test(command));
  return unfit === undefined ? null : `this is not a command: ${unfit}`;
}

function withoutSlash(command: string): string {
  return command.replace(/^\//, "").toLowerCase();
}
