import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { type Content, type Version, withVersion } from "../../../../content/content.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { DEFAULT_VERSION } from "../dialog/at.ts";

/* One version of the post of a draft: the default one, or that of a language. */

/** Undefined when the version is gone. */
export function versionIn(content: Content, language: string | null): Version | undefined {
  return language === null ? content : content.versions?.[language];
}

/** The language that the data of a button names; null is the default version, undefined one that is gone. */
export function languageIn({ versions }: Content, argument: string): string | null | undefined {
  if (argument === "" || argument === DEFAULT_VERSION) return null;
  return versions?.[argument] ? argument : undefined;
}

/** Saves another version in the place of one; one that is gone meanwhile stays so. */
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
