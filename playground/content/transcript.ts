import type { Message } from "@grammyjs/types";
import { kindOf } from "./kinds.ts";

/** The labels of a message's inline keyboard, row by row. */
export function labels(message: Message | undefined): string[][] {
  return (message?.reply_markup?.inline_keyboard ?? []).map((row) => row.map((button) => button.text));
}

/** A message as plain text: its kind unless it is a text, its words, its buttons as rows `[A] [B]`. */
export function draw(message: Message): string {
  const kind = kindOf(message);
  const text =
    message.text ?? [`<${kind}>`, message.caption ?? message.poll?.question].filter(Boolean).join(" ");
  const rows = labels(message).map((row) => row.map((label) => `[${label}]`).join(" "));
  return [text, ...rows].join("\n");
}
