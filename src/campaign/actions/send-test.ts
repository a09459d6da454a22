import type { Api } from "grammy";
import { type Actor, authorize } from "../../access/actor.ts";
import type { HomeScope } from "../../db/scope.ts";
import type { PreviewResult } from "../preview-faults.ts";
import { withHomeFiles } from "../own-files.ts";
import { getDraft } from "../queries.ts";
import { type Viewer, showVersion, versionsToShow } from "../show-post.ts";
import { recordPreview } from "./record-preview.ts";

/**
 * Sends the post of a draft to an admin, by the calls that the campaign would make, and keeps with the draft what Telegram
 * says of it. Returns one result a version.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is no draft. GrammyError when the admin cannot be
 *   written to
 */
export async function sendTest(
  home: HomeScope,
  actor: Actor,
  id: number,
  api: Api,
  viewer: Viewer,
): Promise<PreviewResult[]> {
  await authorize(home, actor, "record-preview");
  const draft = await getDraft(home, id);
  const post = await withHomeFiles(home, draft);
  const shown: PreviewResult[] = [];
  for (const { language } of versionsToShow(draft))
    shown.push(await showVersion(api, viewer, post, language));
  await recordPreview(home, actor, draft, shown);
  return shown;
}
