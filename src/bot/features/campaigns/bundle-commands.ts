import {
  cancelBundle,
  duplicateBundle,
  pauseBundle,
  resumeBundle,
} from "../../../campaign/actions/steer-bundle.ts";
import { isBundleOver, listBundle, subjectOfBundle } from "../../../campaign/bundle.ts";
import { type Campaign, isOver } from "../../../campaign/campaign.ts";
import { setCardView } from "../../../campaign/card-places.ts";
import { getCampaign } from "../../../campaign/queries.ts";
import { sees } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import { bundleTitle } from "../../cards/bundle-card.ts";
import { bundleButton } from "../../cards/card-buttons.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { rangesOf } from "../../ui/bundle-words.ts";
import type { BundleVerb } from "../../ui/callback-data.ts";
import { placeLiveCard } from "../../ui/message-edits.ts";
import { openDraft } from "../compose/dialog/open-composer.ts";
import { showPost } from "./show-post-again.ts";

/* Shows and steers campaigns that were confirmed together, one per bot. */

/** A tap on the card of a bundle, or on the way to it. @throws DomainError */
export async function tapBundle(
  deps: BotDeps,
  ctx: HeraldContext,
  bundleId: number,
  verb: BundleVerb,
  messageId: number,
): Promise<void> {
  if (verb === "bundle") return showBundle(deps, ctx, bundleId);
  try {
    const said = await act(deps, ctx, bundleId, verb);
    await placeAndDraw(deps, ctx, bundleId, verb, messageId);
    if (said) await ctx.answerCallbackQuery({ text: said });
  } finally {
    // A refused tap means that the card was out of date.
    await deps.engine.refresh(subjectOfBundle(bundleId));
  }
}

/** Sends the card of a bundle, which becomes the live one in this chat. @throws DomainError `not-found` */
export async function showBundle(deps: BotDeps, ctx: HeraldContext, bundleId: number): Promise<void> {
  const bundle = await getBundle(deps, bundleId);
  const message = await ctx.reply(bundleTitle(ctx.t, bundle));
  await placeAndDraw(deps, ctx, bundleId, "bundle", message.message_id);
}

/** Before the card of one campaign that was paused or resumed: the others of its bundle are as they were. */
export async function sayOthers(
  { scope }: BotDeps,
  ctx: HeraldContext,
  id: number,
  verb: "pause" | "resume",
): Promise<void> {
  const campaign = await getCampaign(scope, id);
  const { bundleId } = campaign;
  if (bundleId === null) return;
  const concerns = ({ state }: Campaign) =>
    verb === "pause" ? state === "running" || state === "scheduled" : state === "paused";
  const bundle = await listBundle(scope, bundleId);
  const others = bundle.filter((one) => one.id !== id && concerns(one) && sees(scope, one.botId));
  if (others.length === 0) return;
  const button = bundleButton(ctx.t, campaign, rangesOf(bundle.map((one) => one.id)));
  const isSeen = bundle.every(({ botId }) => sees(scope, botId));
  await ctx.reply(
    ctx.t(verb === "pause" ? "bundle-others-go-on" : "bundle-others-paused", {
      id: String(id),
      others: rangesOf(others.map((one) => one.id)),
      count: others.length,
    }),
    isSeen ? { reply_markup: { inline_keyboard: [[button]] } } : {},
  );
}

async function getBundle({ scope }: BotDeps, bundleId: number): Promise<Campaign[]> {
  const bundle = await listBundle(scope, bundleId);
  // For those who may use only some of its bots, the others are not there.
  if (bundle.length === 0 || !bundle.every(({ botId }) => sees(scope, botId)))
    throw new DomainError("not-found", { id: bundleId });
  return bundle;
}

async function placeAndDraw(
  deps: BotDeps,
  ctx: HeraldContext,
  bundleId: number,
  verb: BundleVerb,
  messageId: number,
): Promise<void> {
  const subject = subjectOfBundle(bundleId);
  await placeLiveCard(deps, ctx, subject, messageId, async () => {
    if (verb === "cancel-all") await setCardView(deps.scope, subject, ctx.chat?.id ?? 0, "ask-cancel");
    await deps.engine.refresh(subject);
  });
}

/** Returns what to say above the button. @throws DomainError */
async function act(
  deps: BotDeps,
  ctx: HeraldContext,
  bundleId: number,
  verb: Exclude<BundleVerb, "bundle">,
): Promise<string | null> {
  const { scope, engine } = deps;
  const { t } = ctx;
  const note = (moved: readonly Campaign[], event: string) =>
    deps.log.info({ campaigns: moved.map(({ id }) => id), by: ctx.from?.id ?? 0 }, event);
  switch (verb) {
    case "pause-all":
      note(await pauseBundle(scope, ctx.actor, bundleId), "campaigns paused");
      engine.poke(); // deliveries that are claimed already must not leave
      return t("done-paused");
    case "resume-all":
      note(await resumeBundle(scope, ctx.actor, bundleId, deps.clock.now()), "campaigns resumed");
      engine.poke();
      return t("done-resumed");
    case "cancel-all": {
      if (isBundleOver(await getBundle(deps, bundleId)))
        throw new DomainError("conflict", { id: bundleId, state: "finished" });
      return null;
    }
    case "yes-cancel-all":
      note(await cancelBundle(scope, ctx.actor, bundleId, deps.clock.now()), "campaigns cancelled");
      engine.poke();
      return t("done-cancelled");
    case "back-all":
      return null;
    case "post-all": {
      const [first] = await getBundle(deps, bundleId);
      if (first) await showPost(deps, ctx, first);
      if (first && !isOver(first.state)) engine.covered(ctx.chat?.id ?? 0, subjectOfBundle(bundleId));
      return null;
    }
    case "duplicate-all": {
      const draft = await duplicateBundle(scope, ctx.actor, bundleId, `update:${ctx.update.update_id}`);
      await openDraft(ctx, draft.id, "review");
      return t("done-duplicated", { id: String(draft.id) });
    }
  }
}
