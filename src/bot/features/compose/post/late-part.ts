import type { Campaign } from "../../../../campaign/campaign.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { findByAlbum } from "../../../../campaign/queries.ts";
import { joinAlbum } from "../../../../content/capture.ts";
import { defaultVersionOf, versionsOf, withVersion } from "../../../../content/content.ts";
import { messagesIn } from "../../../updates/albums.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import type { At, Offer } from "../dialog/at.ts";
import { redraw } from "./redraw.ts";
import { partsOf } from "./take-post.ts";
import { withLateChanges } from "./together.ts";
import { numberOf } from "../dialog/draft-button.ts";
import type { StepContext } from "../dialog/step.ts";

/**
 * Adds a part that arrives later than the others to the album of its draft, no matter what the dialog is asking for. Such a
 * part is never taken as a separate post. Null if the update brings no such part.
 */
export async function takeLatePart(deps: BotDeps, ctx: StepContext, before: At): Promise<At | null> {
  const album = ctx.album?.[0]?.media_group_id;
  if (album === undefined) return null;
  const at = withLateChanges(before, messagesIn(ctx));
  if (at.refusedAlbum === album) {
    await ctx.reply(ctx.t("album-refused-part"));
    return at;
  }
  if (at.offer?.version.source?.albumId === album) return joinOffer(ctx, at, at.offer);
  const campaign = await findByAlbum(deps.scope, album);
  if (campaign?.state === "draft") return joinDraft(deps, ctx, at, campaign, album);
  if (campaign) {
    await ctx.reply(ctx.t("album-too-late", { id: String(campaign.id) }));
    return at;
  }
  const offered = at.together?.offers.find(({ version }) => version.source?.albumId === album);
  if (offered) {
    await ctx.reply(ctx.t("album-has", { count: partsOf(offered.version) }));
    return at;
  }
  if (!ctx.isLatePart) return null;
  await ctx.reply(ctx.t("album-not-waiting"));
  return at;
}

async function joinDraft(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  campaign: Campaign,
  album: string,
): Promise<At | null> {
  const found = versionsOf(campaign.content).find(({ version }) => version.source?.albumId === album);
  if (!found) return null;
  const { language } = found;
  const before = language === null ? defaultVersionOf(campaign.content) : found.version;
  const version = joinAlbum(before, messagesIn(ctx));
  if (!version) {
    await ctx.reply(ctx.t("album-cannot-join"));
    return at;
  }
  if (partsOf(version) === partsOf(before)) return at;
  const content = withVersion(campaign.content, language, version);
  await editDraft(deps.scope, ctx.actor, campaign, { content });
  const count = partsOf(version);
  if (campaign.id !== at.draft) {
    await ctx.reply(ctx.t("album-of-draft-has", { id: numberOf(campaign), count }));
    return at;
  }
  await ctx.reply(ctx.t("album-has", { count }));
  return redraw(deps, ctx, at, campaign.id, content);
}

async function joinOffer(ctx: StepContext, at: At, offer: Offer): Promise<At> {
  const { t } = ctx;
  const version = joinAlbum(offer.version, messagesIn(ctx));
  const isNew = version !== null && partsOf(version) > partsOf(offer.version);
  if (!version) await ctx.reply(t("album-cannot-join"));
  else if (isNew) await ctx.reply(t("album-has", { count: partsOf(version) }));
  return isNew ? { ...at, offer: { ...offer, version } } : at;
}
