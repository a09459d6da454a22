import type { BotCommand, Message, ReplyKeyboardMarkup } from "@grammyjs/types";

/*
 * What the page is told. GET /playground/events?chat=ID is a stream of server-sent events: each event's name is a key
 * of `Events`, its data the value as JSON. Whoever connects is first sent `overview`, `chat`, `meters` and `log` as they
 * stand, then what changes. No import but types of Telegram: the page reads this file, too.
 */

export interface Events {
  /** All that stands around the chat that is open; again, whole, after each change, at most four times a second. */
  overview: Overview;
  /** The chat that the stream was opened for. */
  chat: OpenChat;
  /** What has changed in it since. */
  change: ChatChange;
  /** The last minute, oldest first. */
  meters: Meter[];
  /** One more, twice a second. */
  meter: Meter;
  /** Lines that Herald has logged, oldest first: the last 200, then each batch of new ones. Only in the demo. */
  log: LogLine[];
}

export interface Overview {
  bot: { id: number; name: string; username: string };
  /** The person who owns the bot. */
  owner: number;
  /** The owner, channels and groups, then people: who has acted last comes first. At most 50; `people` finds the others. */
  chats: ChatSummary[];
  people: { total: number; blocked: number };
  trouble: Trouble;
  /** The process of the bot, when the playground runs it. */
  herald?: HeraldStatus;
  /** What can be sent by name, in the order of the menu. */
  samples: Sample[];
}

export interface ChatSummary {
  /** Positive: a person. */
  id: number;
  type: "private" | "group" | "supergroup" | "channel";
  title: string;
  username?: string;
  /** Of a person. */
  languageCode?: string;
  /** Only for those that are so. */
  blocked?: true;
  deactivated?: true;
  /** Whether the bot may write there: the person has started it, or it is a member or an administrator. */
  open: boolean;
  /** Of groups and channels: what the bot is in it. */
  botStatus?: string;
  last?: { id: number; text: string; /** Unix seconds. */ date: number; byBot: boolean };
}

/** The faults that are switched on. */
export interface Trouble {
  /** What each call takes, in ms. */
  latency: number;
  /** For how many more ms every send is answered 429; 0 when it is not. */
  flood: number;
  /** For how many more ms calls are cut, every second one before it was accepted. */
  cut: number;
}

export interface HeraldStatus {
  state: "starting" | "running" | "stopped";
  pid?: number;
  /** How often it was killed. */
  kills: number;
  /** What it said when it ended by itself. */
  lastWords?: string;
}

export interface Sample {
  name: string;
  /** In the menu: "Photo", "Album of 3". */
  label: string;
  icon: string;
  /** Whether the text in the composer becomes its caption. */
  captioned: boolean;
}

/** A chat as it stands. */
export interface OpenChat {
  summary: ChatSummary;
  /** The last 200, oldest first. */
  messages: ShownMessage[];
  /** The reply keyboard below the input field. */
  keyboard: ReplyKeyboardMarkup | null;
  /** Ids, ascending. */
  pinned: number[];
  /** What the bot offers in its menu there. */
  commands: BotCommand[];
}

/** A message, and what only its chat knows of it. */
export interface ShownMessage {
  message: Message;
  /** Whether it stands on the right: the person's own in their chat with the bot; what people post in a channel or group. */
  own: boolean;
  /** How the person whose chat it is (in a group, the owner) has voted in its poll: indexes of options. */
  votes?: number[];
}

export interface ChatChange extends Partial<Omit<OpenChat, "messages">> {
  /** New ones and new versions. */
  messages?: ShownMessage[];
  /** Ids of those that are no more. */
  gone?: number[];
}

/** What Telegram sees, at one moment. "Ever" is since the start, or since the counts were set back. */
export interface Meter {
  /** Unix ms. */
  at: number;
  /** Messages that the bot had accepted in the second before. */
  rate: number;
  /** What Telegram allows a second; null when limits are off. */
  limit: number | null;
  /** Calls under way, long polls aside. */
  inFlight: number;
  /** The most messages in any sliding second, ever. */
  worstSecond: number;
  /** Answers 429, ever. */
  tooMany: number;
  /**
   * Chats that got the post of the broadcast that goes, or went last, the owner's among them; of several at once the sum.
   * Of a bot that the playground does not run: chats that it wrote to.
   */
  delivered: number;
  /** Posts of the same that were refused with 403: blocked, deactivated, thrown out. */
  refused: number;
  /**
   * Posts that a broadcast has sent into the same chat once more, ever. Null for a bot that the playground does not run:
   * it does not tell posts from answers.
   */
  duplicates: number | null;
}

export interface LogLine {
  /** Unix ms. */
  at: number;
  level: "debug" | "error" | "info" | "warn";
  text: string;
}

/**
 * What the page can do: POST /playground/<key> with the value as JSON. Answered with 200 and JSON, or 400 with
 * `{"error": "…"}`. `from` is a person; `in` a group or channel where they act, by default their chat with the bot.
 */
export interface Actions {
  /** A text with its entities. */
  sends: { from: number; in?: number; message: { text: string; entities?: object[] } };
  /** A post that the channel itself makes. */
  posts: { chat: number; message: { text: string; entities?: object[] } };
  /** A sample by its name; `caption` for those that take one. In a channel it is the channel's own post. */
  sample: { from: number; in?: number; name: string; caption?: string; caption_entities?: object[] };
  /** Forwards messages of a chat (one, or all parts of an album) to the bot. */
  forwards: { from: number; chat: number; ids: number[] };
  deletes: { from: number; id: number };
  /** Row and column of the inline button. Answered with an `Answer` (shared/answer.ts). */
  taps: { from: number; in?: number; on: number; button: [row: number, column: number] };
  /** Indexes of options; none takes the vote back. */
  votes: { from: number; in?: number; id: number; options: number[] };
  /** Picks a chat for the reply keyboard's button with this id. */
  shares: { from: number; requestId: number; chat: number };
  sharesUsers: { from: number; requestId: number; users: number[] };
  blocks: { from: number };
  unblocks: { from: number };
  /** The language of their Telegram. */
  speaks: { from: number; languageCode: string };
  /** So many of every hundred people who have not blocked the bot yet do so; answered with their number. The owner never does. */
  blockSome: { percent: number };
  unblockAll: Record<string, never>;
  latency: { ms: number };
  flood: { seconds: number };
  cut: { seconds: number };
  /** Counts anew. */
  recount: Record<string, never>;
  /** Only in the demo: kill is kill -9; restart is kill, then start. */
  herald: { do: "kill" | "restart" | "start" };
}
