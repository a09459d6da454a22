import type { Conversation, ConversationFlavor } from "@grammyjs/conversations";
import type { Context } from "grammy";
import type { Clock } from "../clock.ts";
import type { Scope } from "../db/connect.ts";
import type { Log } from "../log.ts";
import type { Locale, Translate } from "./words.ts";

interface Flavor {
  /** Words in the language of whoever sent the update. */
  t: Translate;
  locale: Locale;
  /** May compose and steer campaigns. */
  isAdmin: boolean;
  /** May name admins, too. */
  isOwner: boolean;
}

export type HeraldContext = ConversationFlavor<Context & Flavor>;

/**
 * A dialog in progress. Inside it only `wait` and `external` are used: what it says to Telegram and to the
 * database happens in `external`, on the outer context, so that nothing is repeated in a replay.
 */
export type Dialog = Conversation<HeraldContext>;

/** What the bot needs of the engine. */
export interface Engine {
  /** A campaign is due now. */
  poke(): void;
  /** Draws a campaign's cards; resolves when they are drawn. */
  refresh(campaignId: number): Promise<void>;
  /** Messages a second that campaigns may send. */
  rate: number;
}

export interface BotDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  translator: (locale: Locale) => Translate;
  engine: Engine;
  ownerIds: readonly number[];
  /** IANA zone in which times are shown. */
  timezone: string;
  /** From how many people on a send is confirmed by typing the number. */
  confirmTypedFrom: number;
}
