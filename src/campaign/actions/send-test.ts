import type { Api } from "grammy";
import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import type { HomeScope } from "../../db/scope.ts";
import { botsOf } from "../bundle.ts";
import { type PreviewBots, openPreview, versionsShownBy } from "../post-preview.ts";
import type { PreviewResult } from "../preview-faults.ts";
import { getDraft } from "../queries.ts";
import type { Viewer } from "../show-post.ts";
import { recordPreview } from "./record-preview.ts";

/**
 * Sends the post of a draft to an admin, by the bots and the calls that the campaign would use, and keeps with the draft what
 * Telegram says of it. A bot that lacks files of it gets them first. Returns one result a version
 * and, if several bots are to send it, a bot.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is no draft. SenderUnreachable or, for the home,
 *   GrammyError when the admin cannot be written to
 */
export async function sendTest(
  home: HomeScope,
  actor: Actor,
  id: number,
  by: { home: Api; bots: PreviewBots },
  viewer: Viewer,
): Promise<PreviewResult[]> {
  await authorizeOn(home, { actor, action: "record-preview", id });
  const draft = await getDraft(home, id);
  const shown: PreviewResult[] = [];
  for (const botId of botsOf(draft)) {
    const ofBot = { ...draft, botId };
    const preview = await openPreview(home, by, ofBot, viewer);
    for (const { language } of versionsShownBy(home, ofBot))
      shown.push({ ...(await preview.show(language)), ...(draft.bots && { bot: botId }) });
  }
  await recordPreview(home, actor, draft, shown);
  return shown;
}
