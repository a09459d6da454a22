import { countAudience } from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { placeCard } from "../../../campaign/cards.ts";
import { confirm } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { type Agreement, type At, CLOSED, draftButton, showCard } from "./dialog.ts";
import { review } from "./review.ts";

/** A count that moved by more than this since the admin saw it is confirmed anew. */
const MOVED_SHARE = 0.05;

/** Step 5: asks once more, with the number of people; a large one has to be typed. */
export async function askConfirmation(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  before?: number,
): Promise<At> {
  const { t } = ctx;
  const { audience, revision } = await getDraft(deps.scope, draft);
  const { reachable: count } = await countAudience(deps.scope, audience);
  if (count === 0) {
    const text = t("audience-nobody");
    if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text, show_alert: true });
    else await ctx.reply(text);
    return { draft, expects: "label", keyboard: [] };
  }
  const typed = count >= deps.confirmTypedFrom;
  const people = t("people", { count });
  const id = String(draft);
  const question = typed
    ? t("confirm-type", { id, people, number: String(count) })
    : t("confirm-ask", { id, people });
  const yes = draftButton(draft, t("button-yes-send", { count }), "yes", `${count}.${revision}`);
  const keyboard = [...(typed ? [] : [[yes]]), [draftButton(draft, t("button-back"), "back")]];
  const moved = before === undefined ? [] : [t("confirm-moved", { before, after: count })];
  await showCard(ctx, { text: [...moved, question].join("\n\n"), keyboard });
  return { draft, expects: typed ? "number" : "label", keyboard, agreement: { count, revision } };
}

/** `Yes` was tapped; its button carries what the admin agreed to. */
export async function confirmTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  const [count = 0, revision = 0] = argument.split(".").map(Number);
  return confirmed(deps, ctx, draft, { count, revision });
}

/** The number may be typed as people write numbers: 4812, 4,812 or 4 812. */
export async function confirmTyped(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  if (at.draft === null || !at.agreement) return at;
  const text = ctx.message?.text ?? "";
  const number = String(at.agreement.count);
  if (text.replace(/[\s,.'’]/g, "") !== number) {
    await ctx.reply(ctx.t("confirm-wrong", { text: text.slice(0, 40), number }));
    return at;
  }
  return confirmed(deps, ctx, at.draft, at.agreement);
}

/** The campaign starts as it was agreed to: the same post, the same choice, and nearly the same number of people. */
async function confirmed(deps: BotDeps, ctx: HeraldContext, draft: number, agreed: Agreement): Promise<At> {
  const { audience, revision } = await getDraft(deps.scope, draft);
  if (revision !== agreed.revision) {
    await ctx.reply(ctx.t("confirm-changed", { id: String(draft) }));
    return review(deps, ctx, draft);
  }
  const { reachable } = await countAudience(deps.scope, audience);
  if (!(Math.abs(reachable - agreed.count) <= agreed.count * MOVED_SHARE))
    return askConfirmation(deps, ctx, draft, agreed.count);
  // A large audience is never sent to by a tap, whatever an old button says.
  if (ctx.callbackQuery && reachable >= deps.confirmTypedFrom) return askConfirmation(deps, ctx, draft);

  // The question becomes the card. First, so that killed in between, the next start draws it; a draft's is not drawn.
  const tapped = ctx.callbackQuery?.message;
  if (tapped) await placeCard(deps.scope, draft, tapped.chat.id, tapped.message_id);
  const campaign = await confirm(deps.scope, { id: draft, revision }, deps.clock.now(), ctx.from?.id ?? 0);
  deps.log.info({ campaign: draft, by: ctx.from?.id }, "campaign confirmed");
  deps.engine.poke();
  try {
    if (!tapped) await replyWithCard(deps, ctx, campaign);
    await deps.engine.refresh(draft);
  } catch (error) {
    // It starts whatever becomes of its card; nobody may read that it did not and send it again.
    deps.log.warn({ err: error, campaign: draft }, "a campaign started without a card");
    await ctx.reply(ctx.t("confirm-started", { id: String(draft) })).catch(() => undefined);
  }
  return CLOSED;
}

/** A typed answer gets a card below it. */
async function replyWithCard(deps: BotDeps, ctx: HeraldContext, { id, state }: Campaign): Promise<void> {
  const card = await ctx.reply(ctx.t("card-title", { id: String(id), state: ctx.t(`state-${state}`) }));
  await placeCard(deps.scope, id, card.chat.id, card.message_id);
}
