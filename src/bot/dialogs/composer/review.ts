import {
  type AudienceCount,
  type LanguageGroup,
  countAudience,
  isForChats,
} from "../../../audience/segment.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { discardDraft } from "../../../campaign/lifecycle.ts";
import { FREE_RATE, secondsFor, starsFor } from "../../../campaign/progress.ts";
import { messagesOf, versionFor } from "../../../content/content.ts";
import { DomainError } from "../../../errors.ts";
import type { Card, Keyboard } from "../../card.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { startOf } from "../../../campaign/scheduling.ts";
import { endsAt, waitsUntil } from "../../../schedule/window.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { planLines } from "../../plan.ts";
import { type Reader, briefTime, epoch, fullTime, readerOf, timeEntity } from "../../times.ts";
import { describeVersion, optionLines } from "../../summary.ts";
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
  numberOf,
  say,
  sendCard,
  showCard,
} from "./dialog.ts";
import { findingLines, findingsOf, isFaulty, personalLine } from "./findings.ts";
import { type Preview, lastPreview, preview, refusalsOf } from "./preview.ts";
import { groupsOf, versionRows, versionsLine } from "./versions.ts";

/**
 * Step 4: the post itself with its versions, sent by the code that will send it to everyone, and under it the card.
 */
export async function review(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const shown = await preview(deps, ctx, campaign, true);
  const card = await reviewCard(deps, ctx, campaign, shown);
  const message = await sendCard(ctx, card);
  return { draft, expects: "label", keyboard: card.keyboard, card: message };
}

/**
 * Back to the card, in the message whose button was tapped: the post stands above it already. One that looks different
 * by now is shown anew.
 */
export async function reviewAgain(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const shown = lastPreview(deps, ctx, campaign);
  if (!shown) return review(deps, ctx, draft);
  const card = await reviewCard(deps, ctx, campaign, shown);
  const message = await showCard(ctx, card);
  return {
    draft,
    expects: "label",
    keyboard: card.keyboard,
    ...(message !== undefined && { card: message }),
  };
}

/** Whether it can go as it is, whatever an old button says. */
export async function isSendable(deps: BotDeps, ctx: HeraldContext, campaign: Campaign): Promise<boolean> {
  const refused = (lastPreview(deps, ctx, campaign) ?? []).some(({ refusal }) => refusal !== null);
  return !refused && !isFaulty(await findingsOf(deps, campaign));
}

export async function sendTest(deps: BotDeps, ctx: HeraldContext, at: At, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const shown = await preview(deps, ctx, campaign);
  // Of what needs a source that is not known, nothing could be shown.
  const failed =
    shown.length > 0
      ? refusalsOf(ctx.t, campaign, shown)
      : findingLines(ctx.t, campaign.content, await findingsOf(deps, campaign));
  if (failed.length > 0) await say(ctx, failed.join("\n"));
  else if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: ctx.t("test-sent") });
  else await ctx.reply(ctx.t("test-sent"));
  return at.draft === null ? { ...at, draft } : at;
}

/** Asks once: the post, its versions, buttons and time would be lost with the draft. */
export async function askDiscard(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const isChange = campaign.changes !== null;
  const yes = t(isChange ? "button-yes-discard-change" : "button-yes-discard");
  const keyboard = [
    [draftButton(draft, yes, "discard", "yes"), draftButton(draft, t("button-back"), "back")],
  ];
  const text = t(isChange ? "ask-discard-change" : "ask-discard", { id: numberOf(campaign) });
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "label", keyboard };
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

