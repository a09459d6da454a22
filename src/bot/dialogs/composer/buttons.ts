import { editDraft } from "../../../campaign/lifecycle.ts";
import { formatButtons, parseButtons } from "../../../content/buttons.ts";
import { getDraft } from "../../../campaign/queries.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { type At, draftButton } from "./dialog.ts";
import { review } from "./review.ts";

/** Asks for the buttons as text, and shows those there are in the very form in which they are typed. */
export async function askButtons(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  _language = "",
): Promise<At> {
  const { t } = ctx;
  const { content } = await getDraft(deps.scope, draft);
  const some = content.buttons.length > 0;
  const keyboard = [
    [
      ...(some ? [draftButton(draft, t("button-remove-buttons"), "unbutton")] : []),
      draftButton(draft, t("button-back"), "review"),
    ],
  ];
  const lines = [t("buttons-ask"), ...(some ? ["", t("buttons-now"), formatButtons(content.buttons)] : [])];
  await ctx.reply(lines.join("\n"), {
    reply_markup: { inline_keyboard: keyboard },
    link_preview_options: { is_disabled: true },
  });
  return { draft, expects: "buttons", keyboard };
}

/** Takes typed buttons. A wrong line is named by its number; then nothing is changed and nothing is lost. */
export async function takeButtons(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const { t } = ctx;
  if (at.draft === null) return at;
  const { rows, faults } = parseButtons(ctx.message?.text ?? "");
  if (faults.length > 0 || rows.length === 0) {
    const lines = faults.map(({ reason, line, ...rest }) =>
      t(`button-fault-${reason}`, { line: String(line), ...rest }),
    );
    const text = lines.length > 0 ? [t("buttons-faults"), ...lines].join("\n") : t("buttons-ask");
    await ctx.reply(text, { link_preview_options: { is_disabled: true } });
    return at;
  }
  const campaign = await getDraft(deps.scope, at.draft);
  const content = { ...campaign.content, buttons: rows };
  await editDraft(deps.scope, campaign, { content }, ctx.from?.id ?? 0);
  return review(deps, ctx, at.draft);
}

export async function removeButtons(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  _language = "",
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const content = { ...campaign.content, buttons: [] };
  await editDraft(deps.scope, campaign, { content }, ctx.from?.id ?? 0);
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: ctx.t("buttons-removed") });
  return review(deps, ctx, draft);
}

export async function askBelow(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  _language: string,
): Promise<At> {
  return review(deps, ctx, draft);
}

export async function takeBelow(_deps: BotDeps, _ctx: HeraldContext, at: At): Promise<At> {
  return at;
}

export async function removeBelow(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  _language: string,
): Promise<At> {
  return review(deps, ctx, draft);
}
