import { Composer, type Filter } from "grammy";
import { type ButtonTap, type Ticket, buttonData, parseButtonTap } from "../../content/keyboard.ts";
import type { HeraldContext } from "./bot-context.ts";

/*
 * All callback data of Herald's buttons, in one table. Messages stay in people's chats for years, so every form that a
 * version has ever sent has to be understood: test/bot/callback-data.test.ts pins them.
 */

/** Telegram's limit for callback_data, in bytes (Bot API, InlineKeyboardButton). */
const MOST_BYTES = 64;

/** Writes and reads the data of one kind of button. */
export interface Codec<Tap, Read = Tap> {
  /** What the data begins with. No prefix may be the beginning of another. */
  readonly prefix: string;
  /** @throws RangeError if the data is longer than Telegram allows */
  encode(tap: Tap): string;
  /** Anyone can forge callback data: null for anything that `encode` cannot have written, in this version or before. */
  parse(data: string): Read | null;
}

function codec<Tap, Read = Tap>(
  prefix: string,
  encode: (tap: Tap) => string,
  parse: (body: string) => Read | null,
): Codec<Tap, Read> {
  return {
    prefix,
    encode: (tap) => fitting(`${prefix}${encode(tap)}`),
    parse: (data) => (data.startsWith(prefix) ? parse(data.slice(prefix.length)) : null),
  };
}

function fitting(data: string): string {
  const bytes = Buffer.byteLength(data);
  if (bytes > MOST_BYTES) throw new RangeError(`callback data of ${bytes} bytes: ${data}`);
  return data;
}

/** A button of the composer: the draft, a verb and its argument. The composer knows the verbs. */
export interface DraftData {
  draft: number;
  verb: string;
  argument: string;
}

export const draftTap = codec<DraftData>(
  "d:",
  ({ draft, verb, argument }) => `${draft}:${verb}:${argument}`,
  (body) => {
    const [, draft, verb = "", argument = ""] = /^(\d+):([a-z]+):(.*)$/.exec(body) ?? [];
    return draft === undefined ? null : { draft: Number(draft), verb, argument };
  },
);

/** What the buttons of a campaign's own card do. */
const OWN_VERBS = [
  /** Shows the card; on buttons elsewhere, such as in the calendar. */
  "open",
  /** Shows the post. */
  "post",
  "pause",
  "resume",
  "cancel",
  "yes-cancel",
  "cancel-series",
  "edit",
  "reschedule",
  "retry",
  "retry-uncertain",
  "yes-retry",
  "back",
  "failures",
  /** Sends the results of its poll as a file. */
  "results",
  /** Sends who got which code as a file, or opens what adds codes. */
  "codes",
  "duplicate",
  /** Makes a draft for those whom a campaign to the first so many was not for. */
  "rest",
  /** Opens a change of what was sent; the others are about one that is under way. */
  "edit-sent",
  "pause-edit",
  "resume-edit",
  "stop-edit",
  /** Offers lists of its people. */
  "people",
] as const;
export type OwnVerb = (typeof OWN_VERBS)[number];

/** What the buttons of the card of campaigns that were confirmed together do: all but `bundle` act on all of them. */
const BUNDLE_VERBS = [
  /** Shows that card; on the campaigns' own cards. */
  "bundle",
  "post-all",
  "pause-all",
  "resume-all",
  "cancel-all",
  "yes-cancel-all",
  "back-all",
  "duplicate-all",
] as const;
export type BundleVerb = (typeof BUNDLE_VERBS)[number];

export const CARD_VERBS = [...OWN_VERBS, ...BUNDLE_VERBS] as const;
export type CardVerb = (typeof CARD_VERBS)[number];

export function isBundleVerb(verb: CardVerb): verb is BundleVerb {
  return BUNDLE_VERBS.some((one) => one === verb);
}

export const cardTap = codec<{ id: number; verb: CardVerb }>(
  "c:",
  ({ id, verb }) => `${id}:${verb}`,
  (body) => {
    const [, id, name] = /^(\d+):([a-z-]+)$/.exec(body) ?? [];
    const verb = CARD_VERBS.find((known) => known === name);
    return verb ? { id: Number(id), verb } : null;
  },
);

/** `Take the edit` below the answer to an edited message: the campaign that takes it. */
export const editOfferTap = codec<number>("e:", String, (body) =>
  /^\d{1,15}$/.test(body) ? Number(body) : null,
);

/** A time zone of `/timezone`, by its IANA name, which still has to be looked up. */
export const zoneTap = codec<string>(
  "z:",
  (zone) => zone,
  (body) => body,
);

/** A vote or an answer below a post. `content/` draws these buttons; the first builds named them by position. */
export const postButtonTap: Codec<Ticket & { id: string }, ButtonTap> = {
  prefix: "b:",
  encode: (tap) => fitting(buttonData(tap, tap.id)),
  parse: parseButtonTap,
};

/** The button under a post by which a person leaves its category; drawn by `content/`, too. */
export const leaveTap = codec<Ticket>(
  "leave:",
  ({ campaignId, seq }) => `${campaignId}:${seq}`,
  (body) => {
    const [, campaign, seq] = /^(\d{1,15}):(\d{1,9})$/.exec(body) ?? [];
    return campaign === undefined ? null : { campaignId: Number(campaign), seq: Number(seq) };
  },
);