async function reviewCard(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  shown: Preview,
): Promise<Card> {
  const { t } = ctx;
  const { content } = campaign;
  const reader = readerOf(deps, ctx);
  const { now } = reader;
  const forChats = isForChats(campaign.audience);
  // First: what Telegram says now decides who is counted.
  const faults = await chatFaults(deps, ctx, campaign.audience);
  const count = await countAudience(deps.scope, campaign.audience);
  const groups = await groupsOf(deps, campaign);
  const start = startOf(campaign, now);
  const { rate, seconds, stars } = costs(deps, campaign, count, groups);
  const done = endsAt(campaign.window, start ?? now, seconds);
  const change = await changeOf(deps, campaign);
  const findings = await findingsOf(deps, campaign);
  const refusals = refusalsOf(t, campaign, shown);
  const doubts = [...findingLines(t, content, findings), ...lostLines(t, shown)];
  const text = [
    ...(change ? changeTitle(t, change) : [t("review-title", { id: String(campaign.id) })]),
    t("review-post", { post: describeVersion(t, content, content) }),
    ...versionsLine(t, campaign, groups, reader.locale),
    ...(change?.mends
      ? []
      : [
          t("review-to", {
            audience: await nameAudience(deps, t, campaign.audience),
            people: reachOf(t, campaign.audience, count),
            left: leftOut(ctx, count, forChats),
          }),
          ...planLines(campaign, start, reader, deps.lateLimitHours),
        ]),
    ...optionLines(t, content),
    ...personalLine(t, content),
    // A few posts are out before this could be read.
    ...((forChats && seconds < 60) || change?.mends
      ? []
      : [
          t("review-takes", {
            duration: duration(t, seconds),
            rate,
            time: moment(done, now, reader.timezone, reader.locale),
          }),
        ]),
    ...(stars > 0 && !change?.mends ? [t("review-stars", { stars, free: FREE_RATE })] : []),
    ...(faults.length > 0 ? ["", ...faults] : []),
    ...(doubts.length > 0 ? ["", ...doubts] : []),
    ...(refusals.length > 0 ? ["", ...refusals] : []),
  ].join("\n");
  const entities = start ? timeEntity(text, fullTime(start, reader), start) : [];
  const agreement = {
    count: count.reachable,
    revision: campaign.revision,
    startsAt: start ? epoch(start) : 0,
  };
  const sendable = refusals.length === 0 && !isFaulty(findings);
  return {
    text,
    entities,
    keyboard: keyboardOf(t, campaign, { start, change, sendable, agreement, reader, groups }),
  };
}

/** How long it takes and what it may cost. Telegram counts messages, and an album is several. */
function costs(
  { engine }: BotDeps,
  { content }: Campaign,
  { reachable }: AudienceCount,
  groups: LanguageGroup[],
): { rate: number; seconds: number; stars: number } {
  const { set, now, paid } = engine.status().rate;
  // Forwarding cannot be paid. A cut after a 429 grows back; without Stars it stays with the free rate.
  const isPaid = paid === "on" && !content.options?.forward;
  const rate = paid === "no-stars" ? now : paid === "on" && !isPaid ? Math.min(set, FREE_RATE) : set;
  const messages =
    groups.length === 0
      ? reachable * messagesOf(content, content)
      : groups.reduce(
          (sum, { language, count }) =>
            sum + count * messagesOf(content, versionFor(content, language).version),
          0,
        );
  // Pins in people's chats take turns with the messages.
  const pins = content.options?.pin && groups.length > 0 ? reachable : 0;
  const seconds = secondsFor(messages + pins, rate);
  return { rate, seconds, stars: isPaid ? starsFor(messages, rate) : 0 };
}

/** The custom emoji that Telegram does not let this bot use. */
function lostLines(t: Translate, shown: Preview): string[] {
  const lostEmoji = shown.reduce((sum, one) => sum + one.lostEmoji, 0);
  const lostIcons = shown.reduce((sum, one) => sum + one.lostIcons, 0);
  return [
    ...(lostEmoji > 0 ? [`· ${t("review-custom-emoji", { count: lostEmoji })}`] : []),
    ...(lostIcons > 0 ? [`· ${t("review-icons", { count: lostIcons })}`] : []),
  ];
}

interface Offered {
  start: Date | null;
  change: ChangeFacts | null;
  sendable: boolean;
  agreement: Agreement;
  reader: Reader;
  groups: LanguageGroup[];
}

function keyboardOf(t: Translate, campaign: Campaign, offered: Offered): Keyboard {
  const { start, change, sendable, agreement, reader, groups } = offered;
  const button = (label: string, verb: DraftVerb) => draftButton(campaign.id, t(label), verb);
  const when = button("button-schedule", "when");
  const isAhead = start !== null && start > reader.now;
  // Whom and when is settled once a campaign has started.
  const mends = change?.mends != null;
  const save = draftButton(campaign.id, t("button-save"), "save", agreementData(agreement));
  const first = change?.possible
    ? [[save], ...(mends ? [] : [[when]])]
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
    ...(sendable || !canStart ? first : mends ? [] : [[when]]),
    ...(canStart
      ? [
          [button("button-edit-post", "edit"), button("button-buttons", "buttons")],
          [...(mends ? [] : [button("button-audience", "audience")]), button("button-options", "options")],
          ...versionRows(t, campaign, groups),
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
function changeTitle(t: Translate, { id, state, started, possible, mends }: ChangeFacts): string[] {
  const note = !possible
    ? t(started ? "change-too-late" : "change-outrun", { id: String(id), state: t(`state-${state}`) })
    : mends
      ? t("change-note-mends", { id: String(id), count: mends.left })
      : // What is paused, by an admin or because it was found too late, does not go out by itself.
        t(state === "paused" ? "change-note-paused" : "change-note", { id: String(id) });
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
