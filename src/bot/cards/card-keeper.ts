import { type Api, GrammyError } from "grammy";
import type { Service } from "../../background/service.ts";
import { listAdminIds } from "../../access/admins.ts";
import { type Campaign, hasNotStarted, isOver } from "../../campaign/campaign.ts";
import {
  type CardPlace,
  closeCard,
  listCards,
  listUnfinishedCards,
  lowestRunning,
  moveCard,
  placeCard,
} from "../../campaign/card-places.ts";
import { findCampaign } from "../../campaign/queries.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { CardView } from "../../db/states.ts";
import type { Log } from "../../log.ts";
import type { Drawing } from "../ui/card.ts";

/** Keeps the cards of campaigns up to date. The only one that edits them, so that no older state overwrites a newer. */
export interface CardKeeper extends Service {
  /** Draws the cards of campaigns that moved while no process ran. */
  start(): Promise<void>;
  /** Something about a campaign changed; its cards follow, at most every 3 s. */
  touch(campaignId: number): void;
  /** Draws a campaign's cards now, and resolves when they are drawn. */
  refresh(campaignId: number): Promise<void>;
  /**
   * The bot wrote something else into a chat, such as the admin's own copy of a post, and a card is to be below it: that
   * of the campaign or, if it has none there, of one that is running. It is sent anew, once and without a sound, unless
   * it is below `messageId` by now.
   */
  covered(chatId: number, campaignId?: number, messageId?: number): void;
  /**
   * Sends the card of a campaign as a new message of a chat, where it may have none yet; `view` is what it shows from then
   * on. @throws GrammyError, HttpError
   */
  renew(campaignId: number, chatId: number, silent: boolean, view?: CardView): Promise<void>;
}

export interface CardKeeperDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  api: Pick<Api, "editMessageText" | "sendMessage" | "deleteMessage">;
  drawings: {
    card(campaign: Campaign, chatId: number, view: CardView): Promise<Drawing>;
    /** What stands in the place of a card that is further down now. */
    pointer(campaignId: number, chatId: number): Promise<string>;
  };
  ownerIds: readonly number[];
  /** End of a pause that Telegram asked for. */
  quietUntil: () => Date | null;
}

const BETWEEN_EDITS_MS = 3_000;
/** A chat takes about a message a second: with many campaigns, each card waits longer. */
const BETWEEN_CARDS_MS = 1_000;
const LOOK_MS = 250;

/** A pause of so long would look like a bot that hangs. */
const LONG_PAUSE_MS = 15_000;

