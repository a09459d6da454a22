import { isDeepStrictEqual } from "node:util";
import type { InlineKeyboardButton, Message } from "grammy/types";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { withoutIds } from "../../../../content/button-ids.ts";
import { capture, joinAlbum } from "../../../../content/capture.ts";
import { type Content, withVersion } from "../../../../content/content.ts";
import { isFrom, recaptureVersion } from "../../../../content/recapture.ts";
import { messagesIn } from "../../../updates/albums.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { editTapped } from "../../../ui/message-edits.ts";
import { postName } from "../../../ui/post-summary.ts";
import type { Translate } from "../../../ui/words.ts";
import type { At, Offer, Together } from "../dialog/at.ts";
import { redraw } from "./redraw.ts";
import { idOf, notesOn, refuse } from "./take-post.ts";
import { draftButton } from "../dialog/draft-button.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/*
 * Telegram sends a forward with a comment as two messages, the comment first, and people also send two in a row. The first
 * is taken without waiting for a second one, so that no post is delayed. When the second arrives, it is offered instead; a
 * forward after a comment is taken at once.
 */

/** Telegram's apps send a comment and its forward within a second; nobody answers a card that fast. */
const TOGETHER_SECONDS = 2;

/** How many messages are kept to choose from. */
const MOST_OFFERS = 10;

/** Takes a message that came together with the post, and so does not answer a question. Null if this one did not. */
export async function takeTogether(deps: BotDeps, ctx: StepContext, at: At): Promise<At | null> {
  const { together, takenAt, draft } = at;
  const messages = messagesIn(ctx);
  const [first] = messages;
  if (!first || !together || takenAt === undefined || draft === null) return null;
  if (first.date - takenAt > TOGETHER_SECONDS || together.offers.length >= MOST_OFFERS) return null;
  const captured = capture(messages);
  if (captured.type === "refused" && captured.reason === "service") return null;
  const { language } = together;
  if (captured.type !== "captured")
    return refuse(ctx, { ...at, ...(language !== undefined && { language }) }, captured, messages);
  const taken = takenOf(together);
  const next = { ...at, together: { ...together, offers: [...together.offers, captured] } };
  const isComment = taken?.version.kind === "text" && !taken.forwarded;
  if (captured.forwarded && isComment) return swap(deps, ctx, next, draft, captured, "together-forward");
  await ctx.reply(ctx.t("together-first", { post: taken ? postName(ctx.t, taken.version) : "" }), {
    reply_markup: { inline_keyboard: [[insteadButton(ctx.t, draft, captured)]] },
  });
  return { ...next, keyboard: [[insteadButton(ctx.t, draft, captured)], ...at.keyboard] };
}

export async function insteadTapped(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  argument: string,
): Promise<At> {
  const offer = at.together?.offers.find((one) => idOf(one) === argument);
  if (offer && idOf(offer) !== at.together?.taken) return swap(deps, ctx, at, draft, offer, "together-now");
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: ctx.t("offer-gone") });
  return at;
}

/** Makes another message the post, and offers the previous one in turn. */
async function swap(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  offer: Offer,
  words: "together-forward" | "together-now",
): Promise<At> {
  const { t } = ctx;
  const { together } = at;
  const before = together && takenOf(together);
  if (!together || !before) return at;
  const campaign = await getDraft(deps.scope, draft);
  const content = swapped(campaign.content, together.language ?? null, before, offer);
  await editDraft(deps.scope, ctx.actor, campaign, { content });
  const back = insteadButton(t, draft, before);
  const text = [t(words, { post: postName(t, offer.version) }), ...notesOn(ctx, offer)].join("\n");
  if (ctx.callbackQuery) await editTapped(ctx, text, { inline_keyboard: [[back]] });
  else await ctx.reply(text, { reply_markup: { inline_keyboard: [[back]] } });
  const next = await redraw(deps, ctx, { ...at, keyboard: [[back], ...at.keyboard] }, draft, content);
  const takenAt = at.takenAt === undefined ? {} : { takenAt: at.takenAt };
  return { ...next, ...takenAt, together: { ...together, taken: idOf(offer) } };
}

/** Buttons and the effect that came with the previous message go with it; those chosen since then stay. */
function swapped(
  content: Content,
  language: string | null,
  from: Offer,
  { version, effect }: Offer,
): Content {
  const before = language === null ? content : content.versions?.[language];
  const came = isDeepStrictEqual(withoutIds(before?.buttons ?? []), from.version.buttons ?? []);
  const buttons = version.buttons ?? (came ? (language === null ? [] : undefined) : before?.buttons);
  const next = withVersion(content, language, { ...version, ...(buttons && { buttons }) });
  if (language !== null) return next;
  const { effect: chosen, ...options } = content.options ?? {};
  const wanted = effect ?? (chosen === from.effect ? undefined : chosen);
  const all = { ...options, ...(wanted !== undefined && { effect: wanted }) };
  const { options: _, ...bare } = next;
  return Object.keys(all).length > 0 ? { ...bare, options: all } : bare;
}

function takenOf({ offers, taken }: Together): Offer | undefined {
  return offers.find((offer) => idOf(offer) === taken);
}

function insteadButton(t: Translate, draft: number, offer: Offer): InlineKeyboardButton.CallbackButton {
  const label = t("button-take-other", { post: postName(t, offer.version) });
  return draftButton(draft, label, "instead", idOf(offer));
}

/** Updates the messages to choose from after late parts of an album, or an edit. */
export function withLateChanges(at: At, messages: readonly Message[]): At {
  const { together } = at;
  if (!together) return at;
  const offers = together.offers.map((offer) => {
    const joined = joinAlbum(offer.version, messages) ?? offer.version;
    const [edited] = messages;
    const result = edited && isFrom(joined.source, edited) ? recaptureVersion(joined, edited) : null;
    return { ...offer, version: result?.type === "edited" ? result.edited : joined };
  });
  return { ...at, together: { ...together, offers } };
}

export const togetherStep = {
  taps: {
    instead: ({ deps, ctx, at, draft, argument }: Tap) => insteadTapped(deps, ctx, at, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof togetherStep.taps, "together"> {}
}
