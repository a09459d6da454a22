import type { BotCommand, Message, ReplyKeyboardMarkup } from "@grammyjs/types";

/*
 * What the page is told. GET /playground/events?chat=ID is a stream of server-sent events: each event's name is a key
 * of `Events`, its data the value as JSON. A new connection first gets `overview`, `chat`, `meters` and `log` in
 * full, then changes. Imports types of Telegram only, because the page reads this file as well.
 */

export interface Events {
  /** Everything around the open chat; sent again in full after a change, at most four times per second. */
  overview: Overview;
  /** The chat that the stream was opened for. */
  chat: OpenChat;
  /** What has changed in it since. */
  change: ChatChange;
  /** The last minute, oldest first. */
  meters: Meter[];
  /** One more, twice per second. */
  meter: Meter;
  /** Lines that Herald has logged, oldest first: the last 200, then each batch of new ones. Only in the demo. */
  log: LogLine[];
}

export interface Overview {
  bot: { id: number; name: string; username: string };
  /** The bot's owner. */
  owner: number;
  /**
   * The owner, channels and groups, then people: admins first, then by last act. At most 50; GET /playground/people
   * finds the others.
   */
  chats: ChatSummary[];
  people: { total: number; blocked: number };
  trouble: Trouble;
  /** The bot's process, if the playground runs it. */
  herald?: HeraldStatus;
  /** For that bot: not started, started, or the first broadcast has reached everyone. */
  firstBroadcast?: "ahead" | "begun" | "over";
  /** The samples that can be sent, in menu order. */
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
  /** Present only if true. */
  blocked?: true;
  deactivated?: true;
  /** The bot has set commands for this person, as Herald does for its admins. */
  admin?: true;
  /** Whether the bot may write there: the person has started it, or it is a member or an administrator. */
  open: boolean;
  /** In groups and channels: the bot's status. */
  botStatus?: string;
  /** The last message: its kind and, if it has any, its words. */
  last?: { id: number; kind: string; text?: string; /** Unix seconds. */ date: number; byBot: boolean };
}

/** The faults that are switched on. */
export interface Trouble {
  /** How long each call takes, in ms. */
  latency: number;
  /** How many more ms every send is answered 429; 0 if not. */
  flood: number;
  /** How many more ms calls are cut; 0 if not. */
  cut: number;
}

export interface HeraldStatus {
  state: "starting" | "running" | "stopped";
  pid?: number;
  /** How often it was killed. */
  kills: number;
  /** What it printed before it exited by itself. */
  lastWords?: string;
}

export interface Sample {
  /** The page has a label for it in each of its languages. */
  name: string;
  icon: string;
  /** Whether the text in the composer becomes its caption. */
  captioned: boolean;
}

/** A whole chat. */
export interface OpenChat {
  summary: ChatSummary;
  /** The last 200, oldest first. */
  messages: ShownMessage[];
  /** The reply keyboard below the input field. */
  keyboard: ReplyKeyboardMarkup | null;
  /** Ids, ascending. */
  pinned: number[];
  /** The commands in the bot's menu there. */
  commands: BotCommand[];
}

/** A message, and what depends on its chat. */
export interface ShownMessage {
  message: Message;
  /**
   * Whether it is on the right: the person's own in their chat with the bot; what people post in a channel or group.
   */
  own: boolean;
  /** How the person whose chat it is (in a group, the owner) voted in its poll: option indexes. */
  votes?: number[];
}

export interface ChatChange extends Partial<Omit<OpenChat, "messages">> {
  /** New messages and new versions. */
  messages?: ShownMessage[];
  /** Ids of messages that are gone. */
  gone?: number[];
}

/** A measurement of what Telegram sees. "Total" counts since the start, or since the counts were reset. */
export interface Meter {
  /** Unix ms. */
  at: number;
  /** Messages accepted in the second before. */
  rate: number;
  /** What Telegram allows per second; null if limits are off. */
  limit: number | null;
  /** Calls in flight, without long polls. */
  inFlight: number;
  /** The most messages in any sliding second, total. */
  worstSecond: number;
  /** 429 answers, total. */
  tooMany: number;
  /**
   * Chats that got the post of the current or last broadcast, the owner's included; summed over broadcasts that run
   * at the same time. For a bot that the playground does not run: chats that it wrote to.
   */
  delivered: number;
  /** Posts of these broadcasts refused with 403: blocked, deactivated, removed. */
  refused: number;
  /**
   * Posts that a broadcast sent to the same chat again, total. Null for a bot that the playground does not run,
   * because its posts and answers look alike.
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
 * What the page can do: POST /playground/<key> with the value as JSON. Answers 200 with JSON, or 400 with `{"error":
 * "…"}`. `from` is a person; `in` is the group or channel where they act, by default their chat with the bot.
 */
export interface Actions {
  /** A text with its entities. */
  sends: { from: number; in?: number; message: { text: string; entities?: object[] } };
  /** A post of the channel itself. */
  posts: { chat: number; message: { text: string; entities?: object[] } };
  /** A sample by name; `caption` for those that take one. In a channel it is the channel's own post. */
  sample: { from: number; in?: number; name: string; caption?: string; caption_entities?: object[] };
  /**
   * The user's own files, as a form; this is its field "message". Files that fit together become an album. With
   * "file" they are sent as documents. `facts` are in the order of the files.
   */
  uploads: {
    from: number;
    in?: number;
    as?: "file";
    caption?: string;
    caption_entities?: object[];
    facts: { width?: number; height?: number; /** Seconds. */ duration?: number }[];
  };
  /** Forwards messages of a chat (one, or all parts of an album) to the bot. */
  forwards: { from: number; chat: number; ids: number[] };
  deletes: { from: number; id: number };
  /** Row and column of the inline button. Answers an `Answer` (shared/answer.ts). */
  taps: { from: number; in?: number; on: number; button: [row: number, column: number] };
  /** Option indexes; none retracts the vote. */
  votes: { from: number; in?: number; id: number; options: number[] };
  /** Picks a chat for the reply keyboard button with this id. */
  shares: { from: number; requestId: number; chat: number };
  sharesUsers: { from: number; requestId: number; users: number[] };
  /** Makes a bot for the reply keyboard button with this id. */
  createsBot: { from: number; requestId: number; name: string; username: string };
  blocks: { from: number };
  unblocks: { from: number };
  /** The language of their Telegram. */
  speaks: { from: number; languageCode: string };
  /** This share of the people who have not blocked the bot yet does so; answers their number. The owner never does. */
  blockSome: { percent: number };
  unblockAll: Record<string, never>;
  latency: { ms: number };
  flood: { seconds: number };
  cut: { seconds: number };
  /** Resets the counts. */
  recount: Record<string, never>;
  /** Only in the demo. `kill` is kill -9; `restart` is `kill`, then `start`. */
  herald: { do: "kill" | "restart" | "start" };
}