export function createCardKeeper(deps: CardKeeperDeps): CardKeeper {
  const { scope, clock, log, api, drawings, quietUntil } = deps;
  const stopping = new AbortController();
  const stop = stopping.signal;
  /** Campaigns whose cards are behind. */
  const behind = new Set<number>();
  /** Of campaigns, below which message of a chat their cards are to be. */
  const floors = new Map<number, Map<number, number>>();
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
    const floor = floors.get(campaignId) ?? new Map<number, number>();
    // Somebody who is no longer an admin keeps the card as it was: what happens from then on is not theirs to know.
    const admins = await listAdminIds(scope, deps.ownerIds);
    const places = await listCards(scope, campaignId);
    for (const before of places.filter(({ chatId }) => admins.includes(chatId))) {
      const drawing = await drawings.card(campaign, before.chatId, before.view);
      const isCovered = before.messageId < (floor.get(before.chatId) ?? 0);
      floor.delete(before.chatId); // whatever comes of it: a card moves once for each message
      const moved = isCovered ? await lower(before, drawing) : null;
      const place = moved ?? before;
      const shown = moved ? "shown" : await edit(place, drawing);
      if (shown === "gone") await closeCard(scope, place, "gone");
      else if (shown === "later") behind.add(campaignId);
      else if (isOver(campaign.state) && !place.final) await closeCard(scope, place, "final");
    }
    // One that waits for its time must not slow the others, and is drawn at once when it starts.
    const rests = isOver(campaign.state) || hasNotStarted(campaign);
    if (rests && !behind.has(campaignId)) drawnAt.delete(campaignId);
    if (isOver(campaign.state) && !behind.has(campaignId)) floors.delete(campaignId);
  }

  async function cover(chatId: number, campaignId: number | undefined, messageId: number): Promise<void> {
    const own = campaignId !== undefined && (await hasCard(campaignId, chatId)) ? campaignId : null;
    const id = own ?? (await lowestRunning(scope, chatId)) ?? campaignId;
    if (id === undefined) return;
    floors.set(id, (floors.get(id) ?? new Map<number, number>()).set(chatId, messageId));
    drawnAt.delete(id); // at once
    behind.add(id);
  }

  async function hasCard(campaignId: number, chatId: number): Promise<boolean> {
    return (await listCards(scope, campaignId)).some((place) => place.chatId === chatId);
  }

  /** A card goes below what covers it. Null if that cannot be: then it stays where it is. */
  async function lower(place: CardPlace, drawing: Drawing): Promise<CardPlace | null> {
    try {
      return await sendAnew(place, drawing, true);
    } catch (error) {
      log.info({ err: error, campaign: place.campaignId }, "a card stays where it is");
      return null;
    }
  }

  /** Sends a card as the last message of its chat. Null if another message has become the card meanwhile. */
  async function sendAnew(
    place: CardPlace,
    drawing: Drawing,
    silent: boolean,
    view?: CardView,
  ): Promise<CardPlace | null> {
    const { chatId, campaignId } = place;
    const messageId = await send(chatId, drawing, silent);
    const anew = { ...place, messageId };
    const moved = await moveCard(scope, place, messageId, view).catch(async (error: unknown) => {
      await withdraw(anew);
      throw error;
    });
    await withdraw(moved ? place : anew);
    if (moved && moved.view !== place.view) behind.add(campaignId); // a question was asked or answered meanwhile
    return moved;
  }

  async function renew(campaignId: number, chatId: number, silent: boolean, view?: CardView): Promise<void> {
    const campaign = await findCampaign(scope, campaignId);
    if (!campaign) return;
    const place = (await listCards(scope, campaignId)).find((one) => one.chatId === chatId);
    if (place) {
      const shown = { ...place, ...(view && { view }) };
      await sendAnew(shown, await drawings.card(campaign, chatId, shown.view), silent, view);
      return;
    }
    const messageId = await send(chatId, await drawings.card(campaign, chatId, view ?? "card"), silent);
    // It has arrived: whatever becomes of this, it is not sent again.
    await placeCard(scope, campaignId, chatId, messageId, view).catch((error: unknown) =>
      log.warn({ err: error, campaign: campaignId }, "a card cannot be followed"),
    );
  }

  async function send(chatId: number, { text, keyboard }: Drawing, silent: boolean): Promise<number> {
    const { message_id: messageId } = await api.sendMessage(chatId, text, {
      reply_markup: keyboard,
      ...(silent && { disable_notification: true }),
    });
    return messageId;
  }

  /** A message is a card no more. Telegram lets a bot delete its own for 48 hours; an older one points to the card. */
  async function withdraw(place: CardPlace): Promise<void> {
    try {
      await api
        .deleteMessage(place.chatId, place.messageId)
        .catch(async () =>
          api.editMessageText(
            place.chatId,
            place.messageId,
            await drawings.pointer(place.campaignId, place.chatId),
          ),
        );
    } catch (error) {
      log.info({ err: error, campaign: place.campaignId }, "a former card stays as it was");
    }
  }

  async function edit(place: CardPlace, { text, keyboard }: Drawing): Promise<"shown" | "gone" | "later"> {
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

  return {
    async start() {
      for (const id of await listUnfinishedCards(scope)) behind.add(id);
      loop = run();
    },
    touch(campaignId) {
      behind.add(campaignId);
    },
    refresh: (campaignId) => inTurn(() => drawAll(campaignId)),
    covered: (chatId, campaignId, messageId = Infinity) =>
      void inTurn(() => cover(chatId, campaignId, messageId)).catch(() => undefined), // logged in its turn
    renew: (...what) => inTurn(() => renew(...what)),
    async stop() {
      stopping.abort();
      await loop;
      await drawing;
    },
  };
}
