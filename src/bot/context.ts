import type { Conversation, ConversationFlavor } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { Message } from "grammy/types";
import type { Clock } from "../clock.ts";
import type { Scope } from "../db/connect.ts";
import type { Log } from "../log.ts";
import type { Locale, Translate } from "./words.ts";

interface Flavor {
  /** Words in the language of whoever sent the update. */
  t: Translate;
  locale: Locale;
  /** IANA zone in which whoever sent the update reads and types times: chosen by them, else the configured one. */
  timezone: string;
  /** May compose and steer campaigns. */
  isAdmin: boolean;
  /** May name admins, too. */
  isOwner: boolean;
  /** The parts of an album, of which the update itself has the first; albums.ts. */
  album?: Message[];
  /** Other parts of that album have passed before. */
  isLatePart?: boolean;
}

export type HeraldContext = ConversationFlavor<Context & Flavor>;

/**
 * A dialog in progress. Inside it only `wait` and `external` are used: what it says to Telegram and to the
 * database happens in `external`, on the outer context, so that nothing is repeated in a replay.
 */
export type Dialog = Conversation<HeraldContext>;

/** What the bot needs of the engine. */
export interface Engine {
  /** A campaign is due now, may go on, or may not. */
  poke(): void;
  /** Something about a campaign changed; its cards follow soon. */
  touch(campaignId: number): void;
  /** Draws a campaign's cards; resolves when they are drawn. */
  refresh(campaignId: number): Promise<void>;
  /** How it is doing right now. */
  status(): EngineStatus;
}

/** What the engine knows of itself; the rest of `/status` lies in the database. */
export interface EngineStatus {
  startedAt: Date;
  /** This process, as "hostname:pid". */
  holder: string;
  /** Since when this process may send; null while it may not. */
  leaseSince: Date | null;
  /** The last time that the lease was lost, and when it was back. */
  leaseLost: { at: Date; backAt: Date | null } | null;
  rate: {
    /** Messages a second that campaigns may send, as configured. */
    set: number;
    /** What is left of it: after a 429, or at the free rate. */
    now: number;
    /** Whether Stars are spent above the free rate; `no-stars` when Telegram says that there are too few. */
    paid: "off" | "on" | "no-stars";
  };
  /** End of a pause that Telegram asked for. */
  quietUntil: Date | null;
  /** The last 429 and for how long it asked. */
  lastWait: { at: Date; seconds: number } | null;
  /** Calls that have left and are not answered. */
  inFlight: number;
  /** Outcomes a second of a campaign; null when there is nothing to measure yet. */
  speedOf(campaignId: number): number | null;
}

export interface BotDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  translator: (locale: Locale) => Translate;
  engine: Engine;
  /** Herald is stopping: nothing is waited for any more. */
  stop: AbortSignal;
  ownerIds: readonly number[];
  /** IANA zone of admins who chose none. */
  timezone: string;
  /** From how many people on a send is confirmed by typing the number. */
  confirmTypedFrom: number;
  /** How many campaigns may wait for their time. */
  maxScheduled: number;
  /** A campaign found due later than so many hours is not sent without a word. */
  lateLimitHours: number;
  /** Days that the deliveries of a campaign that is over are kept; 0 keeps them for ever. */
  retentionDays: number;
  /** Herald's own version. */
  version: string;
  /** The database lies in this process, not on a server. */
  embedded: boolean;
}
