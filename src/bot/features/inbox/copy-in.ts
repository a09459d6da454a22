import type { Api } from "grammy";
import type { Scope } from "../../../db/scope.ts";
import { type InboxMessage, counterpart } from "../../../inbox/inbox-messages.ts";
import { type GroupDesk, type Place, inTopic } from "./group-desk.ts";
import { type CallResult, resultUnless } from "./inbox-call.ts";

export interface CopyInParts {
  own: Scope;
  api: Api;
  /** Gives up calls that are in flight. */
  giveUp: AbortSignal;
}

/** Copies what a person wrote into the group: one message, or the parts of an album. Resolves with the ids of the copies. */
export type CopyIn = (
  desk: GroupDesk,
  place: Place,
  parts: readonly InboxMessage[],
) => Promise<CallResult<number[]>>;

const CANNOT_COPY = /messages? can't be copied/i;

export function createCopyIn({ own, api, giveUp }: CopyInParts): CopyIn {
  async function copy(
    desk: GroupDesk,
    { groupId, threadId, cardId }: Place,
    parts: readonly InboxMessage[],
  ): Promise<CallResult<number[]>> {
    const [first] = parts;
    if (!first) return { type: "done", value: [] };
    const { chatId, messageId } = first;
    if (parts.length > 1) {
      const ids = parts.map((part) => part.messageId);
      return resultUnless(giveUp, async () =>
        (await api.copyMessages(groupId, chatId, ids, inTopic(threadId))).map(({ message_id }) => message_id),
      );
    }
    const repliesTo = threadId === null ? cardId : await below(desk, first);
    const copied = await resultUnless(giveUp, async () => [
      (
        await api.copyMessage(groupId, chatId, messageId, {
          ...inTopic(threadId),
          ...(repliesTo !== null && {
            // Without topics, nothing else says whose message it is.
            reply_parameters: { message_id: repliesTo, allow_sending_without_reply: threadId !== null },
          }),
        })
      ).message_id,
    ]);
    if (copied.type !== "refused" || !CANNOT_COPY.test(copied.description)) return copied;
    // A quiz, for example.
    return resultUnless(giveUp, async () => [
      (await api.forwardMessage(groupId, chatId, messageId, inTopic(threadId))).message_id,
    ]);
  }

  /** The message in the topic that stands for what the person replied to, or for what they edited. */
  async function below({ inbox }: GroupDesk, part: InboxMessage): Promise<number | null> {
    const { chatId, editedAt, messageId, replyTo } = part;
    const to = editedAt > 0 ? messageId : replyTo;
    return to === null ? null : counterpart(own, chatId, to, inbox.groupId);
  }

  return copy;
}
