import { InputFile } from "grammy";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { formatButtons, parseButtons } from "../../../content/buttons.ts";
import { capture } from "../../../content/capture.ts";
import {
  type Content,
  type Version,
  TEXT_LIMIT,
  buttonsOf,
  countCharacters,
  versionsOf,
  withVersion,
} from "../../../content/content.ts";
import { messagesIn } from "../../albums.ts";
import type { Keyboard } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { versionName } from "../../summary.ts";
import { cut, few } from "../../words.ts";
import { type At, DEFAULT_VERSION, draftButton, showCard } from "./dialog.ts";
import { review } from "./review.ts";

/**
 * Goes on to the review; first to the text below an album when buttons wait for one. It is asked for version by
 * version: those without buttons of their own have those of the default one.
 */
export async function reviewOrBelow(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  content: Content,
): Promise<At> {
  const found = versionsOf(content).find(({ version }) => lacksBelow(content, version));
  return found ? askBelow(deps, ctx, draft, found.language ?? DEFAULT_VERSION) : review(deps, ctx, draft);
}

/** Whether a version has buttons that no message carries: an album takes none, and nothing stands below it. */
function lacksBelow(content: Content, version: Version): boolean {
  return version.kind === "album" && !version.below && buttonsOf(content, version).length > 0;
}

/** Undefined when the version is gone. */
function versionIn(content: Content, language: string | null): Version | undefined {
  return language === null ? content : content.versions?.[language];
}

/** The language that the data of a button names; null is the default version, undefined one that is gone. */
function languageIn({ versions }: Content, argument: string): string | null | undefined {
  if (argument === "" || argument === DEFAULT_VERSION) return null;
  return versions?.[argument] ? argument : undefined;
}

/**
 * Asks for the buttons as text, and shows those there are in the very form in which they are typed. With versions it
 * first asks for which of them.
 */
export async function askButtons(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument = "",
): Promise<At> {
  const { content } = await getDraft(deps.scope, draft);
  const others = Object.keys(content.versions ?? {});
  const language = languageIn(content, argument);
  if (language === undefined || (argument === "" && others.length > 0)) return askWhich(ctx, draft, others);
  const version = versionIn(content, language) ?? content;
  const keyboard = buttonsKeyboard(ctx, draft, content, version, language);
  const text = questionFor(ctx, content, version, language);
  const markup = { reply_markup: { inline_keyboard: keyboard }, link_preview_options: { is_disabled: true } };
  const rows = buttonsOf(content, version);
  if (rows.length === 0) await ctx.reply(text, markup);
  else await replyWithButtons(ctx, text, formatButtons(rows, ctx.locale), markup);
  return { draft, expects: "buttons", keyboard, ...(language !== null && { language }) };
}

async function askWhich(ctx: HeraldContext, draft: number, languages: string[]): Promise<At> {
  const { t } = ctx;
  const keyboard: Keyboard = [
    ...[null, ...languages].map((language) => [
      draftButton(draft, versionName(t, language), "buttons", language ?? DEFAULT_VERSION),
    ]),
    [draftButton(draft, t("button-back"), "review")],
  ];
  await ctx.reply(t("buttons-which"), { reply_markup: { inline_keyboard: keyboard } });
  return { draft, expects: "label", keyboard };
}

function questionFor(
  { t }: HeraldContext,
  content: Content,
  version: Version,
  language: string | null,
): string {
  const inherits = language !== null && version.buttons === undefined && content.buttons.length > 0;
  return [
    ...(content.versions ? [t("buttons-of", { version: versionName(t, language) })] : []),
    t("buttons-ask"),
    ...(version.kind === "album" ? ["", t(version.below ? "buttons-below" : "buttons-album")] : []),
    ...(inherits ? ["", t("buttons-inherited")] : []),
  ].join("\n");
}

function buttonsKeyboard(
  { t }: HeraldContext,
  draft: number,
  content: Content,
  version: Version,
  language: string | null,
): Keyboard {
  const argument = language ?? DEFAULT_VERSION;
  const some = buttonsOf(content, version).length > 0;
  const isAlbum = version.kind === "album";
  const rows: Keyboard = [
    isAlbum && (version.below || some) ? [draftButton(draft, t("button-below"), "below", argument)] : [],
    isAlbum && version.below && !some
      ? [draftButton(draft, t("button-remove-below"), "unbelow", argument)]
      : [],
    language !== null && version.buttons
      ? [draftButton(draft, t("button-as-default"), "unbutton", `${argument}.${AS_DEFAULT}`)]
      : [],
    [
      ...(some ? [draftButton(draft, t("button-remove-buttons"), "unbutton", argument)] : []),
      draftButton(draft, t("button-back"), "review"),
    ],
  ];
  return rows.filter((row) => row.length > 0);
}

