import { getDraft } from "../../../../campaign/queries.ts";
import { capture } from "../../../../content/capture.ts";
import { type Content, type Version, buttonsOf, versionsOf } from "../../../../content/content.ts";
import { belowFrom } from "../../../../content/recapture.ts";
import { messagesIn } from "../../../updates/albums.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { versionName } from "../../../ui/post-summary.ts";
import { type At, DEFAULT_VERSION } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { StepContext, NamesOf, Tap } from "../dialog/step.ts";
import { changeVersion, languageIn, versionIn } from "./draft-version.ts";

/* The message below an album, which has the buttons that an album cannot have. */

/**
 * Continues with the review, or first asks for the text below an album if its buttons need one. It is asked for version by
 * version; versions without buttons of their own have those of the default one.
 */
export async function reviewOrBelow(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  content: Content,
): Promise<At> {
  const found = versionsOf(content).find(({ version }) => lacksBelow(content, version));
  return found ? askBelow(deps, ctx, draft, found.language ?? DEFAULT_VERSION) : ctx.goTo("review", draft);
}

/** Whether a version has buttons but no message for them: it is an album, and there is nothing below it. */
function lacksBelow(content: Content, version: Version): boolean {
  return version.kind === "album" && !version.below && buttonsOf(content, version).length > 0;
}

/** The message below an album was only added for its buttons, so without them it can be removed. */
export async function offerRemovingBelow(ctx: StepContext, draft: number, argument: string): Promise<At> {
  const { t } = ctx;
  const keyboard = [
    [
      draftButton(draft, t("button-remove-below"), "unbelow", argument),
      draftButton(draft, t("button-keep-below"), "review"),
    ],
  ];
  await showCard(ctx, { text: t("buttons-removed-below"), keyboard });
  return { draft, expects: "label", keyboard };
}

/** Asks for the message below an album. */
export async function askBelow(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  const { t } = ctx;
  const { content } = await getDraft(deps.scope, draft);
  const language = languageIn(content, argument);
  const version = language === undefined ? undefined : versionIn(content, language);
  // An old button: the album has been replaced.
  if (version?.kind !== "album") return ctx.goTo("review", draft);
  const lacking = lacksBelow(content, version);
  const lines = [
    ...(content.versions ? [t("buttons-of", { version: versionName(t, language ?? null) })] : []),
    t(lacking ? "below-ask" : "below-replace"),
  ];
  const keyboard = [
    [
      ...(lacking ? [draftButton(draft, t("button-without-buttons"), "unbutton", argument)] : []),
      draftButton(draft, t("button-back"), "review"),
    ],
  ];
  await ctx.reply(lines.join("\n"), { reply_markup: { inline_keyboard: keyboard } });
  return { draft, expects: "below", keyboard, ...(language != null && { language }) };
}

/** Takes the text below an album, with its formatting and its link preview. */
export async function takeBelow(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { t } = ctx;
  if (at.draft === null) return at;
  const captured = capture(messagesIn(ctx));
  if (captured.type === "too-long" && captured.reason === "text-too-long") {
    await ctx.reply(t("refused-text-too-long", { over: captured.over, limit: captured.limit }));
    return at;
  }
  if (captured.type !== "captured" || captured.version.kind !== "text") {
    await ctx.reply(t("below-not-text"));
    return at;
  }
  const below = belowFrom(captured.version);
  const content = await changeVersion(deps, ctx, at.draft, at.language ?? null, (version) => ({
    ...version,
    below,
  }));
  return reviewOrBelow(deps, ctx, at.draft, content);
}

/** Only for an album: anything else has the rest of its own post below it. */
export async function removeBelow(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument: string,
): Promise<At> {
  const language = languageIn((await getDraft(deps.scope, draft)).content, argument);
  if (language !== undefined)
    await changeVersion(deps, ctx, draft, language, (version) => {
      if (version.kind !== "album") return version;
      const { below: _, ...album } = version;
      return album;
    });
  return ctx.goTo("review", draft);
}

export const belowStep = {
  takes: { below: takeBelow },
  taps: {
    below: ({ deps, ctx, draft, argument }: Tap) => askBelow(deps, ctx, draft, argument),
    unbelow: ({ deps, ctx, draft, argument }: Tap) => removeBelow(deps, ctx, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof belowStep.takes, "below"> {}
  interface Verbs extends NamesOf<typeof belowStep.taps, "below"> {}
}
