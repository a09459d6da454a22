import { GrammyError } from "grammy";
import { type AudienceCount, countAudience, isForChats } from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { discardDraft } from "../../../campaign/lifecycle.ts";
import { FREE_RATE, secondsFor, starsFor } from "../../../campaign/progress.ts";
import { summarize } from "../../../content/content.ts";
import { perform, render } from "../../../content/render.ts";
import { DomainError } from "../../../errors.ts";
import type { Card, Keyboard } from "../../card.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { startOf } from "../../../campaign/scheduling.ts";
import { endsAt } from "../../../schedule/window.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { planLines, waitsUntil } from "../../plan.ts";
import { type Reader, briefTime, epoch, fullTime, readerOf, timeEntity } from "../../times.ts";
import { type Translate, duration, moment } from "../../words.ts";
import { type ChangeFacts, changeOf } from "./changes.ts";
import { chatFaults, nameAudience, reachOf } from "./chats.ts";
import {
  type Agreement,
  type At,
  type DraftVerb,
  CLOSED,
  agreementData,
  draftButton,
  sendCard,
  showCard,
} from "./dialog.ts";
import { optionsLine } from "./options.ts";

/** Step 4: the post itself, sent by the code that will send it to everyone, and under it the card. */
export async function review(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const refusal = await preview(ctx, campaign);
  const card = await reviewCard(deps, ctx, campaign, refusal);
  await sendCard(ctx, card);
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
  const { changes } = await getDraft(deps.scope, draft);
  const gone = await discardDraft(deps.scope, draft, ctx.from?.id ?? 0);
  if (!gone) throw new DomainError("not-found", { id: draft });
  const text =
    changes === null
      ? ctx.t("discarded", { id: String(draft) })
      : ctx.t("change-dropped", { id: String(changes) });
  await showCard(ctx, { text, keyboard: [] });
  return CLOSED;
}

/** Sends the post to the admin. Null, or why Telegram refuses it. */
async function preview(ctx: HeraldContext, { id, content }: Campaign): Promise<string | null> {
  try {
    for (const call of render(content, { chatId: ctx.chat?.id ?? 0, campaignId: id, seq: 0 }))
      await perform(ctx.api.raw, call);
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
  const { scope, engine } = deps;
  const reader = readerOf(deps, ctx);
  const { now } = reader;
  const forChats = isForChats(campaign.audience);
  // First: what Telegram says now decides who is counted.
  const faults = await chatFaults(deps, ctx, campaign.audience);
  const count = await countAudience(scope, campaign.audience);
  const start = startOf(campaign, now);
  const { set, now: left, paid } = engine.status().rate;
  // A cut after a 429 grows back; without Stars it stays with the free rate.
  const rate = paid === "no-stars" ? left : set;
  const seconds = secondsFor(count.reachable, rate);
  const stars = paid === "on" ? starsFor(count.reachable, rate) : 0;
  const done = endsAt(campaign.window, start ?? now, seconds);
  const { kind, characters, buttons } = summarize(campaign.content);
  const change = await changeOf(deps, campaign);
  const options = optionsLine(t, campaign.content);
  const text = [
    ...(change ? changeTitle(t, change) : [t("review-title", { id: String(campaign.id) })]),
    t("review-post", { kind: t(`kind-${kind}`), characters, buttons }),
    t("review-to", {
      audience: await nameAudience(deps, t, campaign.audience),
      people: reachOf(t, campaign.audience, count),
      left: leftOut(ctx, count, forChats),
    }),
    ...planLines(campaign, start, reader, deps.lateLimitHours),
    ...(options === null ? [] : [options]),
    // A few posts are out before this could be read.
    ...(forChats && seconds < 60
      ? []
      : [
          t("review-takes", {
            duration: duration(t, seconds),
            rate,
            time: moment(done, now, reader.timezone, reader.locale),
          }),
        ]),
    ...(stars > 0 ? [t("review-stars", { stars, free: FREE_RATE })] : []),
    ...(faults.length > 0 ? ["", ...faults] : []),
    ...(refusal === null ? [] : ["", t("review-refused", { description: refusal })]),
  ].join("\n");
  const entities = start ? timeEntity(text, fullTime(start, reader), start) : [];
  const agreement = {
    count: count.reachable,
    revision: campaign.revision,
    startsAt: start ? epoch(start) : 0,
  };
  const sendable = refusal === null;
  return {
    text,
    entities,
    keyboard: keyboardOf(t, campaign, { start, change, sendable, agreement, reader }),
  };
}

interface Offered {
  start: Date | null;
  change: ChangeFacts | null;
  sendable: boolean;
  agreement: Agreement;
  reader: Reader;
}

function keyboardOf(t: Translate, campaign: Campaign, offered: Offered): Keyboard {
  const { start, change, sendable, agreement, reader } = offered;
  const button = (label: string, verb: DraftVerb) => draftButton(campaign.id, t(label), verb);
  const when = button("button-schedule", "when");
  const isAhead = start !== null && start > reader.now;
  const first = change?.possible
    ? [[draftButton(campaign.id, t("button-save"), "save", agreementData(agreement))], [when]]
    : change
      ? [[button("button-own-draft", "copy")]]
      : start === null
        ? [[sendNow(t, campaign, reader), when]]
        : [
            ...(isAhead
              ? [
                  [
                    draftButton(
                      campaign.id,
                      t("button-schedule-for", { time: briefTime(start, reader) }),
                      "send",
                    ),
                  ],
                ]
              : []),
            [when, button("button-now-instead", "now")],
          ];
  const canStart = change === null || change.possible;
  return [
    ...(sendable || !canStart ? first : [[when]]),
    ...(canStart
      ? [
          [button("button-edit-post", "edit"), button("button-buttons", "buttons")],
          [button("button-audience", "audience"), button("button-options", "options")],
        ]
      : []),
    [
      ...(sendable ? [button("button-test", "test")] : []),
      button(change ? "button-discard-change" : "button-discard", "discard"),
    ],
  ];
}

/** `Send now`; outside of its hours the button says when sending begins. */
function sendNow(t: Translate, { id, window }: Campaign, reader: Reader): Keyboard[number][number] {
  const opens = waitsUntil(window, reader.now);
  const label = opens ? t("button-send-waits", { opens: briefTime(opens, reader) }) : t("button-send-now");
  return draftButton(id, label, "send");
}

/** Whose change it is, and whether it can still be saved. */
function changeTitle(t: Translate, { id, state, started, possible }: ChangeFacts): string[] {
  const note = possible
    ? // What is paused, by an admin or because it was found too late, does not go out by itself.
      t(state === "paused" ? "change-note-paused" : "change-note", { id: String(id) })
    : started
      ? t("change-too-late", { id: String(id), state: t(`state-${state}`) })
      : t("change-outrun", { id: String(id) });
  return [t("change-title", { id: String(id) }), note];
}

function leftOut({ t }: HeraldContext, { optedOut, unreachable }: AudienceCount, forChats: boolean): string {
  if (forChats) return unreachable > 0 ? t("review-chats-left", { count: unreachable }) : "none";
  const parts = [
    ...(optedOut > 0 ? [t("review-opted-out", { count: optedOut })] : []),
    ...(unreachable > 0 ? [t("review-unreachable", { count: unreachable })] : []),
  ];
  const [one, other] = parts;
  if (one === undefined) return "none";
  return other === undefined ? one : t("review-and", { one, other });
}
