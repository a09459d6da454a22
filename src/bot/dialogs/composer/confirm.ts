import { countAudience } from "../../../audience/segment.ts";
import { placeCard } from "../../../campaign/cards.ts";
import { confirm } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { type At, CLOSED, draftButton, showCard } from "./dialog.ts";

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
  const { audience } = await getDraft(deps.scope, draft);
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
  const keyboard = [
    ...(typed ? [] : [[draftButton(draft, t("button-yes-send", { count }), "yes", String(count))]]),
    [draftButton(draft, t("button-back"), "back")],
  ];
  const moved = before === undefined ? [] : [t("confirm-moved", { before, after: count })];
  await showCard(ctx, { text: [...moved, question].join("\n\n"), keyboard });
  return { draft, expects: typed ? "number" : "label", keyboard, count };
}

/** The number may be typed as people write numbers: 4812, 4,812 or 4 812. */
export async function confirmTyped(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  if (at.draft === null || at.count === undefined) return at;
  const text = ctx.message?.text ?? "";
  if (text.replace(/[\s,.'’]/g, "") !== String(at.count)) {
    await ctx.reply(ctx.t("confirm-wrong", { text: text.slice(0, 40), number: String(at.count) }));
    return at;
  }
  return confirmed(deps, ctx, at.draft, at.count);
}

/** The campaign starts, unless the count has moved since `shown`, the number that the admin agreed to. */
export async function confirmed(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  shown: number,
): Promise<At> {
  const { audience } = await getDraft(deps.scope, draft);
  const { reachable } = await countAudience(deps.scope, audience);
  if (!(Math.abs(reachable - shown) <= shown * MOVED_SHARE)) return askConfirmation(deps, ctx, draft, shown);
  // A large audience is never sent to by a tap, whatever an old button says.
  if (ctx.callbackQuery && reachable >= deps.confirmTypedFrom) return askConfirmation(deps, ctx, draft);

  const campaign = await confirm(deps.scope, draft, deps.clock.now(), ctx.from?.id ?? 0);
  const title = ctx.t("card-title", { id: String(draft), state: ctx.t(`state-${campaign.state}`) });
  // The question becomes the progress card; a typed answer gets a card below it.
  const card = ctx.callbackQuery?.message ?? (await ctx.reply(title));
  await placeCard(deps.scope, draft, card.chat.id, card.message_id);
  await deps.engine.refresh(draft);
  deps.engine.poke();
  return CLOSED;
}
