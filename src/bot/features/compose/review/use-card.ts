import { review } from "../../../../campaign/actions/review.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { type Card, type Keyboard, asPrimary } from "../../../ui/card.ts";
import { describeVersion, optionLines } from "../../../ui/post-summary.ts";
import { describePlan } from "../../../ui/plan-words.ts";
import { severalBots } from "../../../ui/sending-bots.ts";
import { draftButton } from "../dialog/draft-button.ts";
import type { DraftVerb } from "../dialog/step.ts";
import { versionsLine } from "../post/language-versions.ts";
import { findingLines, personalLine } from "../../../ui/finding-lines.ts";
import { type Preview, refusalsOf } from "./preview-post.ts";
import { reviewLimits } from "./review-limits.ts";
import { botsInTrouble, lostLines, senderLines } from "./sender-lines.ts";
import { otherAdmins } from "./testers.ts";

function titleOf(ctx: HeraldContext, { step, welcomeFor }: Campaign): string {
  if (step) return ctx.t("newcomers-review", { when: describePlan(ctx.t, step) });
  return ctx.t("welcome-review", { source: welcomeFor || "none" });
}

function useLabel({ step }: Campaign): string {
  if (!step) return "welcome-use";
  return step.replaces === undefined ? "newcomers-use" : "newcomers-use-post";
}

/**
 * The review of a draft that is to answer /start, or to be a step of the series for newcomers: the post and what may be wrong
 * with it; no audience and no time.
 */
export async function useCard(
  deps: BotDeps,
  ctx: HeraldContext,
  before: Campaign,
  shown: readonly Preview[],
): Promise<Card> {
  const { t } = ctx;
  const found = await review(deps.scope, ctx.actor, before.id, reviewLimits(deps, before, deps.clock.now()));
  const { draft, groups, findings } = found;
  const { id, content, revision } = draft;
  const bots = await severalBots(deps.scope);
  const refusals = refusalsOf(t, draft, found.faults, bots);
  const doubts = [...findingLines(t, content, findings, bots), ...lostLines(t, shown)];
  const text = [
    titleOf(ctx, draft),
    t("review-post", { post: describeVersion(t, content, content) }),
    ...senderLines(t, bots, draft, shown),
    ...versionsLine(t, draft, groups, ctx.locale),
    ...optionLines(t, content),
    ...personalLine(t, content, found.attributes),
    ...(doubts.length > 0 ? ["", ...doubts] : []),
    ...(refusals.length > 0 ? ["", ...refusals] : []),
  ].join("\n");
  const button = (label: string, verb: DraftVerb) => draftButton(id, t(label), verb);
  const again =
    shown.some(({ isUnreachable, trouble }) => isUnreachable || trouble) ||
    findings.some(({ type }) => type === "files-missing");
  const sendable = found.sendable && botsInTrouble(found, shown).length === 0;
  const tested = sendable && (await otherAdmins(deps, ctx, draft)).length > 0;
  const keyboard: Keyboard = [
    ...(again ? [[asPrimary(button("button-try-again", "review"))]] : []),
    ...(sendable ? [[asPrimary(draftButton(id, t(useLabel(draft)), "use", String(revision)))]] : []),
    [button("button-edit-post", "edit"), button("button-buttons", "buttons")],
    [button("button-options", "options"), button("button-versions", "versions")],
    ...(tested ? [[button("button-test", "test"), button("button-test-others", "testers")]] : []),
    [...(sendable && !tested ? [button("button-test", "test")] : []), button("button-discard", "discard")],
  ];
  return { text, keyboard };
}
