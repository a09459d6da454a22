import { type Campaign, hasNotStarted, isOverdue } from "../../campaign/campaign.ts";
import { LATE_MS } from "../../campaign/engine-moves.ts";
import { type Progress, progressOf } from "../../campaign/progress.ts";
import type { CardView } from "../../db/states.ts";
import { headLines } from "./card-head.ts";
import { briefTime } from "../ui/times.ts";
import type { Translate } from "../ui/words.ts";
import type { Card } from "../ui/card.ts";
import { type ButtonMaker, bundleButton, buttonMaker, buttonsOf, canRetry } from "./card-buttons.ts";
import { type CardFacts, cardReader } from "./card-facts.ts";
import { editButtons, editLines } from "./edit-lines.ts";
import { peopleOrChats, runLine, stateLines, waitingLines } from "./card-lines.ts";

/** The progress card of a campaign, or its report once it is over. Drafts have the review card instead. */
export function campaignCard(t: Translate, campaign: Campaign, view: CardView, facts: CardFacts): Card {
  const progress = progressOf(campaign);
  const id = String(campaign.id);
  const button = buttonMaker(t, campaign.id);
  if (view === "ask-cancel" && canCancel(campaign)) return askCancel(t, campaign, progress, facts, button);
  if (view === "ask-uncertain" && canRetry(campaign) && campaign.uncertain > 0)
    return {
      text: t(peopleOrChats(campaign, "ask-uncertain", "ask-uncertain-chats"), {
        id,
        count: campaign.uncertain,
      }),
      keyboard: [[button("yes-retry", "button-yes-retry"), button("back", "button-back")]],
    };
  const shown = asSeen(campaign, facts.now);
  const lines = [
    facts.headline ?? cardTitle(t, campaign, facts.now),
    ...(hasNotStarted(shown)
      ? waitingLines(t, shown, facts)
      : [
          ...headLines(shown, facts.people, whom(facts), cardReader(t, facts)),
          ...stateLines(t, shown, progress, facts),
          ...editLines(t, facts.edit, facts.now),
        ]),
    ...runLine(t, campaign, facts),
    ...(facts.bundle === null ? [] : ["", t("card-bundle", { id: facts.bundle })]),
  ];
  const hasVotes = facts.polls.some(({ what }) => what === "voters");
  const results = hasVotes ? [[button("results", "button-results")]] : [];
  const all = facts.bundle === null ? [] : [[bundleButton(t, campaign, facts.bundle)]];
  return {
    text: lines.join("\n"),
    keyboard: [
      ...editButtons(facts.edit, button),
      ...buttonsOf(shown, progress, facts, button),
      ...results,
      ...all,
    ],
  };
}

/** "@shop_bot · English, Russian · Offers"; without the bot if there is only one, and without a category if it has none. */
function whom({ from, audience, category }: CardFacts): string {
  return [from, audience, category].filter((part) => part !== null).join(" · ");
}

/** "Campaign #12 · sending". */
export function cardTitle(t: Translate, campaign: Campaign, now: Date): string {
  return t("card-title", { id: String(campaign.id), state: t(`state-${asSeen(campaign, now).state}`) });
}

/**
 * For a moment between the tap and the start, a campaign is still scheduled, but its card already shows it as running;
 * except if it is late, because then it may not start at all.
 */
function asSeen(campaign: Campaign, now: Date): Campaign {
  const { state, startsAt, latePolicy } = campaign;
  const late = startsAt ? now.getTime() - startsAt.getTime() : 0;
  const starts = state === "scheduled" && late >= 0 && (late <= LATE_MS || latePolicy === "send");
  return starts ? { ...campaign, state: "running" } : campaign;
}

function canCancel({ state }: Campaign): boolean {
  return state === "scheduled" || state === "running" || state === "paused";
}

/**
 * "Cancel it?"; for a run of a series also "or all that follow?". Once its time has passed, the button is `Drop` instead
 * of `Cancel`, and so is the question.
 */
function askCancel(
  t: Translate,
  campaign: Campaign,
  { left }: Progress,
  facts: CardFacts,
  button: ButtonMaker,
): Card {
  const id = String(campaign.id);
  const back = button("back", "button-back");
  const next = facts.series?.next;
  const isWaiting = hasNotStarted(campaign);
  const drops = isOverdue(campaign, facts.now);
  if (next)
    return {
      text: t(drops ? "ask-drop-run" : isWaiting ? "ask-cancel-run" : "ask-cancel-running-run", {
        id,
        next: briefTime(next.startsAt, cardReader(t, facts)),
      }),
      keyboard: [
        [button("yes-cancel", "button-only-run"), button("cancel-series", "button-whole-series")],
        [back],
      ],
    };
  return {
    text: isWaiting
      ? t(drops ? "ask-drop" : "ask-cancel-scheduled", { id })
      : t(peopleOrChats(campaign, "ask-cancel", "ask-cancel-chats"), { id, left }),
    keyboard: [[button("yes-cancel", drops ? "button-yes-drop" : "button-yes-cancel"), back]],
  };
}