/** The calendar from a given day on, in days since 1 January 1970: of all bots, or of one. */
export const calendarTap = codec<{ day: number; bot?: number }>(
  "calendar:",
  ({ day, bot }) => `${day}${bot === undefined ? "" : `.b${bot}`}`,
  (body) => {
    const [, day, bot] = /^(\d{1,6})(?:\.b(\d{1,15}))?$/.exec(body) ?? [];
    return day === undefined ? null : { day: Number(day), ...(bot !== undefined && { bot: Number(bot) }) };
  },
);

/** `Yes, send to …` for a campaign whose time has passed: what the admin confirms. */
export const overdueTap = codec<{ id: number; count: number; revision: number }>(
  "overdue:",
  ({ id, count, revision }) => `${id}.${count}.${revision}`,
  (body) => {
    const [, id, count, revision] = /^(\d{1,15})\.(\d{1,15})\.(\d{1,9})$/.exec(body) ?? [];
    return id === undefined ? null : { id: Number(id), count: Number(count), revision: Number(revision) };
  },
);

/** What the buttons in the group of an inbox do, to the person whom they name. */
const THREAD_VERBS = [
  "close",
  "reopen",
  "block",
  "unblock",
  /** Shows the tags, with buttons that switch them. */
  "tag",
  /** The argument is the tag. */
  "tagged",
  "untagged",
  /** Shows what is known of the person. */
  "person",
  /** The argument is the message whose fate is uncertain. */
  "again",
] as const;
export type ThreadVerb = (typeof THREAD_VERBS)[number];

export const threadTap = codec<{ chatId: number; verb: ThreadVerb; argument: string }>(
  "t:",
  ({ chatId, verb, argument }) => `${chatId}:${verb}:${argument}`,
  (body) => {
    const [, id, name, argument = ""] = /^(\d{1,16}):([a-z]+):(.*)$/s.exec(body) ?? [];
    const verb = THREAD_VERBS.find((known) => known === name);
    return verb ? { chatId: Number(id), verb, argument } : null;
  },
);

/** The screens: messages that list things. See screens.ts. */
export const SCREENS = [
  "admins",
  "bots",
  "campaigns",
  "forget",
  "inbox",
  "keys",
  "language",
  "links",
  "lists",
  "segments",
  "settings",
  "settings-cap",
  "settings-categories",
  "settings-options",
  "settings-lifetime",
  "settings-tell",
  "subscription",
  "newcomers",
  "welcome",
  "webhooks",
] as const;
export type ScreenName = (typeof SCREENS)[number];

/** A button of a screen: its position, because the menu plugin wants it, and `what` it names, which alone matters. */
export interface ScreenData {
  row: number;
  column: number;
  what: string;
}

/** `admins/0/1/remove:7/h`. The menu plugin adds a mark and a hash, which is not needed to read it. */
export const screenTap = (name: ScreenName) =>
  codec<ScreenData>(
    `${name}/`,
    ({ row, column, what }) => {
      if (what.includes("/")) throw new RangeError(`a button of a screen cannot hold a slash: ${what}`);
      return `${row.toString(16)}/${column.toString(16)}/${what}/h`;
    },
    (body) => {
      const [, row = "", column = "", what = ""] = /^([\da-f]+)\/([\da-f]+)\/([^/]*)\/[hf]/.exec(body) ?? [];
      return row === "" ? null : { row: Number.parseInt(row, 16), column: Number.parseInt(column, 16), what };
    },
  );

/** `campaigns:list`, a button elsewhere that opens a screen. Some old builds wrote all buttons of screens like this. */
export const screenLink = (name: ScreenName) =>
  codec<string>(
    `${name}:`,
    (what) => what,
    (what) => what,
  );

/** Every kind of callback data. */
export const CODECS: readonly Codec<never, unknown>[] = [
  draftTap,
  cardTap,
  editOfferTap,
  zoneTap,
  postButtonTap,
  leaveTap,
  calendarTap,
  overdueTap,
  threadTap,
  ...SCREENS.flatMap((name) => [screenTap(name), screenLink(name)]),
];

/** Handles taps on the buttons of one kind. Forged data of that kind is dropped. */
export function onTap<Read>(
  { prefix, parse }: Pick<Codec<never, Read>, "prefix" | "parse">,
  handle: (ctx: Filter<HeraldContext, "callback_query:data">, tap: Read) => Promise<unknown>,
): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.on("callback_query:data").filter(
    (ctx) => ctx.callbackQuery.data.startsWith(prefix),
    async (ctx) => {
      const tap = parse(ctx.callbackQuery.data);
      if (tap !== null) await handle(ctx, tap);
    },
  );
  return composer;
}

/**
 * The data of a switch says what it switches to, as its card shows it: `silent.on`. So a tap on an old card, or a second
 * tap before the card has changed, never does the opposite of what the label said.
 */
export interface Toggle {
  what: string;
  /** The state after the tap. */
  on: boolean;
}

/** The data of a button that switches `what` to the opposite of its current state. */
export function toggleData(what: string, isOn: boolean): string {
  return `${what}.${isOn ? "off" : "on"}`;
}

/** Null for anything else, such as data of the first builds, which did not name a state. */
export function readToggle(data: string): Toggle | null {
  const match = /^(.*)\.(on|off)$/.exec(data);
  return match ? { what: match[1] ?? "", on: match[2] === "on" } : null;
}
