import type { ChatChange, OpenChat } from "../../shared/protocol.ts";

/** A chat after a change. Messages that did not change stay the same objects. */
export function changed(chat: OpenChat, { messages = [], gone = [], ...rest }: ChatChange): OpenChat {
  if (messages.length === 0 && gone.length === 0) return { ...chat, ...rest };
  const kept = new Map(chat.messages.map((shown) => [shown.message.message_id, shown]));
  for (const id of gone) kept.delete(id);
  for (const shown of messages) kept.set(shown.message.message_id, shown);
  const sorted = [...kept.values()].toSorted((a, b) => a.message.message_id - b.message.message_id);
  return { ...chat, ...rest, messages: sorted };
}
