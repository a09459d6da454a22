import type { InlineKeyboardButton } from "grammy/types";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { draftTap } from "../../../ui/callback-data.ts";
import type { Keyboard } from "../../../ui/card.ts";
import type { DraftVerb } from "./step.ts";

/** The number by which an admin knows a draft: for a change, that of its campaign. */
export function numberOf(draft: Pick<Campaign, "id" | "changes" | "step">): string {
  return String(originalOf(draft) ?? draft.id);
}

/** The campaign or the step that a draft is a change of; null if it is none. */
export function originalOf({ changes, step }: Pick<Campaign, "changes" | "step">): number | null {
  return changes ?? step?.replaces ?? null;
}

export function draftButton(
  draft: number,
  text: string,
  verb: DraftVerb,
  argument = "",
): InlineKeyboardButton.CallbackButton {
  return { text, callback_data: draftTap.encode({ draft, verb, argument }) };
}

/** Whether a keyboard has a button of this kind. */
export function offers(keyboard: Keyboard, verb: DraftVerb): boolean {
  return keyboard.flat().some(({ callback_data }) => draftTap.parse(callback_data)?.verb === verb);
}
