import type { Campaign } from "../../../campaign/campaign.ts";
import { withLeaveButtons } from "../../../campaign/leave-button.ts";
import { attributesFor } from "../../../campaign/known-attributes.ts";
import { withHomeFiles } from "../../../campaign/own-files.ts";
import { showVersion, versionsToShow } from "../../../campaign/show-post.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { scopeOf } from "../../../db/scope.ts";
import { viewerOf } from "../../ui/viewer.ts";

/** Shows all versions of the post as people get them. */
export async function showPost({ scope }: BotDeps, ctx: HeraldContext, campaign: Campaign): Promise<void> {
  const versions = versionsToShow(campaign);
  const viewer = viewerOf(ctx);
  const home = await withHomeFiles(scope, campaign);
  const [post = home] = await withLeaveButtons(scope, [home], viewer.leaveLabel);
  const attributes = await attributesFor(scopeOf(scope, campaign), campaign, viewer.chatId);
  if (versions.length === 0) await ctx.reply(ctx.t("show-post-lost"));
  for (const { language } of versions) {
    const { fault } = await showVersion(ctx.api, { ...viewer, attributes }, post, language);
    if (fault?.type === "refused")
      await ctx.reply(ctx.t("show-post-refused", { description: fault.description }));
    if (fault?.type === "parts")
      await ctx.reply(ctx.t("show-post-parts", { arrived: fault.arrived, asked: fault.asked }));
  }
}
