import { GrammyError } from "grammy";
import { type AudienceCount, countAudience } from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { discardDraft } from "../../../campaign/lifecycle.ts";
import { FREE_RATE, secondsFor, starsFor } from "../../../campaign/progress.ts";
import { summarize } from "../../../content/content.ts";
import { perform, render } from "../../../content/render.ts";
import { DomainError } from "../../../errors.ts";
import { type Card, describeAudience } from "../../card.ts";
import { getDraft } from "../../../campaign/queries.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { duration, moment } from "../../words.ts";
import { type At, CLOSED, draftButton, showCard } from "./dialog.ts";

/** Step 4: the post itself, sent by the code that will send it to everyone, and under it the card. */
export async function review(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const refusal = await preview(ctx, campaign);
  const card = await reviewCard(deps, ctx, campaign, refusal);
  await ctx.reply(card.text, { reply_markup: { inline_keyboard: card.keyboard } });
  return { draft, expects: "label", keyboard: card.keyboard };
}

/** Back to the card, in the message whose button was tapped; the post stands above it already. */
export async function reviewAgain(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const card = await reviewCard(deps, ctx, await getDraft(deps.scope, draft), null);
  await showCard(ctx, card);
  return { draft, expects: "label", keyboard: card.keyboard };
}

export async function sendTest(deps: BotDeps, ctx: HeraldContext, at: At, draft: number): Promise<At> {
  const refusal = await preview(ctx, await getDraft(deps.scope, draft));
  const text = refusal === null ? ctx.t("test-sent") : ctx.t("test-failed", { description: refusal });
  if (ctx.callbackQuery)
    await ctx.answerCallbackQuery({ text: text.slice(0, 200), show_alert: refusal !== null });
  else await ctx.reply(text);
  return at.draft === null ? { ...at, draft } : at;
}

export async function discard(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const gone = await discardDraft(deps.scope, draft, ctx.from?.id ?? 0);
  if (!gone) throw new DomainError("not-found", { id: draft });
  await showCard(ctx, { text: ctx.t("discarded", { id: String(draft) }), keyboard: [] });
  return CLOSED;
}

/** Sends the post to the admin. Null, or why Telegram refuses it. */
async function preview(ctx: HeraldContext, { content }: Campaign): Promise<string | null> {
  try {
    await perform(ctx.api.raw, render(content, ctx.chat?.id ?? 0));
    return null;
  } catch (error) {
    if (error instanceof GrammyError && error.error_code === 400) return error.description;
    throw error;
  }
}

async function reviewCard(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  refusal: string | null,
): Promise<Card> {
  const { t } = ctx;
  const { scope, clock, engine, timezone } = deps;
  const count = await countAudience(scope, campaign.audience);
  const { set, now, paid } = engine.status().rate;
  // A cut after a 429 grows back; without Stars it stays with the free rate.
  const rate = paid === "no-stars" ? now : set;
  const seconds = secondsFor(count.reachable, rate);
  const stars = paid === "on" ? starsFor(count.reachable, rate) : 0;
  const done = new Date(clock.now().getTime() + seconds * 1000);
  const { kind, characters, buttons } = summarize(campaign.content);
  const text = [
    t("review-title", { id: String(campaign.id) }),
    t("review-post", { kind: t(`kind-${kind}`), characters, buttons }),
    t("review-to", {
      audience: describeAudience(t, campaign.audience),
      people: t("people", { count: count.reachable }),
      left: leftOut(ctx, count),
    }),
    t("review-when"),
    t("review-takes", {
      duration: duration(t, seconds),
      rate,
      time: moment(done, clock.now(), timezone, ctx.locale),
    }),
    ...(stars > 0 ? [t("review-stars", { stars, free: FREE_RATE })] : []),
    ...(refusal === null ? [] : ["", t("review-refused", { description: refusal })]),
  ].join("\n");
  const button = (label: string, verb: Parameters<typeof draftButton>[2]) =>
    draftButton(campaign.id, t(label), verb);
  const sendable = refusal === null;
  return {
    text,
    keyboard: [
      ...(sendable ? [[button("button-send-now", "send")]] : []),
      [button("button-edit-post", "edit"), button("button-buttons", "buttons")],
      [button("button-audience", "audience")],
      [...(sendable ? [button("button-test", "test")] : []), button("button-discard", "discard")],
    ],
  };
}

function leftOut({ t }: HeraldContext, { optedOut, unreachable }: AudienceCount): string {
  const parts = [
    ...(optedOut > 0 ? [t("review-opted-out", { count: optedOut })] : []),
    ...(unreachable > 0 ? [t("review-unreachable", { count: unreachable })] : []),
  ];
  const [one, other] = parts;
  if (one === undefined) return "none";
  return other === undefined ? one : t("review-and", { one, other });
}
