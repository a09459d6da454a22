import type { Api } from "grammy";
import { GrammyError } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import { type Campaign, hasNotStarted, isOver } from "../campaign/campaign.ts";
import { type CardPlace, closeCard, listCards, listUnfinishedCards } from "../campaign/cards.ts";
import type { MissedChat } from "../campaign/posts.ts";
import { findCampaign } from "../campaign/queries.ts";
import type { Clock } from "../clock.ts";
import type { Scope } from "../db/connect.ts";
import type { Log } from "../log.ts";

/** Keeps the cards of campaigns up to date. The only one that edits them, so that no older state overwrites a newer. */
export interface Reporter {
  /** Draws the cards of campaigns that moved while no process ran. */
  start(): Promise<void>;
  /** Something about a campaign changed; its cards follow, at most every 3 s. */
  touch(campaignId: number): void;
  /** Draws a campaign's cards now, and resolves when they are drawn. */
  refresh(campaignId: number): Promise<void>;
  /**
   * Tells the admins who hold a card of a campaign what the engine did or found by itself, and in which groups and
   * channels. Never rejects.
   */
  tell(campaign: Campaign, what: Notice, chats?: readonly MissedChat[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * It paused the campaign; sends it on at the free rate because there are too few Stars; found it due too late, so that
 * it waits for a decision or has expired; or its audience is not what it was when it was scheduled. It did not get into
 * some groups or channels, or could not be pinned there.
 */
export type Notice = "paused" | "no-stars" | "late" | "moved" | "chats-lost" | "pin-failed" | "delete-failed";

export interface Drawing {
  text: string;
  keyboard: InlineKeyboardMarkup;
}

export interface ReporterDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  api: Pick<Api, "editMessageText" | "sendMessage">;
  /** How a campaign looks in a chat; the words are the bot's. */
  draw: (campaign: Campaign, place: CardPlace) => Promise<Drawing>;
  /** What an admin is told; with the buttons of the card. */
  notice: (
    campaign: Campaign,
    chatId: number,
    what: Notice,
    chats: readonly MissedChat[],
  ) => Promise<Drawing>;
  /** End of a pause that Telegram asked for. */
  quietUntil: () => Date | null;
}

const BETWEEN_EDITS_MS = 3_000;
/** A chat takes about a message a second: with many campaigns, each card waits longer. */
const BETWEEN_CARDS_MS = 1_000;
const LOOK_MS = 250;

/** A pause of so long would look like a bot that hangs. */
const LONG_PAUSE_MS = 15_000;

export function createReporter({ scope, clock, log, api, draw, notice, quietUntil }: ReporterDeps): Reporter {
  const stopping = new AbortController();
  const stop = stopping.signal;
  /** Campaigns whose cards are behind. */
  const behind = new Set<number>();
  const drawnAt = new Map<number, { at: number; state: Campaign["state"] }>();
  let drawing: Promise<void> = Promise.resolve();
  let loop: Promise<void> = Promise.resolve();

  /** One drawing at a time. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = drawing.then(work);
    drawing = done.catch((error: unknown) => log.warn({ err: error }, "a card cannot be drawn"));
    return done;
  }

  async function run(): Promise<void> {
    const told = new Set<number>(); // campaigns whose cards say until when Telegram wants it quiet
    while (!stop.aborted) {
      const until = quietUntil();
      if (!until) told.clear();
      // In a pause cards rest; in a long one each says so, once.
      const isLong = until !== null && until.getTime() - clock.now().getTime() > LONG_PAUSE_MS;
      const due = Array.from(behind).filter((id) => !until || (isLong && !told.has(id)));
      for (const id of due) {
        if (until) told.add(id);
        await inTurn(() => (until ? drawAll(id) : drawIfDue(id))).catch(() => undefined); // logged in its turn
      }
      await clock.sleep(LOOK_MS, stop);
    }
  }

  /** A change of state is shown at once, numbers every 3 s. */
  async function drawIfDue(campaignId: number): Promise<void> {
    const last = drawnAt.get(campaignId);
    const between = Math.max(BETWEEN_EDITS_MS, drawnAt.size * BETWEEN_CARDS_MS);
    if (last && clock.monotonic() - last.at < between) {
      const campaign = await findCampaign(scope, campaignId);
      if (campaign?.state === last.state) return;
    }
    await drawAll(campaignId);
  }

  async function drawAll(campaignId: number): Promise<void> {
    behind.delete(campaignId); // before the look: what changes meanwhile adds it again
    try {
      await drawCards(campaignId);
    } catch (error) {
      behind.add(campaignId);
      throw error;
    }
  }

  async function drawCards(campaignId: number): Promise<void> {
    const campaign = await findCampaign(scope, campaignId);
    if (!campaign || campaign.state === "draft") return;
    drawnAt.set(campaignId, { at: clock.monotonic(), state: campaign.state });
    for (const place of await listCards(scope, campaignId)) {
      const { text, keyboard } = await draw(campaign, place);
      const shown = await edit(place, text, keyboard);
      if (shown === "gone") await closeCard(scope, place, "gone");
      else if (shown === "later") behind.add(campaignId);
      else if (isOver(campaign.state) && !place.final) await closeCard(scope, place, "final");
    }
    // One that waits for its time must not slow the others, and is drawn at once when it starts.
    const rests = isOver(campaign.state) || hasNotStarted(campaign);
    if (rests && !behind.has(campaignId)) drawnAt.delete(campaignId);
  }

  async function edit(
    place: CardPlace,
    text: string,
    keyboard: InlineKeyboardMarkup,
  ): Promise<"shown" | "gone" | "later"> {
    try {
      await api.editMessageText(place.chatId, place.messageId, text, { reply_markup: keyboard });
      return "shown";
    } catch (error) {
      if (!(error instanceof GrammyError)) return "later";
      if (/message is not modified/i.test(error.description)) return "shown";
      if (error.error_code !== 400 && error.error_code !== 403) return "later";
      log.info({ err: error, campaign: place.campaignId }, "a card is gone");
      return "gone";
    }
  }

  async function tellOne(
    campaign: Campaign,
    chatId: number,
    what: Notice,
    chats: readonly MissedChat[],
  ): Promise<void> {
    const { text, keyboard } = await notice(campaign, chatId, what, chats);
    await api.sendMessage(chatId, text, { reply_markup: keyboard });
  }

  return {
    async start() {
      for (const id of await listUnfinishedCards(scope)) behind.add(id);
      loop = run();
    },
    touch(campaignId) {
      behind.add(campaignId);
    },
    refresh: (campaignId) => inTurn(() => drawAll(campaignId)),
    async tell(campaign, what, chats = []) {
      const unheard = (error: unknown) =>
        log.warn({ err: error, campaign: campaign.id }, "not all admins could be told");
      const places = await listCards(scope, campaign.id).catch(unheard);
      for (const chatId of new Set([campaign.createdBy, ...(places ?? []).map((place) => place.chatId)]))
        await tellOne(campaign, chatId, what, chats).catch(unheard);
    },
    async stop() {
      stopping.abort();
      await loop;
      await drawing;
    },
  };
}