/** A version by language goes back to the buttons of the default one. */
const AS_DEFAULT = "same";

/** The buttons as they are typed, under a text; in a file when there are too many for a message. */
async function replyWithButtons(
  ctx: HeraldContext,
  text: string,
  typed: ReturnType<typeof formatButtons>,
  markup: { reply_markup: { inline_keyboard: Keyboard }; link_preview_options: { is_disabled: boolean } },
): Promise<void> {
  const head = `${text}\n\n${ctx.t("buttons-now")}\n`;
  if (countCharacters(head + typed.text) > TEXT_LIMIT) {
    await ctx.replyWithDocument(new InputFile(Buffer.from(typed.text), "buttons.txt"));
    await ctx.reply(text, markup);
    return;
  }
  const entities = (typed.entities ?? []).map((entity) => ({
    ...entity,
    offset: entity.offset + head.length,
  }));
  await ctx.reply(head + typed.text, { ...markup, ...(entities.length > 0 && { entities }) });
}

/** So much of a wrong line is quoted, in characters: all of several would not fit into a message. */
const QUOTED = 100;

/** Takes typed buttons. A wrong line is named by its number; then nothing is changed and nothing is lost. */
export async function takeButtons(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const { t } = ctx;
  if (at.draft === null) return at;
  const { text = "", entities } = ctx.message ?? {};
  const { rows, faults } = parseButtons(text, entities);
  if (faults.length > 0 || rows.length === 0) {
    const lines = faults.map(({ reason, line, ...rest }) =>
      t(`button-fault-${reason}`, {
        line: String(line),
        ...rest,
        ...("part" in rest && { part: cut(rest.part, QUOTED) }),
      }),
    );
    const answer = lines.length > 0 ? [t("buttons-faults"), ...few(t, lines)].join("\n") : t("buttons-ask");
    await ctx.reply(answer, { link_preview_options: { is_disabled: true } });
    return at;
  }
  const language = at.language ?? null;
  const content = await change(deps, ctx, at.draft, language, (version) => ({ ...version, buttons: rows }));
  return reviewOrBelow(deps, ctx, at.draft, content);
}

export async function removeButtons(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument = "",
): Promise<At> {
  const { t } = ctx;
  const [name = "", how] = argument.split(".");
  const before = (await getDraft(deps.scope, draft)).content;
  const language = languageIn(before, name);
  if (language === undefined) return askButtons(deps, ctx, draft);
  const content = await change(deps, ctx, draft, language, (version) => {
    const { buttons: _, ...others } = version;
    return how === AS_DEFAULT ? others : { ...others, buttons: [] };
  });
  const version = versionIn(content, language);
  if (version?.kind === "album" && version.below && how !== AS_DEFAULT)
    return offerRemovingBelow(ctx, draft, name);
  const done = t(how === AS_DEFAULT ? "buttons-as-default" : "buttons-removed");
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: done });
  return reviewOrBelow(deps, ctx, draft, content);
}

/** What stands below an album was asked for to carry its buttons; without them it may go, too. */
async function offerRemovingBelow(ctx: HeraldContext, draft: number, argument: string): Promise<At> {
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
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  const { t } = ctx;
  const { content } = await getDraft(deps.scope, draft);
  const language = languageIn(content, argument);
  const version = language === undefined ? undefined : versionIn(content, language);
  // An old button, of an album that has been replaced.
  if (version?.kind !== "album") return review(deps, ctx, draft);
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
export async function takeBelow(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
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
  const { text, entities, linkPreview } = captured.version;
  const below = { text, ...(entities && { entities }), ...(linkPreview && { linkPreview }) };
  const content = await change(deps, ctx, at.draft, at.language ?? null, (version) => ({
    ...version,
    below,
  }));
  return reviewOrBelow(deps, ctx, at.draft, content);
}

/** Only of an album: below anything else stands the rest of the post itself. */
export async function removeBelow(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  const language = languageIn((await getDraft(deps.scope, draft)).content, argument);
  if (language !== undefined)
    await change(deps, ctx, draft, language, (version) => {
      if (version.kind !== "album") return version;
      const { below: _, ...album } = version;
      return album;
    });
  return review(deps, ctx, draft);
}

/** Saves another version in the place of one; one that is gone meanwhile stays so. */
async function change(
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
  await editDraft(deps.scope, campaign, { content }, ctx.from?.id ?? 0);
  return content;
}
