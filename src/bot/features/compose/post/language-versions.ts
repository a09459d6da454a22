import { primaryLanguage } from "../../../../audience/recipients.ts";
import { type LanguageGroup, countByLanguage, isForChats } from "../../../../audience/segment/audience.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { type Content, versionFor, versionsOf } from "../../../../content/content.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { findLanguage } from "../../people/language-screen.ts";
import { describeVersion, versionName } from "../../../ui/post-summary.ts";
import { type Locale, type Translate, languageName } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { askAnotherPost } from "./ask-post.ts";
import type { Card, Keyboard } from "../../../ui/card.ts";
import { showToast } from "../../../ui/replies.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";
import { scopeOf } from "../../../../db/scope.ts";

/** A preview shows all versions, each as one or more messages. */
const MOST_VERSIONS = 20;

/** Languages that are offered as buttons; any other can be typed. */
const MOST_OFFERED = 10;

/** Languages that are named in a line; the rest are "others". */
const NAMED = 3;

/** The card of versions: what each one is, and who gets it. */
export async function showVersions(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const card = versionsCard(ctx.t, campaign, await groupsOf(deps, campaign));
  await showCard(ctx, card);
  return { draft, expects: "version", keyboard: card.keyboard };
}

/** Asks for the post in a language, as a new version or to replace the existing one. */
export async function askVersion(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  language: string,
): Promise<At> {
  const { content } = await getDraft(deps.scope, draft);
  // The data of a button comes from outside.
  if (primaryLanguage(language) !== language) return showVersions(deps, ctx, draft);
  const { versions = {} } = content;
  if (!(language in versions) && Object.keys(versions).length >= MOST_VERSIONS) {
    await ctx.reply(ctx.t("versions-too-many", { most: MOST_VERSIONS }));
    return showVersions(deps, ctx, draft);
  }
  return askAnotherPost(deps, ctx, draft, language);
}

/** Takes a language that was typed on the card of versions, by its name or its code. */
export async function takeVersion(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  if (at.draft === null) return at;
  const language = findLanguage(ctx.message?.text?.trim() ?? "");
  if (language !== null) return askVersion(deps, ctx, at.draft, language);
  await ctx.reply(ctx.t("versions-unknown"));
  return at;
}

/** Removes a version; its people get the default one. */
export async function removeVersion(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  language: string,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { versions = {}, ...post } = campaign.content;
  const { [language]: gone, ...others } = versions;
  if (gone) {
    const some = Object.keys(others).length > 0;
    const content: Content = some ? { ...post, versions: others } : post;
    await editDraft(deps.scope, ctx.actor, campaign, { content });
    await showToast(ctx, ctx.t("version-removed", { language: languageName(language) }));
  } else await showToast(ctx, ctx.t("screen-outdated"));
  return showVersions(deps, ctx, draft);
}

/** How many people of a campaign speak each language; none if it goes to chats. */
export async function groupsOf(
  { scope, clock }: BotDeps,
  campaign: Pick<Campaign, "botId" | "audience">,
): Promise<LanguageGroup[]> {
  const { audience } = campaign;
  return isForChats(audience) ? [] : countByLanguage(scopeOf(scope, campaign), audience, clock.now());
}

function versionsCard(t: Translate, campaign: Campaign, groups: LanguageGroup[]): Card {
  const { id: draft, content, audience } = campaign;
  const forChats = isForChats(audience);
  const reach = (language: string | null) =>
    groups
      .filter((group) => versionFor(content, group.language).language === language)
      .reduce((sum, group) => sum + group.count, 0);
  const lines = versionsOf(content).map(({ language, version }) =>
    t("versions-line", {
      version: versionName(t, language),
      post: describeVersion(t, content, version),
      people: forChats ? "none" : t("people", { count: reach(language) }),
    }),
  );
  const existing = Object.keys(content.versions ?? {}).flatMap((language): Keyboard => {
    const values = { language: languageName(language) };
    return [
      [
        draftButton(draft, t("button-change-version", values), "version", language),
        draftButton(draft, t("button-remove-version", values), "unversion", language),
      ],
      [draftButton(draft, t("button-version-buttons", values), "buttons", language)],
    ];
  });
  const text = [
    t("versions-ask", { id: numberOf(campaign) }),
    "",
    ...lines,
    "",
    t(forChats ? "versions-note-chats" : "versions-note-typed"),
  ].join("\n");
  const offered = missing(content, groups)
    .slice(0, MOST_OFFERED)
    .map((language) => [
      draftButton(draft, t("button-add-version", { language: languageName(language) }), "version", language),
    ]);
  return {
    text,
    keyboard: [...existing, ...offered, [draftButton(draft, t("button-back"), "back")]],
  };
}

/** The languages of the audience that have no version yet, the most spoken first. */
function missing({ versions = {} }: Content, groups: LanguageGroup[]): string[] {
  return groups.flatMap(({ language }) => (language === null || language in versions ? [] : [language]));
}

/** The row of the review card. Versions are offered only if the audience speaks more than one language. */
export function versionRows(
  t: Translate,
  { id, content }: Pick<Campaign, "id" | "content">,
  groups: LanguageGroup[],
): Keyboard {
  const needed = content.versions !== undefined || (groups.length > 1 && missing(content, groups).length > 0);
  return needed ? [[draftButton(id, t("button-versions"), "versions")]] : [];
}

/** "Versions: English; the default one goes to Русский and others"; empty if there are no versions. */
export function versionsLine(
  t: Translate,
  { content, audience }: Pick<Campaign, "content" | "audience">,
  groups: LanguageGroup[],
  locale: Locale,
): string[] {
  if (!content.versions) return [];
  const versions = named(t, Object.keys(content.versions), locale);
  if (isForChats(audience)) return [t("review-versions-chats", { versions })];
  const others = groups.filter(({ language }) => versionFor(content, language).language === null);
  const rest =
    others.length === 0
      ? "none"
      : named(
          t,
          others.map(({ language }) => language),
          locale,
        );
  return [t("review-versions", { versions, rest })];
}

/** The first few languages by name, and "others" if there are more, or people whose language is unknown. */
function named(t: Translate, languages: (string | null)[], locale: Locale): string {
  const known = languages.filter((language) => language !== null);
  const names = known.slice(0, NAMED).map(languageName);
  const all = names.length < languages.length ? [...names, t("versions-others")] : names;
  // British English has no comma before "and".
  return new Intl.ListFormat(locale === "en" ? "en-GB" : locale).format(all);
}

export const versionsStep = {
  takes: { version: takeVersion },
  taps: {
    versions: ({ deps, ctx, draft }: Tap) => showVersions(deps, ctx, draft),
    version: ({ deps, ctx, draft, argument }: Tap) => askVersion(deps, ctx, draft, argument),
    unversion: ({ deps, ctx, draft, argument }: Tap) => removeVersion(deps, ctx, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof versionsStep.takes, "versions"> {}
  interface Verbs extends NamesOf<typeof versionsStep.taps, "versions"> {}
}
