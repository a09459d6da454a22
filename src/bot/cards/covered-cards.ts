import type { CardPlace } from "../../campaign/card-places.ts";

/** The cards that have other messages below them in their chats, and are to move to the bottom. */
export interface CoveredCards {
  /** The card of a campaign is to be below this message of a chat. */
  add(campaignId: number, chatId: number, messageId: number): void;
  /** Whether a card is above the message that it has to be below. Forgets that message: a card moves once for each. */
  take(place: CardPlace): boolean;
  /** The cards of a campaign move no longer. */
  forget(campaignId: number): void;
}

export function createCoveredCards(): CoveredCards {
  /** By campaign, then by chat: the message that covers the card. */
  const covers = new Map<number, Map<number, number>>();
  return {
    add(campaignId, chatId, messageId) {
      const inChats = covers.get(campaignId) ?? new Map<number, number>();
      covers.set(campaignId, inChats.set(chatId, messageId));
    },
    take({ campaignId, chatId, messageId }) {
      const inChats = covers.get(campaignId);
      const isCovered = messageId < (inChats?.get(chatId) ?? 0);
      inChats?.delete(chatId);
      return isCovered;
    },
    forget: (campaignId) => void covers.delete(campaignId),
  };
}
