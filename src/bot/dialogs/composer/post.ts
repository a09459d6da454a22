import { EVERYONE } from "../../../audience/segment.ts";
import { createDraft, editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { getSettings } from "../../../campaign/settings.ts";
import { type Captured, capture } from "../../../content/capture.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { askAudience } from "./audience.ts";
import { type At, draftButton } from "./dialog.ts";
import { review } from "./review.ts";

/** Step 1: asks for the post, or for another one in the place of a draft's. */
export async function askPost(ctx: HeraldContext, draft: number | null): Promise<At> {
  if (draft === null) {
    const lines = [ctx.t("post-ask"), ...(ctx.hasCommand("schedule") ? [ctx.t("post-then-time")] : [])];
    await ctx.reply(lines.join("\n"));
    return { draft, expects: "post", keyboard: [] };
  }
  const keyboard = [[draftButton(draft, ctx.t("button-back"), "review")]];
  await ctx.reply(ctx.t("post-replace"), {
    reply_markup: { inline_keyboard: keyboard },
  });
  return { draft, expects: "post", keyboard };
}

/** Takes the post. What cannot be sent on is refused with the reason, and the dialog waits for another. */
export async function takePost(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const { message } = ctx;
  if (!message || !ctx.from) return at;
  const captured = capture(message);
  if (captured.type === "refused") {
    await refuse(ctx, captured, message.media_group_id);
    return at;
  }
  const { content, leftOut } = captured;
  if (leftOut > 0) await ctx.reply(ctx.t("left-out", { count: leftOut }));
  if (at.draft !== null) {
    const campaign = await getDraft(deps.scope, at.draft);
    // Buttons typed for the post before stay, unless the new one brings its own.
    const buttons = content.buttons.length > 0 ? content.buttons : campaign.content.buttons;
    const { options } = campaign.content;
    const changed = { ...content, buttons, ...(options && { options }) };
    await editDraft(deps.scope, campaign, { content: changed }, ctx.from.id);
    return review(deps, ctx, at.draft);
  }
  const { window } = await getSettings(deps.scope);
  const draft = await createDraft(deps.scope, {
    content,
    audience: EVERYONE,
    window,
    createdBy: ctx.from.id,
    // One update makes one draft, even if it is handled twice.
    originKey: `update:${ctx.update.update_id}`,
  });
  return askAudience(deps, ctx, draft.id);
}

/** The album whose parts were refused last in each chat: its other parts are not answered again. */
const refusedAlbums = new Map<number, string>();

async function refuse(
  ctx: HeraldContext,
  refusal: Extract<Captured, { type: "refused" }>,
  album: string | undefined,
): Promise<void> {
  const chatId = ctx.chat?.id ?? 0;
  if (album !== undefined) {
    if (refusedAlbums.get(chatId) === album) return;
    refusedAlbums.set(chatId, album);
  }
  const { reason } = refusal;
  const numbers = "over" in refusal ? { over: refusal.over, limit: refusal.limit } : {};
  await ctx.reply(ctx.t(`refused-${reason}`, numbers));
}

export async function splitTapped(_deps: BotDeps, _ctx: HeraldContext, at: At): Promise<At> {
  return at;
}
