import { type CardPlace, listCards, moveCard, placeCard } from "../../campaign/card-places.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { CardView } from "../../db/states.ts";
import type { Log } from "../../log.ts";
import type { Drawing } from "../ui/card.ts";
import type { CardDrawings } from "./card-drawings.ts";
import { findSubject } from "./card-subject.ts";
import type { CardMessages } from "./card-messages.ts";
import type { RedrawSchedule } from "./redraw-schedule.ts";

/** Sends cards again, as the last message of their chat. */
export interface CardResender {
  /** Resolves with the card's new place, or with null if it has to stay where it is. Never rejects. */
  lower(place: CardPlace, drawing: Drawing): Promise<CardPlace | null>;
  /** As `renew` of the card keeper. @throws GrammyError, HttpError */
  renew(campaignId: number, chatId: number, silent: boolean, view?: CardView): Promise<void>;
}

export interface CardResenderDeps {
  scope: HomeScope;
  log: Log;
  messages: Pick<CardMessages, "send" | "withdraw">;
  drawings: Pick<CardDrawings, "card" | "bundle">;
  schedule: Pick<RedrawSchedule, "add">;
}

export function createCardResender(deps: CardResenderDeps): CardResender {
  const { scope, log, messages, drawings, schedule } = deps;

  /** Null if another message has become the card meanwhile. */
  async function resend(
    place: CardPlace,
    drawing: Drawing,
    silent: boolean,
    view?: CardView,
  ): Promise<CardPlace | null> {
    const messageId = await messages.send(place.chatId, drawing, silent);
    const resent = { ...place, messageId };
    const moved = await moveCard(scope, place, messageId, view).catch(async (error: unknown) => {
      await messages.withdraw(resent);
      throw error;
    });
    await messages.withdraw(moved ? place : resent);
    // A question was asked or answered meanwhile.
    if (moved && moved.view !== place.view) schedule.add(place.campaignId);
    return moved;
  }

  return {
    async lower(place, drawing) {
      try {
        return await resend(place, drawing, true);
      } catch (error) {
        log.info({ err: error, campaign: place.campaignId }, "a card stays where it is");
        return null;
      }
    },
    async renew(campaignId, chatId, silent, view) {
      const subject = await findSubject(scope, campaignId);
      if (!subject) return;
      const place = (await listCards(scope, campaignId)).find((card) => card.chatId === chatId);
      if (place) {
        const shown = { ...place, ...(view && { view }) };
        await resend(shown, await subject.draw(drawings, chatId, shown.view), silent, view);
        return;
      }
      const drawing = await subject.draw(drawings, chatId, view ?? "card");
      const messageId = await messages.send(chatId, drawing, silent);
      // The message has arrived: a failure from here on must not send it again.
      await placeCard(scope, campaignId, chatId, messageId, view).catch((error: unknown) =>
        log.warn({ err: error, campaign: campaignId }, "a card cannot be followed"),
      );
    },
  };
}
