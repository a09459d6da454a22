import type { Api, Context } from "grammy";
import type { Message, Update } from "grammy/types";
import type { LimitFunction } from "p-limit";
import type { Actor, Limit } from "../../access/actor.ts";
import type { SendingRate } from "../../campaign/costs.ts";
import type { PreviewBots } from "../../campaign/post-preview.ts";
import type { DailyBackups } from "../../backup/daily-backups.ts";
import type { Clock } from "../../clock.ts";
import type { HomeScope, Scope } from "../../db/scope.ts";
import type { SenderState } from "../../db/states.ts";
import type { Trouble } from "../../db/troubles.ts";
import type { Log } from "../../log.ts";
import type { SendersParts } from "../../senders/senders-parts.ts";
import type { Locale, Translate } from "./words.ts";
import type { WithDialogs } from "./dialogs.ts";

interface Flavor {
  /** Words in the language of the person who sent the update. */
  t: Translate;
  locale: Locale;
  /** The IANA zone in which that person reads and types times: the one they chose, else the configured one. */
  timezone: string;
  /** By this very update the person has joined, or is back after they had blocked the bot. */
  hasJoined: boolean;
  /** May compose and control campaigns. */
  isAdmin: boolean;
  /** The bots that this admin may use; null for all. Nothing for anyone else. */
  limit: Limit;
  /** May also appoint admins. */
  isOwner: boolean;
  /** The person who sent the update, in the form that actions take. */
  actor: Actor;
  /** The bots' tokens in an owner's message, whose own text has them masked. For no one else. See hide-secrets.ts. */
  tokens: readonly string[];
  /**
   * Answers the person who sent the update. An admin's answer leaves at once, and this resolves when it has arrived.
   * Anyone else's leaves when its turn comes, and nothing waits for it. Use it wherever people other than admins are
   * answered.
   */
  answer(send: () => Promise<unknown>): Promise<void>;
  /** The parts of an album; the update itself has the first. See albums.ts. */
  album?: Message[];
  /** Other parts of that album were handled before. */
  isLatePart?: boolean;
}

export type HeraldContext = WithDialogs<Context & Flavor>;

/** What the bot needs of the engine. */
export interface Engine {
  /** A campaign is due now, may continue, or must stop. */
  poke(): void;
  /** Something about a campaign changed; its cards follow soon. */
  touch(campaignId: number): void;
  /** Draws a campaign's cards; resolves when they are drawn. */
  refresh(campaignId: number): Promise<void>;
  /** Something else was written into a chat: moves the campaign's card, or that of a running one, below it. */
  covered(chatId: number, campaignId?: number): void;
  /** How it is doing right now. */
  status(): EngineStatus;
}

/** What the engine knows about itself. */
export interface EngineFacts {
  /** This process, as "hostname:pid". */
  holder: string;
  /** Since when this process has been allowed to send; null while it is not. */
  leaseSince: Date | null;
  /** When the lease was last lost, and when it was regained. */
  leaseLost: { at: Date; backAt: Date | null } | null;
  rate: SendingRate;
  /** End of a pause that Telegram asked for. */
  quietUntil: Date | null;
  /** The last 429, and how long it asked to wait. */
  lastWait: { at: Date; seconds: number } | null;
  /** Calls that have left and have not been answered. */
  inFlight: number;
}

/** How a sender besides the home is doing. */
export interface SenderStatus extends Pick<EngineFacts, "leaseSince" | "rate" | "quietUntil"> {
  /** Null until Telegram has said it. */
  username: string | null;
  /** `waiting`: no process runs it right now. */
  state: SenderState | "waiting";
  /** Of one in another process they are in the tables only. */
  troubles: readonly Trouble[];
  /** This process runs it. */
  isHere: boolean;
}

/** How the bot is doing right now; the rest of `/status` comes from the database. */
export interface EngineStatus extends EngineFacts {
  /** The senders besides the home, by bot; absent if there are none. */
  senders?: ReadonlyMap<number, SenderStatus>;
  startedAt: Date;
  /** What is wrong with Herald itself, the oldest trouble first. */
  troubles: readonly Trouble[];
  /** Outcomes per second of a campaign; null if there is nothing to measure yet. */
  speedOf(campaignId: number): number | null;
}

/** What a chat with people needs, whether the bot is the home or a sender. */
export interface CrowdDeps {
  /** The home, whose admins are told apart from other people; for an admin, with no more bots than they may use. */
  scope: HomeScope;
  /** The bot that hears the updates: the people who write to it, the chats that it is in, the taps below its posts. */
  own: Scope;
  clock: Clock;
  log: Log;
  translator: (locale: Locale) => Translate;
  engine: Pick<Engine, "touch"> & { status(): Pick<EngineFacts, "quietUntil"> };
  /** Tells the owners of a trouble that nothing ends. Never rejects. */
  tellOwners: (trouble: Trouble, until: Date | null) => Promise<void>;
  /** Counts the votes in polls. */
  ballots: { hear(update: Pick<Update, "poll" | "poll_answer">): Promise<void> };
  /** Carries what people write into the group of the inbox. */
  inbox: {
    nudge(): void;
    resume(): void;
    redraw(chatId: number): void;
  };
  /** Aborts when the bot stops; nothing is waited for after that. */
  stop: AbortSignal;
  ownerIds: readonly number[];
  /** The private chats of owners and admins, as of the last update of each. They are answered before others. */
  adminChats: Set<number>;
  /** What the crowds of all bots pass. Default: this bot has its own. */
  gate?: LimitFunction;
  /** The IANA zone of admins who have not chosen one. */
  timezone: string;
  /** The username of the bot in whose chat admins work; null if this is that bot. */
  homeUsername: string | null;
  /** The HTTP API is on. */
  apiOn: boolean;
  /** Telegram posts the updates (WEBHOOK=on) instead of being polled. After a crash, those in work are handled again. */
  byWebhook: boolean;
}

/** What the home's bot needs. */
export interface BotDeps extends CrowdDeps {
  /** The other bots of this home, for previews. */
  bots: PreviewBots;
  /** How to ask Telegram as another bot of the home; null if its token is not known. */
  apiOf: (botId: number) => Promise<Api | null>;
  /** The bots of this home, and what is needed to change them. */
  senders: SendersParts;
  engine: Engine;
  /** From this many people on, sending has to be confirmed by typing the number. */
  confirmTypedFrom: number;
  /** How many campaigns may be scheduled at the same time. */
  maxScheduled: number;
  /** A campaign that is found due later than this, in hours, is handled by its late policy. */
  lateLimitHours: number;
  /** For how many days the deliveries of a campaign are kept once it is over; 0 keeps them forever. */
  retentionDays: number;
  /** Herald's own version. */
  version: string;
  /** What runs the database of DATA_DIR; null on a server. */
  embedded: "postgres" | "pglite" | null;
  /** The address of the proxy to Telegram; null if there is none. */
  proxy: string | null;
  /** The daily backups; null if none are made. */
  backups: Pick<DailyBackups, "last"> | null;
}
