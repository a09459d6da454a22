import { type Api, GrammyError } from "grammy";
import type { CardPlace } from "../../campaign/card-places.ts";
import type { Log } from "../../log.ts";
import type { Drawing } from "../ui/card.ts";
import type { CardDrawings } from "./card-drawings.ts";

/** The Telegram messages that show cards. */
export interface CardMessages {
  /** Sends a card as a new message. Resolves with the message's id. @throws GrammyError, HttpError */
  send(chatId: number, drawing: Drawing, silent: boolean): Promise<number>;
  /**
   * Edits the message of a card. `gone`: the message can no longer be edited. `later`: it failed for a reason that passes.
   * Never rejects.
   */
  edit(place: CardPlace, drawing: Drawing): Promise<"shown" | "gone" | "later">;
  /** Takes the buttons from a card whose reader may not use them any more. Never rejects. */
  disarm(place: CardPlace): Promise<void>;
  /**
   * Removes a message that is no longer a card. Telegram lets a bot delete its own messages for 48 hours; an older one is
   * edited to point to the card. Never rejects.
   */
  withdraw(place: CardPlace): Promise<void>;
}

export interface CardMessagesDeps {
  log: Log;
  api: Pick<Api, "editMessageText" | "editMessageReplyMarkup" | "sendMessage" | "deleteMessage">;
  drawings: Pick<CardDrawings, "pointer">;
}

export function createCardMessages({ log, api, drawings }: CardMessagesDeps): CardMessages {
  return {
    async send(chatId, { text, keyboard }, silent) {
      const { message_id: messageId } = await api.sendMessage(chatId, text, {
        reply_markup: keyboard,
        ...(silent && { disable_notification: true }),
      });
      return messageId;
    },
    async edit({ campaignId, chatId, messageId }, { text, keyboard }) {
      try {
        await api.editMessageText(chatId, messageId, text, { reply_markup: keyboard });
        return "shown";
      } catch (error) {
        if (!(error instanceof GrammyError)) return "later";
        if (/message is not modified/i.test(error.description)) return "shown";
        if (error.error_code !== 400 && error.error_code !== 403) return "later";
        log.info({ err: error, campaign: campaignId }, "a card is gone");
        return "gone";
      }
    },
    async disarm({ campaignId, chatId, messageId }) {
      try {
        await api.editMessageReplyMarkup(chatId, messageId);
      } catch (error) {
        log.info({ err: error, campaign: campaignId }, "a former card keeps its buttons");
      }
    },
    async withdraw({ campaignId, chatId, messageId }) {
      try {
        await api
          .deleteMessage(chatId, messageId)
          .catch(async () =>
            api.editMessageText(chatId, messageId, await drawings.pointer(campaignId, chatId)),
          );
      } catch (error) {
        log.info({ err: error, campaign: campaignId }, "a former card stays as it was");
      }
    },
  };
}
