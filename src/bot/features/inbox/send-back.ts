import type { Api } from "grammy";
import { setStatus } from "../../../audience/recipients.ts";
import { followSupergroup } from "../../../campaign/supergroup.ts";
import type { Scope } from "../../../db/scope.ts";
import {
  type InboxMessage,
  type Unit,
  beginLeaving,
  counterpart,
  noteArrived,
  noteNotArrived,
  putBack,
} from "../../../inbox/inbox-messages.ts";
import type { Log } from "../../../log.ts";
import { type CallResult, resultUnless } from "./inbox-call.ts";

export interface SendBackParts {
  own: Scope;
  api: Api;
  log: Log;
  giveUp: AbortSignal;
}

/** Sends what was written in the group to the person. Resolves with in how many ms to try again; 0 if there is no need. */
export type SendBack = (unit: Unit) => Promise<number>;

/** What shows in the group that a message has reached the person. */
const ARRIVED = "👌";

/** The token is refused; it may be replaced. */
const UNAUTHORIZED_MS = 60_000;

export function createSendBack({ own, api, log, giveUp }: SendBackParts): SendBack {
  async function copy({ chatId, parts }: Unit): Promise<CallResult<number[]>> {
    const [first] = parts;
    if (!first) return { type: "done", value: [] };
    const { fromChat, messageId } = first;
    if (parts.length > 1) {
      const ids = parts.map((part) => part.messageId);
      return resultUnless(giveUp, async () =>
        (await api.copyMessages(chatId, fromChat, ids)).map(({ message_id }) => message_id),
      );
    }
    const to = first.replyTo === null ? null : await counterpart(own, fromChat, first.replyTo, chatId);
    const reply = to !== null && { reply_parameters: { message_id: to, allow_sending_without_reply: true } };
    return resultUnless(giveUp, async () => [
      (await api.copyMessage(chatId, fromChat, messageId, { ...reply })).message_id,
    ]);
  }

  /** Groups may not allow reactions. What does not arrive is said in words in any case. */
  async function mark({ fromChat, messageId }: InboxMessage): Promise<void> {
    await api
      .setMessageReaction(fromChat, messageId, [{ type: "emoji", emoji: ARRIVED }])
      .catch((error: unknown) => log.debug({ err: error }, "a reply in the inbox cannot be marked as sent"));
  }

  async function settle({ chatId, parts }: Unit, result: CallResult<number[]>): Promise<number> {
    const [first] = parts;
    if (!first) return 0;
    switch (result.type) {
      case "done":
        await noteArrived(own, parts, chatId, result.value);
        await mark(first);
        return 0;
      case "later":
        await putBack(own, parts);
        return result.ms;
      case "uncertain":
        log.warn(
          { person: chatId, what: result.description },
          "whether a reply reached a person is not known",
        );
        await noteNotArrived(own, parts, "uncertain", result.description);
        return 0;
      case "migrated":
        await followSupergroup(own, first.fromChat, result.toChatId);
        await noteNotArrived(own, parts, "refused", "the group became a supergroup");
        return 0;
      case "refused":
        if (result.class === "unauthorized") {
          await putBack(own, parts);
          return UNAUTHORIZED_MS;
        }
        if (result.class === "blocked" || result.class === "deactivated" || result.class === "unreachable")
          await setStatus(own, chatId, result.class);
        await noteNotArrived(own, parts, "refused", result.description);
        return 0;
    }
  }

  return async (unit) => {
    const parts = unit.parts.toSorted((a, b) => a.messageId - b.messageId);
    if (!(await beginLeaving(own, parts))) return 0;
    return settle({ ...unit, parts }, await copy({ ...unit, parts }));
  };
}
