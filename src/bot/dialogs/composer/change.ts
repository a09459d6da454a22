import { countAudience } from "../../../audience/segment.ts";
import { duplicate, discardDraft } from "../../../campaign/lifecycle.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { hasMoved } from "../../../campaign/agreement.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { type Reach, applyChanges, mend, startOf } from "../../../campaign/scheduling.ts";
import { DomainError } from "../../../errors.ts";
import type { Keyboard } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { describeRepeat, epoch } from "../../times.ts";
import { changeOf } from "./changes.ts";
import { movedWord, sayFaults } from "./chats.ts";
import { placeHere, showLiveCard } from "./live.ts";
import {
  type Agreement,
  type At,
  CLOSED,
  agreementData,
  draftButton,
  readAgreement,
  say,
  showCard,
} from "./dialog.ts";
import { isSendable, review, reviewAgain } from "./review.ts";
import { askWhen } from "./when.ts";

/**
 * `Save changes` was tapped; its button carries what the admin agreed to. Of a series it is asked what the change is
 * for. A large audience that is another one than was agreed to is confirmed by typing its number.
 */
export async function saveTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  return saveChecked(deps, ctx, draft, readAgreement(argument), false);
}

/** The number was typed. All is looked at again: a right may have been lost, or the audience have moved. */
export async function saveTyped(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  agreed: Agreement,
): Promise<At> {
  return saveChecked(deps, ctx, draft, agreed, true);
}

async function saveChecked(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  agreed: Agreement,
  typed: boolean,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const change = await changeOf(deps, campaign);
  if (!change?.possible || !(await isSendable(deps, ctx, campaign))) return review(deps, ctx, draft);
  if (change.mends) {
    if (agreed.revision === campaign.revision) return saveMended(deps, ctx, campaign);
    await ctx.reply(ctx.t("confirm-changed", { id: String(draft) }));
    return review(deps, ctx, draft);
  }
  if (change.later !== null) {
    await say(ctx, ctx.t("change-repeat-later", { id: String(change.id), later: String(change.later) }));
    return reviewAgain(deps, ctx, draft);
  }
  if (await sayFaults(deps, ctx, campaign.audience)) return reviewAgain(deps, ctx, draft);
  const { reachable } = await countAudience(deps.scope, campaign.audience);
  if (reachable === 0) {
    await say(ctx, ctx.t("audience-nobody"));
    return { draft, expects: "label", keyboard: [] };
  }
  if (agreed.revision !== campaign.revision) {
    await ctx.reply(ctx.t("confirm-changed", { id: String(draft) }));
    return review(deps, ctx, draft);
  }
  if (change.asksReach && agreed.reach === undefined)
    return askReach(ctx, draft, agreed, campaign.recurrence);
  const agreement: Agreement = {
    ...agreed,
    // A button's data is from outside: what cannot be chosen is not taken from it.
    reach: change.asksReach ? (agreed.reach ?? "run") : change.reach,
  };
  if (hasMoved(reachable, agreed.count)) {
    await ctx.reply(ctx.t(movedWord(campaign.audience), { before: agreed.count, after: reachable }));
    return review(deps, ctx, draft);
  }
  if (!typed && reachable >= deps.confirmTypedFrom && hasMoved(reachable, change.agreedCount))
    return askNumber(ctx, draft, change.id, agreement);
  return save(deps, ctx, draft, agreement);
}

async function askReach(
  ctx: HeraldContext,
  draft: number,
  agreed: Agreement,
  recurrence: Parameters<typeof describeRepeat>[0] | null,
): Promise<At> {
  const { t } = ctx;
  const button = (label: string, reach: Reach) =>
    draftButton(draft, t(label), "save", agreementData({ ...agreed, reach }));
  const keyboard: Keyboard = [
    [button("button-only-run", "run")],
    [button("button-later-runs", "series")],
    [draftButton(draft, t("button-back"), "back")],
  ];
  const repeats = recurrence ? describeRepeat(recurrence, ctx) : "";
  await showCard(ctx, { text: t("change-reach", { repeats }), keyboard });
  return { draft, expects: "label", keyboard };
}

async function askNumber(ctx: HeraldContext, draft: number, id: number, agreement: Agreement): Promise<At> {
  const { t } = ctx;
  const { count } = agreement;
  const keyboard = [[draftButton(draft, t("button-back"), "back")]];
  const text = t("change-type", { id: String(id), people: t("people", { count }), number: String(count) });
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "number", keyboard, agreement };
}

/** Puts the change into its campaign, whole or not at all. What cannot be saved any more stays as a draft. */
async function save(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  { count, revision, startsAt: agreedStart, reach = "run" }: Agreement,
): Promise<At> {
  const now = deps.clock.now();
  const campaign = await getDraft(deps.scope, draft);
  const startsAt = startOf(campaign, now);
  if (!startsAt || startsAt < now) {
    await say(ctx, ctx.t("change-needs-time"));
    return askWhen(deps, ctx, draft);
  }
  if (epoch(startsAt) !== agreedStart) {
    await ctx.reply(ctx.t("confirm-changed", { id: String(draft) }));
    return review(deps, ctx, draft);
  }
  const plan = { startsAt, agreedCount: count, now };
  return put(deps, ctx, campaign, (by) => applyChanges(deps.scope, { id: draft, revision }, plan, reach, by));
}

/** Puts the post into the campaign that paused for the one it has. Whether it goes on is for `Resume` on its card. */
async function saveMended(deps: BotDeps, ctx: HeraldContext, draft: Campaign): Promise<At> {
  return put(deps, ctx, draft, (by) => mend(deps.scope, draft, by));
}

async function put(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: Campaign,
  change: (by: number) => Promise<Campaign>,
): Promise<At> {
  const id = draft.changes ?? draft.id;
  const by = ctx.from?.id ?? 0;
  try {
    await change(by);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    deps.log.info({ campaign: id, refused: error.code, by }, "a change came too late");
    // The review says what became of the campaign, and what can be done with the draft.
    await say(ctx, ctx.t("change-refused", { id: String(id) }));
    return review(deps, ctx, draft.id);
  }
  deps.log.info({ campaign: id, by }, "a campaign was changed");
  deps.engine.poke();
  await placeHere(deps, ctx, id);
  await showLiveCard(deps, ctx, id, "change-saved");
  return CLOSED;
}

/** What came too late for its campaign becomes a draft of its own. */
export async function ownDraft(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const by = ctx.from?.id ?? 0;
  const own = await duplicate(deps.scope, draft, by, `own:${draft}`);
  await discardDraft(deps.scope, draft, by);
  return review(deps, ctx, own.id);
}
