import type { Context } from "grammy";
import type { Message, Update } from "grammy/types";
import type { Actor } from "../../access/actor.ts";
import type { SendingRate } from "../../campaign/costs.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Trouble } from "../../db/troubles.ts";
import type { Log } from "../../log.ts";
import type { Locale, Translate } from "./words.ts";
import type { WithDialogs } from "./dialogs.ts";

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
  /** Whoever sent the update, as the domain asks for them. */
  actor: Actor;
  /**
   * Answers whoever sent the update. An admin's answer leaves at once, and this resolves when it has arrived; anybody
   * else's leaves when its turn comes, and nothing waits for it. Use it wherever people other than admins are answered.
   */
  answer(send: () => Promise<unknown>): Promise<void>;
  /** The parts of an album, of which the update itself has the first; albums.ts. */
  album?: Message[];
  /** Other parts of that album have passed before. */
  isLatePart?: boolean;
}

export type HeraldContext = WithDialogs<Context & Flavor>;

/** What the bot needs of the engine. */
export interface Engine {
  /** A campaign is due now, may go on, or may not. */
  poke(): void;
  /** Something about a campaign changed; its cards follow soon. */
  touch(campaignId: number): void;
  /** Draws a campaign's cards; resolves when they are drawn. */
  refresh(campaignId: number): Promise<void>;
  /** Something else was written into a chat: the campaign's card there, else that of a running one, goes below it. */
  covered(chatId: number, campaignId?: number): void;
  /** How it is doing right now. */
  status(): EngineStatus;
}

/** What the engine knows of itself. */
export interface EngineFacts {
  /** This process, as "hostname:pid". */
  holder: string;
  /** Since when this process may send; null while it may not. */
  leaseSince: Date | null;
  /** The last time that the lease was lost, and when it was back. */
  leaseLost: { at: Date; backAt: Date | null } | null;
  rate: SendingRate;
  /** End of a pause that Telegram asked for. */
  quietUntil: Date | null;
  /** The last 429 and for how long it asked. */
  lastWait: { at: Date; seconds: number } | null;
  /** Calls that have left and are not answered. */
  inFlight: number;
}

/** How the bot is doing right now; the rest of `/status` lies in the database. */
export interface EngineStatus extends EngineFacts {
  startedAt: Date;
  /** What is wrong with Herald itself, the longest first. */
  troubles: readonly Trouble[];
  /** Outcomes a second of a campaign; null when there is nothing to measure yet. */
  speedOf(campaignId: number): number | null;
}

export interface BotDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  translator: (locale: Locale) => Translate;
  engine: Engine;
  /** Where votes in polls go. */
  ballots: { hear(update: Pick<Update, "poll" | "poll_answer">): Promise<void> };
  /** Herald is stopping: nothing is waited for any more. */
  stop: AbortSignal;
  ownerIds: readonly number[];
  /** The private chats of owners and admins, as of the last update of each: they are answered before others. */
  adminChats: Set<number>;
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
  /** The address of the proxy on the way to Telegram; null: there is none. */
  proxy: string | null;
}
