import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { joinAlbum } from "../../../content/capture.ts";
import { type Content, type Version, versionsOf, withVersion } from "../../../content/content.ts";
import { messagesIn } from "../../albums.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { reviewOrBelow } from "./buttons.ts";
import type { At, Offer } from "./dialog.ts";
import { partsOf } from "./take-post.ts";

/**
 * A part that comes later than the others joins the album of the draft, whatever the dialog asks for at the time. Null
 * when the update brings no such part.
 */
export async function takeLatePart(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At | null> {
  const album = ctx.album?.[0]?.media_group_id;
  if (!ctx.album || album === undefined) return null;
  if (at.refusedAlbum === album) {
    await ctx.reply(ctx.t("album-refused-part"));
    return at;
  }
  if (at.offer?.version.source?.albumId === album) return joinOffer(ctx, at, at.offer);
  if (at.draft === null) return null;
  const campaign = await getDraft(deps.scope, at.draft);
  const found = versionsOf(campaign.content).find(({ version }) => version.source?.albumId === album);
  if (!found) return null;
  const { language } = found;
  const version = await joined(ctx, language === null ? own(campaign.content) : found.version);
  if (!version) return at;
  const content = withVersion(campaign.content, language, version);
  await editDraft(deps.scope, campaign, { content }, ctx.from?.id ?? 0);
  if (!at.reviewed) return at;
  const next = await reviewOrBelow(deps, ctx, at.draft, content);
  // What was asked stays open; only a number was to confirm what is no more.
  const stays = next.expects === "label" && at.expects !== "label" && at.expects !== "number";
  return stays ? { ...at, keyboard: [...next.keyboard, ...at.keyboard] } : next;
}

/** The default version by itself. */
function own(content: Content): Version {
  const { options: _, versions: __, ...version } = content;
  return version;
}

async function joinOffer(ctx: HeraldContext, at: At, offer: Offer): Promise<At> {
  const version = await joined(ctx, offer.version);
  return version ? { ...at, offer: { ...offer, version } } : at;
}

/** The version with the parts of the update; says how many it has then. Null when there is nothing to change. */
async function joined(ctx: HeraldContext, version: Version): Promise<Version | null> {
  const { t } = ctx;
  const whole = joinAlbum(version, messagesIn(ctx));
  if (!whole) await ctx.reply(t("album-cannot-join"));
  else if (partsOf(whole) === partsOf(version)) return null;
  else await ctx.reply(t("album-has", { count: partsOf(whole) }));
  return whole;
}
