import type { Campaign } from "../../../campaign/campaign.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { findByAlbum } from "../../../campaign/queries.ts";
import { joinAlbum } from "../../../content/capture.ts";
import { type Content, type Version, versionsOf, withVersion } from "../../../content/content.ts";
import { messagesIn } from "../../albums.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { reviewOrBelow } from "./buttons.ts";
import { type At, type Offer, numberOf } from "./dialog.ts";
import { partsOf } from "./take-post.ts";

/**
 * A part that comes later than the others joins the album of its draft, whatever the dialog asks for at the time; it is
 * never a post of its own. Null when the update brings no such part.
 */
export async function takeLatePart(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At | null> {
  const album = ctx.album?.[0]?.media_group_id;
  if (album === undefined) return null;
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
  if (!ctx.isLatePart) return null;
  await ctx.reply(ctx.t("album-not-waiting"));
  return at;
}

async function joinDraft(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  campaign: Campaign,
  album: string,
): Promise<At | null> {
  const found = versionsOf(campaign.content).find(({ version }) => version.source?.albumId === album);
  if (!found) return null;
  const { language } = found;
  const before = language === null ? own(campaign.content) : found.version;
  const version = joinAlbum(before, messagesIn(ctx));
  if (!version) {
    await ctx.reply(ctx.t("album-cannot-join"));
    return at;
  }
  if (partsOf(version) === partsOf(before)) return at;
  const content = withVersion(campaign.content, language, version);
  await editDraft(deps.scope, campaign, { content }, ctx.from?.id ?? 0);
  const count = partsOf(version);
  if (campaign.id !== at.draft) {
    await ctx.reply(ctx.t("album-of-draft-has", { id: numberOf(campaign), count }));
    return at;
  }
  await ctx.reply(ctx.t("album-has", { count }));
  if (!at.reviewed) return at;
  const next = await reviewOrBelow(deps, ctx, campaign.id, content);
  // What was asked stays open; only a number was to confirm what is no more.
  const stays = next.expects === "label" && at.expects !== "label" && at.expects !== "number";
  if (!stays) return next;
  const keyboard = [...next.keyboard, ...at.keyboard];
  return { ...at, keyboard, ...(next.card !== undefined && { card: next.card }) };
}

/** The default version by itself. */
function own(content: Content): Version {
  const { options: _, versions: __, ...version } = content;
  return version;
}

async function joinOffer(ctx: HeraldContext, at: At, offer: Offer): Promise<At> {
  const { t } = ctx;
  const version = joinAlbum(offer.version, messagesIn(ctx));
  const isNew = version !== null && partsOf(version) > partsOf(offer.version);
  if (!version) await ctx.reply(t("album-cannot-join"));
  else if (isNew) await ctx.reply(t("album-has", { count: partsOf(version) }));
  return isNew ? { ...at, offer: { ...offer, version } } : at;
}
