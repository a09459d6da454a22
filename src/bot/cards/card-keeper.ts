import type { Api } from "grammy";
import pLimit from "p-limit";
import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import { createTroubleLog } from "../../background/trouble-log.ts";
import { listCards, listUnfinishedCards, lowestRunning } from "../../campaign/card-places.ts";
import type { Clock } from "../../clock.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { CardView } from "../../db/states.ts";
import type { Log } from "../../log.ts";
import type { CardDrawings } from "./card-drawings.ts";
import { findSubject } from "./card-subject.ts";
import { createCardMessages } from "./card-messages.ts";
import { createCardRefresher } from "./card-refresher.ts";
import { createCardResender } from "./card-resender.ts";
import { createCoveredCards } from "./covered-cards.ts";
import { createRedrawSchedule } from "./redraw-schedule.ts";

/**
 * Keeps the cards of campaigns up to date. It alone edits them, one at a time, so that an older state never overwrites
 * a newer one.
 */
export interface CardKeeper extends Service {
  /** Draws the cards of campaigns that changed while no process ran. */
  start(): Promise<void>;
  /** Something about a campaign changed; its cards follow, at most every 3 s. */
  touch(campaignId: number): void;
  /** Draws a campaign's cards now, and resolves when they are drawn. */
  refresh(campaignId: number): Promise<void>;
  /**
   * The bot wrote something else into a chat, such as the admin's own copy of a post, and a card has to be below it:
   * the campaign's card or, if it has none there, the card of a campaign that is running. It is sent again, once and
   * silently, unless it is below `messageId` by then.
   */
  covered(chatId: number, campaignId?: number, messageId?: number): void;
  /**
   * Sends the card of a campaign as a new message of a chat, even if the chat has none yet; from then on it shows
   * `view`.
   * @throws GrammyError, HttpError
   */
  renew(campaignId: number, chatId: number, silent: boolean, view?: CardView): Promise<void>;
}

export interface CardKeeperDeps {
  scope: HomeScope;
  clock: Clock;
  log: Log;
  api: Pick<Api, "editMessageText" | "editMessageReplyMarkup" | "sendMessage" | "deleteMessage">;
  drawings: CardDrawings;
  ownerIds: readonly number[];
  /** End of a pause that Telegram asked for. */
  quietUntil: () => Date | null;
}

/** How soon a card that was drawn too recently is looked at again. */
const ROUND_MS = 250;

/** While all cards are up to date: only to forget which campaigns have announced a pause that is over. */
const CALM_MS = 5_000;

/** During a longer pause, a card that said nothing would look like a bot that hangs. */
const LONG_PAUSE_MS = 15_000;

export function createCardKeeper(deps: CardKeeperDeps): CardKeeper {
  const { scope, clock, log, drawings, ownerIds, quietUntil } = deps;
  const schedule = createRedrawSchedule(clock);
  const coveredCards = createCoveredCards();
  const messages = createCardMessages(deps);
  const resender = createCardResender({ scope, log, messages, drawings, schedule });
  const refresher = createCardRefresher({
    scope,
    ownerIds,
    messages,
    resender,
    drawings,
    schedule,
    covered: coveredCards,
  });
  const oneAtATime = pLimit(1);
  const announced = new Set<number>(); // campaigns whose cards say how long Telegram wants silence

  const trouble = createTroubleLog((error) => log.warn({ err: error }, "cards cannot be drawn"));

  /** Cards are drawn one at a time. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = oneAtATime(work);
    done.then(trouble.over, trouble.note);
    return done;
  }

  /** While Telegram wants silence, cards rest; if it is for long, each says so once. */
  async function drawOutdated(): Promise<void> {
    const until = quietUntil();
    if (!until) announced.clear();
    const isLong = until !== null && until.getTime() - clock.now().getTime() > LONG_PAUSE_MS;
    const due = schedule.outdated.filter((id) => !until || (isLong && !announced.has(id)));
    for (const id of due) {
      if (until) announced.add(id);
      const drawn = inTurn(() => (until ? refresher.refresh(id) : refresher.refreshIfDue(id)));
      await drawn.catch(() => undefined); // inTurn has logged it
    }
  }

  const loop = repeat({
    clock,
    log,
    everyMs: () => (schedule.outdated.length > 0 ? ROUND_MS : CALM_MS),
    complaint: "cards cannot be kept up to date",
    work: drawOutdated,
  });

  async function cover(chatId: number, campaignId: number | undefined, messageId: number): Promise<void> {
    const ownCard = campaignId === undefined ? null : await cardIn(campaignId, chatId);
    const id = ownCard ?? (await lowestRunning(scope, chatId)) ?? campaignId;
    if (id === undefined) return;
    coveredCards.add(id, chatId, messageId);
    schedule.addAtOnce(id);
    loop.nudge();
  }

  function touch(id: number): void {
    const isFirst = schedule.outdated.length === 0;
    schedule.add(id);
    if (isFirst) loop.nudge();
  }

  /** The card of a campaign in a chat or, if there is none, that of its bundle. */
  async function cardIn(campaignId: number, chatId: number): Promise<number | null> {
    if (await hasCard(campaignId, chatId)) return campaignId;
    const within = (await findSubject(scope, campaignId))?.within ?? null;
    return within !== null && (await hasCard(within, chatId)) ? within : null;
  }

  async function hasCard(campaignId: number, chatId: number): Promise<boolean> {
    return (await listCards(scope, campaignId)).some((place) => place.chatId === chatId);
  }

  return {
    async start() {
      for (const id of await listUnfinishedCards(scope)) schedule.add(id);
      await loop.start();
    },
    touch,
    async refresh(campaignId) {
      await inTurn(() => refresher.refresh(campaignId));
      if (schedule.outdated.length > 0) loop.nudge();
    },
    covered(chatId, campaignId, messageId = Infinity) {
      inTurn(() => cover(chatId, campaignId, messageId)).catch(() => undefined); // inTurn has logged it
    },
    renew: (...card) => inTurn(() => resender.renew(...card)),
    async stop() {
      await loop.stop();
      await oneAtATime(() => undefined); // behind the drawings under way
    },
  };
}
