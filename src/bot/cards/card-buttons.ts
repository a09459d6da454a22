import type { InlineKeyboardButton } from "grammy/types";
import { leavesRest } from "../../campaign/actions/send-to-rest.ts";
import { type Campaign, canBeMended, hasNotStarted, isOverdue } from "../../campaign/campaign.ts";
import { hasGroups } from "../../campaign/report/people-of-campaign.ts";
import { type Progress, missedOf } from "../../campaign/progress.ts";
import { canEditSent } from "../../campaign/sent-edits.ts";
import { type CardVerb, cardTap } from "../ui/callback-data.ts";
import type { Translate } from "../ui/words.ts";
import type { Keyboard } from "../ui/card.ts";
import type { CardFacts } from "./card-facts.ts";

export type ButtonMaker = (verb: CardVerb, label: string) => InlineKeyboardButton.CallbackButton;

/** What these do cannot be undone, so Telegram draws their buttons in red. */
const IRREVOCABLE: ReadonlySet<CardVerb> = new Set(["yes-cancel", "cancel-series"]);

/** Makes the buttons of the card of one campaign. */
export function buttonMaker(t: Translate, id: number): ButtonMaker {
  return (verb, label) => ({
    text: t(label),
    callback_data: cardTap.encode({ id, verb }),
    ...(IRREVOCABLE.has(verb) && { style: "danger" }),
  });
}

export function canRetry({ state, detailsDroppedAt }: Campaign): boolean {
  return state === "finished" && detailsDroppedAt === null;
}

/** What can be done with a campaign as it is now. */
export function buttonsOf(
  campaign: Campaign,
  progress: Progress,
  facts: CardFacts,
  button: ButtonMaker,
): Keyboard {
  // On the card of a paused one, `Edit` leads there as well.
  const edits = canEditSent(campaign) && campaign.state !== "paused";
  const edit = edits ? [[button("edit-sent", "button-edit-sent")]] : [];
  return [...mainButtons(campaign, progress, facts, button), ...edit, ...codeButtons(campaign, button)];
}

/** Who got which code; while it is paused for want of them, where some are added. */
function codeButtons(
  { codePool, state, pauseReason, detailsDroppedAt }: Campaign,
  button: ButtonMaker,
): Keyboard {
  if (codePool === null || detailsDroppedAt !== null) return [];
  if (state === "paused" && pauseReason === "codes") return [[button("codes", "option-codes")]];
  return state === "finished" || state === "cancelled" ? [[button("codes", "button-codes-csv")]] : [];
}

function mainButtons(
  campaign: Campaign,
  progress: Progress,
  { retryable, now }: CardFacts,
  button: ButtonMaker,
): Keyboard {
  const post = button("post", "button-show-post");
  switch (campaign.state) {
    case "draft":
      return [];
    case "expired":
      return [[post, button("duplicate", "button-duplicate")]];
    case "scheduled":
      return [
        [button("reschedule", "button-reschedule"), button("edit", "button-edit")],
        [button("pause", "button-pause"), button("cancel", "button-cancel")],
        [post],
      ];
    case "running":
      return [[button("pause", "button-pause"), button("cancel", "button-cancel")]];
    case "paused":
      if (!hasNotStarted(campaign))
        return [
          [
            button("resume", "button-resume"),
            ...(canBeMended(campaign) ? [button("edit", "button-edit")] : []),
            button("cancel", "button-cancel"),
          ],
          [post],
        ];
      if (isOverdue(campaign, now))
        return [
          [button("resume", "button-send-now"), button("reschedule", "button-reschedule")],
          [button("edit", "button-edit"), button("cancel", "button-drop")],
          [post],
        ];
      return [
        [button("resume", "button-resume"), button("reschedule", "button-reschedule")],
        [button("edit", "button-edit"), button("cancel", "button-cancel")],
        [post],
      ];
    case "finished":
    case "cancelled": {
      const again = canRetry(campaign);
      const listed = missedOf(progress) > 0 && campaign.detailsDroppedAt === null;
      const duplicate = button("duplicate", "button-duplicate");
      const others = [
        ...(hasGroups(campaign) ? [button("people", "button-people")] : []),
        ...(leavesRest(campaign) ? [button("rest", "button-rest")] : []),
      ];
      const rest = others.length > 0 ? [others] : [];
      if (!listed) return [[post, duplicate], ...rest];
      return [
        [post, button("failures", "button-failures")],
        [duplicate, ...(again && retryable > 0 ? [button("retry", "button-retry")] : [])],
        ...(again && progress.uncertain > 0 ? [[button("retry-uncertain", "button-retry-uncertain")]] : []),
        ...rest,
      ];
    }
  }
}

/** `#12–#14`, the way to the card of all campaigns that were confirmed together. */
export function bundleButton(
  t: Translate,
  { id, bundleId }: Pick<Campaign, "id" | "bundleId">,
  numbers: string,
): InlineKeyboardButton.CallbackButton {
  return {
    text: t("list-number", { id: numbers }),
    callback_data: cardTap.encode({ id: bundleId ?? id, verb: "bundle" }),
  };
}
