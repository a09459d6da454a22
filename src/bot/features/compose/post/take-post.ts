import type { Message } from "grammy/types";
import { EVERYONE } from "../../../../audience/segment/audience.ts";
import { createDraft } from "../../../../campaign/actions/create-draft.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { getSettings } from "../../../../campaign/settings.ts";
import { type Captured, capture } from "../../../../content/capture.ts";
import { type Content, type Version, withVersion } from "../../../../content/content.ts";
import { messagesIn } from "../../../updates/albums.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { reviewOrBelow } from "./below.ts";
import { type At, type Offer, NO_DRAFT } from "../dialog/at.ts";
import { draftButton, offers } from "../dialog/draft-button.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";
import { botsAt } from "./from-bot.ts";
import { askAnotherPost } from "./ask-post.ts";

/** Takes the post. If it cannot be sent, says why, and the dialog waits for another one. */
export async function takePost(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const messages = messagesIn(ctx);
  if (messages.length === 0) return at;
  const captured = capture(messages);
  if (captured.type === "captured") {
    const next = await take(deps, ctx, at, captured);
    const { language } = at;
    const together = {
      offers: [captured],
      taken: idOf(captured),
      ...(language !== undefined && { language }),
    };
    return { ...next, together, ...(messages[0] && { takenAt: messages[0].date }) };
  }
  return refuse(ctx, at, captured, messages);
}

/** Says why a post cannot be sent, and offers to send it as two messages if that is possible. */
export async function refuse(
  ctx: StepContext,
  at: At,
  refusal: Exclude<Captured, Offer>,
  [first, ...others]: Message[],
): Promise<At> {
  const { t } = ctx;
  const { offer: _, refused: __, refusedAlbum: ___, ...before } = at;
  const rest = { ...before, ...(first && others.length === 0 && { refused: first.message_id }) };
  const album = first?.media_group_id;
  const keyboard = at.keyboard.filter((row) => !offers([row], "split"));
  const whole = refusal.type === "too-long" ? refusal.whole : null;
  const sizes = refusal.type === "too-long" ? { over: refusal.over, limit: refusal.limit } : {};
  const text = t(`refused-${refusal.reason}`, sizes);
  if (!whole) {
    await ctx.reply(text);
    return { ...rest, keyboard, ...(album !== undefined && { refusedAlbum: album }) };
  }
  const row = [draftButton(at.draft ?? NO_DRAFT, t(wayOut(whole.version)), "split", idOf(whole))];
  await ctx.reply(`${text}\n${t("refused-but")}`, { reply_markup: { inline_keyboard: [row] } });
  return { ...rest, keyboard: [row, ...keyboard], offer: whole };
}

function wayOut({ kind }: Version): string {
  if (kind === "text") return "button-split";
  return kind === "photo" ? "button-text-under-photo" : "button-text-below";
}

/** Identifies an offer, so that after several posts in a row, each button takes the post above it. */
export function idOf({ version }: Offer): string {
  return String(version.source?.messageIds[0] ?? 0);
}

/** Takes a post that is too long as two messages. */
export async function splitTapped(deps: BotDeps, ctx: StepContext, at: At, argument: string): Promise<At> {
  const { offer, refused: _, ...rest } = at;
  if (offer && argument === idOf(offer)) return take(deps, ctx, rest, offer);
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: ctx.t("offer-gone") });
  return at;
}

async function take(deps: BotDeps, ctx: StepContext, at: At, captured: Offer): Promise<At> {
  const { version, effect } = captured;
  const notes = notesOn(ctx, captured);
  // Called only once the post is saved.
  const sayNotes = async () => (notes.length > 0 ? ctx.reply(notes.join("\n")) : undefined);
  if (at.draft !== null) {
    const campaign = await getDraft(deps.scope, at.draft);
    const content = withEffect(
      replaced(campaign.content, at.language ?? null, version),
      // All versions share one effect, that of the default version.
      at.language === undefined ? effect : undefined,
    );
    await editDraft(deps.scope, ctx.actor, campaign, { content });
    await sayNotes();
    return reviewOrBelow(deps, ctx, at.draft, content);
  }
  const { window, options } = await getSettings(deps.scope);
  const post = { ...version, buttons: version.buttons ?? [], ...(options && { options }) };
  const { welcome, step } = at;
  const fresh = {
    content: withEffect(post, effect),
    audience: EVERYONE,
    ...(welcome ? { welcomeFor: welcome.source } : { window }),
    ...(step?.plan && { step: { ...step.plan, since: "" } }),
    // One update makes only one draft, even if it is handled twice.
    originKey: `update:${ctx.update.update_id}`,
  };
  const draft = await createDraft(deps.scope, ctx.actor, fresh, botsAt(at));
  await sayNotes();
  return welcome || step ? reviewOrBelow(deps, ctx, draft.id, draft.content) : ctx.goTo("audience", draft.id);
}

/** What differs from the message that was sent and, for an album, that more parts may follow. */
export function notesOn({ t }: HeraldContext, { version, leftOut, notes }: Offer): string[] {
  return [
    ...(leftOut > 0 ? [t("left-out", { count: leftOut })] : []),
    ...notes.map((note) => t(`note-${note}`)),
    ...(version.source?.albumId === undefined ? [] : [t("album-parts", { count: partsOf(version) })]),
  ];
}

export function partsOf(version: Version): number {
  return version.kind === "album" ? version.parts.length : 1;
}

/** Keeps the buttons of the previous post, unless the new one has its own. */
function replaced(content: Content, language: string | null, version: Version): Content {
  const before = language === null ? content : content.versions?.[language];
  const buttons = version.buttons ?? before?.buttons;
  return withVersion(content, language, { ...version, ...(buttons && { buttons }) });
}

/** Gives the post the effect of the admin's message. Without one, the post keeps what it had. */
function withEffect(content: Content, effect: string | undefined): Content {
  return effect === undefined ? content : { ...content, options: { ...content.options, effect } };
}

export const postStep = {
  takes: { post: takePost },
  taps: {
    edit: ({ deps, ctx, draft }: Tap) => askAnotherPost(deps, ctx, draft),
    split: ({ deps, ctx, at, argument }: Tap) => splitTapped(deps, ctx, at, argument),
  },
  early: ["split" as const],
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof postStep.takes, "post"> {}
  interface Verbs extends NamesOf<typeof postStep.taps, "post"> {}
}
