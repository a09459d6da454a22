import { listAdminsOfBots } from "../../access/admins.ts";
import { type CardPlace, closeCard, listCards } from "../../campaign/card-places.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { CardDrawings } from "./card-drawings.ts";
import { type CardSubject, findSubject } from "./card-subject.ts";
import type { CardMessages } from "./card-messages.ts";
import type { CardResender } from "./card-resender.ts";
import type { CoveredCards } from "./covered-cards.ts";
import type { RedrawSchedule } from "./redraw-schedule.ts";

/** Makes the cards of a campaign show it as it is now. Only one call may run at a time. */
export interface CardRefresher {
  /** Draws the cards of a campaign. @throws if the database is away; the campaign then stays on the schedule. */
  refresh(campaignId: number): Promise<void>;
  /** The same, unless they were drawn a moment ago. A change of state is shown at once, counters every 3 s. */
  refreshIfDue(campaignId: number): Promise<void>;
}

export interface CardRefresherDeps {
  scope: HomeScope;
  ownerIds: readonly number[];
  messages: Pick<CardMessages, "edit" | "disarm">;
  resender: Pick<CardResender, "lower">;
  drawings: Pick<CardDrawings, "card" | "bundle">;
  schedule: RedrawSchedule;
  covered: Pick<CoveredCards, "take" | "forget">;
}

export function createCardRefresher(deps: CardRefresherDeps): CardRefresher {
  const { scope, ownerIds, messages, resender, drawings, schedule, covered } = deps;

  async function refresh(campaignId: number): Promise<void> {
    schedule.take(campaignId);
    try {
      const subject = await findSubject(scope, campaignId);
      if (subject) await drawCards(subject);
    } catch (error) {
      schedule.add(campaignId);
      throw error;
    }
  }

  async function drawCards(subject: CardSubject): Promise<void> {
    const { id, state, within, bots } = subject;
    if (within !== null) schedule.add(within);
    const admins = await listAdminsOfBots(scope, ownerIds, bots);
    const places = await listCards(scope, id);
    schedule.drawn(id, state, places.length > 0);
    for (const place of places)
      if (admins.includes(place.chatId)) await drawCard(subject, place);
      else await takeAway(place);
    if (schedule.isOutdated(id)) return;
    if (subject.isOver || subject.waits) schedule.rest(id);
    if (subject.isOver) covered.forget(id);
  }

  /** From somebody who is no longer an admin of the bot. What it says stays: only what happens from now on is not theirs to know. */
  async function takeAway(place: CardPlace): Promise<void> {
    await messages.disarm(place);
    await closeCard(scope, place, "gone");
  }

  async function drawCard(subject: CardSubject, before: CardPlace): Promise<void> {
    const drawing = await subject.draw(drawings, before.chatId, before.view);
    const moved = covered.take(before) ? await resender.lower(before, drawing) : null;
    const place = moved ?? before;
    const result = moved ? "shown" : await messages.edit(place, drawing);
    if (result === "gone") await closeCard(scope, place, "gone");
    else if (result === "later") schedule.add(subject.id);
    else if (subject.isOver && !place.final) await closeCard(scope, place, "final");
  }

  return {
    refresh,
    async refreshIfDue(campaignId) {
      const recent = schedule.recentState(campaignId);
      if (recent !== null && (await findSubject(scope, campaignId))?.state === recent) return;
      await refresh(campaignId);
    },
  };
}
