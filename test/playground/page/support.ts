import type { Message } from "@grammyjs/types";
import type { ChatSummary, ShownMessage } from "../../../playground/shared/protocol.ts";

/** Unix seconds of noon here, on a day long after the others; days before it by their number. */
export function noon(daysBefore = 0): number {
  return new Date(2026, 4, 20 - daysBefore, 12).getTime() / 1000;
}

/** A message of the bot, or with `own: true` of the person, as the page gets it. */
export function shown(facts: Partial<Message> & { message_id: number }, own = false): ShownMessage {
  const from = own
    ? { id: 1, is_bot: false, first_name: "Anna" }
    : { id: 9, is_bot: true, first_name: "Herald" };
  // Of its chat nothing is asked here.
  const chat: Message["chat"] = { id: 1, type: "private", first_name: "Anna" };
  return { own, message: { chat, from, date: noon(), ...facts } };
}

export function summary(facts: Partial<ChatSummary> & { id: number }): ChatSummary {
  return { type: "private", title: `Person ${facts.id}`, open: true, ...facts };
}
