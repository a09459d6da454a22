import type { Dialog } from "../../ui/dialogs.ts";
import { draftTap } from "../../ui/callback-data.ts";
import type { Keyboard } from "../../ui/card.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import { type At, NO_DRAFT } from "./dialog/at.ts";
import { isVerb } from "./composer-steps.ts";
import type { DraftTap } from "./dialog/open-composer.ts";

/** What an admin did in the dialog. */
export type Answer = { type: "tap"; tap: DraftTap } | { type: "message" } | { type: "edit" };

/** Reads the callback data of a draft's button. Null for any other button. */
export function readDraftTap(data: string): { draft: number; tap: DraftTap } | null {
  const read = draftTap.parse(data);
  if (!read || !isVerb(read.verb)) return null;
  return { draft: read.draft, tap: { verb: read.verb, argument: read.argument } };
}

/**
 * Waits for what the admin does next in this dialog: a tap on a button of this draft, a typed label, another message, or an
 * edit of an earlier one. Commands and taps that belong elsewhere are passed on.
 */
export async function answerTo(dialog: Dialog, at: At): Promise<Answer> {
  const ctx = await dialog.next();
  const data = ctx.callbackQuery?.data;
  const tapped = data === undefined ? null : readDraftTap(data);
  if (tapped && tapped.draft === (at.draft ?? NO_DRAFT)) return { type: "tap", tap: tapped.tap };
  if (ctx.editedMessage) return { type: "edit" };
  if (!ctx.message || ctx.hasCommand(COMMANDS)) return dialog.passOn();
  const text = ctx.message.text ?? "";
  // A forwarded message is someone else's text, and an @name is the name of a chat: neither is a typed label.
  const typed = ctx.message.forward_origin || text.startsWith("@") ? null : typedLabel(text, at.keyboard);
  return typed ? { type: "tap", tap: typed } : { type: "message" };
}

/** Finds the button whose label was typed, in upper or lower case, with or without the count at its end. */
function typedLabel(text: string, keyboard: Keyboard): DraftTap | null {
  const wanted = bareLabel(text);
  const button = wanted
    ? keyboard.flat().find((candidate) => bareLabel(candidate.text) === wanted)
    : undefined;
  return button ? (readDraftTap(button.callback_data)?.tap ?? null) : null;
}

function bareLabel(label: string): string {
  return label
    .replace(/ · .*$/, "")
    .replace(/^[^\p{L}\p{N}]+|[…\s]+$/gu, "")
    .toLowerCase();
}
