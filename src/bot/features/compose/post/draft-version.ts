import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { type Content, type Version, withVersion } from "../../../../content/content.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { DEFAULT_VERSION } from "../dialog/at.ts";

/* One version of a draft's post: the default one, or that of a language. */

/** Undefined if the version no longer exists. */
export function versionIn(content: Content, language: string | null): Version | undefined {
  return language === null ? content : content.versions?.[language];
}

/** The language that a button names: null for the default version, undefined for one that no longer exists. */
export function languageIn({ versions }: Content, argument: string): string | null | undefined {
  if (argument === "" || argument === DEFAULT_VERSION) return null;
  return versions?.[argument] ? argument : undefined;
}

/** Replaces a version. One that has been removed meanwhile stays removed. */
export async function changeVersion(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  language: string | null,
  into: (version: Version) => Version,
): Promise<Content> {
  const campaign = await getDraft(deps.scope, draft);
  const version = versionIn(campaign.content, language);
  if (!version) return campaign.content;
  const content = withVersion(campaign.content, language, into(version));
  await editDraft(deps.scope, ctx.actor, campaign, { content });
  return content;
}
