import type { Campaign } from "../../campaign/campaign.ts";
import type { CardView } from "../../db/states.ts";
import type { Drawing } from "../ui/card.ts";

/** What cards look like in an admin's chat, in that admin's language and time zone. */
export interface CardDrawings {
  card(campaign: Campaign, chatId: number, view: CardView): Promise<Drawing>;
  /** The card of campaigns that were confirmed together. */
  bundle(bundle: readonly Campaign[], chatId: number, view: CardView): Promise<Drawing>;
  /** The text that replaces a card once a newer message further down shows the campaign or bundle. */
  pointer(subject: number, chatId: number): Promise<string>;
}
