import { InputFile } from "grammy";
import { getDraft } from "../../../../campaign/queries.ts";
import { formatButtons, parseButtons } from "../../../../content/button-text.ts";
import {
  type Content,
  type Version,
  TEXT_LIMIT,
  buttonsOf,
  countCharacters,
} from "../../../../content/content.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { versionName } from "../../../ui/post-summary.ts";
import { cut, firstFew } from "../../../ui/words.ts";
import { type At, DEFAULT_VERSION } from "../dialog/at.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { offerRemovingBelow, reviewOrBelow } from "./below.ts";
import { changeVersion, languageIn, versionIn } from "./draft-version.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/**
 * Asks for the buttons as text, and shows the present ones in the form in which they are typed. If there are versions, first
 * asks for which of them.
 */
export async function askButtons(deps: BotDeps, ctx: StepContext, draft: number, argument = ""): Promise<At> {
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

async function askWhich(ctx: StepContext, draft: number, languages: string[]): Promise<At> {
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

/** Gives the version of a language the buttons of the default one again. */
const AS_DEFAULT = "same";

/** Shows the buttons as they are typed, below a text; in a file if they do not fit into a message. */
async function replyWithButtons(
  ctx: StepContext,
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

/** How many characters of a wrong line are quoted: several whole lines would not fit into a message. */
const QUOTED = 100;

/** Takes typed buttons. If a line is wrong, names it by its number and changes nothing. */
export async function takeButtons(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
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
    const answer =
      lines.length > 0 ? [t("buttons-faults"), ...firstFew(t, lines)].join("\n") : t("buttons-ask");
    await ctx.reply(answer, { link_preview_options: { is_disabled: true } });
    return at;
  }
  const language = at.language ?? null;
  const content = await changeVersion(deps, ctx, at.draft, language, (version) => ({
    ...version,
    buttons: rows,
  }));
  return reviewOrBelow(deps, ctx, at.draft, content);
}

export async function removeButtons(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  argument = "",
): Promise<At> {
  const { t } = ctx;
  const [name = "", how] = argument.split(".");
  const before = (await getDraft(deps.scope, draft)).content;
  const language = languageIn(before, name);
  if (language === undefined) return askButtons(deps, ctx, draft);
  const content = await changeVersion(deps, ctx, draft, language, (version) => {
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

export const buttonsStep = {
  takes: { buttons: takeButtons },
  taps: {
    buttons: ({ deps, ctx, draft, argument }: Tap) => askButtons(deps, ctx, draft, argument),
    unbutton: ({ deps, ctx, draft, argument }: Tap) => removeButtons(deps, ctx, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof buttonsStep.takes, "buttons"> {}
  interface Verbs extends NamesOf<typeof buttonsStep.taps, "buttons"> {}
}
