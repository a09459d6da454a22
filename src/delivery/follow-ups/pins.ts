import { type Api, GrammyError } from "grammy";
import { notePinned, pinnedIn } from "../../audience/pinned.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import { classify } from "../../telegram/outcome.ts";
import type { FollowUpCalls } from "./follow-up-calls.ts";
import type { FollowUp } from "./follow-up-queue.ts";
import type { FollowUpResult } from "./follow-up-result.ts";

/** Pins posts, each in place of what a campaign pinned in that chat before. */
export interface Pins {
  /**
   * Pins the first message of a post. Resolves null when it has to stop before that. If the process dies in the middle,
   * it is done again from the beginning.
   */
  pin(followUp: FollowUp): Promise<FollowUpResult | null>;
}

export type PinApi = Pick<Api["raw"], "pinChatMessage" | "unpinChatMessage">;

export interface PinsDeps {
  scope: Scope;
  log: Log;
  api: PinApi;
  calls: Pick<FollowUpCalls, "pinTurn" | "make">;
}

export function createPins({ scope, log, api, calls }: PinsDeps): Pins {
  async function replace({ chatId, messageIds, silent }: FollowUp, pinned: number | null): Promise<void> {
    const [messageId = 0] = messageIds;
    if (pinned !== null && pinned > messageId) return; // this one had to wait, and a newer post is up already
    await api.pinChatMessage({
      chat_id: chatId,
      message_id: messageId,
      ...(silent && { disable_notification: true }),
    });
    if (pinned !== null && pinned !== messageId) await unpin(chatId, pinned);
    await notePinned(scope, chatId, messageId);
  }

  async function unpin(chatId: number, messageId: number): Promise<void> {
    try {
      await api.unpinChatMessage({ chat_id: chatId, message_id: messageId });
    } catch (error) {
      // Refused: someone has unpinned or deleted it already. Anything else makes the whole follow-up wait.
      if (!(error instanceof GrammyError) || classify(error).type !== "refused") throw error;
      log.info({ chat: chatId, reason: error.description }, "the post pinned before cannot be unpinned");
    }
  }

  return {
    async pin(followUp) {
      const pinned = await pinnedIn(scope, followUp.chatId, followUp.campaignId);
      if (!(await calls.pinTurn(followUp.chatId, pinned === null ? 1 : 2))) return null;
      return calls.make(followUp, () => replace(followUp, pinned));
    },
  };
}
