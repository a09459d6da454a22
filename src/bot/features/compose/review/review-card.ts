import { type AudienceCount, type LanguageGroup, isForChats } from "../../../../audience/segment/audience.ts";
import { listBundle } from "../../../../campaign/bundle.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { review as reviewDraft } from "../../../../campaign/actions/review.ts";
import { discardDraft } from "../../../../campaign/actions/discard-draft.ts";
import { FREE_RATE } from "../../../../campaign/progress.ts";
import { sees } from "../../../../db/scope.ts";
import { DomainError } from "../../../../errors.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { waitsUntil } from "../../../../schedule/window.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { rangesOf } from "../../../ui/bundle-words.ts";
import { planLines } from "../../../ui/plan-lines.ts";
import { type Reader, briefTime, epoch, fullTime, readerOf, timeEntity } from "../../../ui/times.ts";
import { describeVersion, optionLines } from "../../../ui/post-summary.ts";
import { type Translate, duration, moment } from "../../../ui/words.ts";
import { categoryLines } from "../../../ui/category-lines.ts";
import type { ChangeFacts } from "../../../../campaign/change-facts.ts";
import { chatFaults } from "../audience/chosen-chats.ts";
import { type At, CLOSED } from "../dialog/at.ts";
import { findingLines, personalLine } from "../../../ui/finding-lines.ts";
import { type Preview, lastPreview, preview, refusalsOf } from "./preview-post.ts";
import { reviewLimits } from "./review-limits.ts";
import { botsInTrouble, lostLines, reviewShares, senderLines, takeOutRows } from "./sender-lines.ts";
import { otherAdmins } from "./testers.ts";
import { versionRows, versionsLine } from "../post/language-versions.ts";
import { type Card, type Keyboard, asDanger, asPrimary } from "../../../ui/card.ts";
import { severalBots } from "../../../ui/sending-bots.ts";
import { nameAudience, reachOf } from "../../../ui/audience-words.ts";
import { type ConfirmationRequest, encodeRequest } from "../dialog/confirmation-request.ts";
import type { DraftVerb, NamesOf, Tap, StepContext } from "../dialog/step.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { sendCard, showCard } from "../dialog/show-card.ts";
import { everywhereArgument } from "./edit-sent-step.ts";
import { useCard } from "./use-card.ts";
import { takeAtReview } from "../when/typed-time.ts";

/** Step 4: the post with its versions, sent by the code that will send it to everyone, and the card below it. */
export async function review(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const shown = await preview(deps, ctx, campaign, true);
  const card = await reviewCard(deps, ctx, campaign, shown);
  const message = await sendCard(ctx, card);
  return { draft, expects: "label", keyboard: card.keyboard, card: message };
}

/**
 * Back to the card, in the message whose button was tapped, because the post is already above it. If the post would look
 * different by now, shows it again.
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

/** Sends all versions of the post as the admin would get them, and the card below them. */
export async function sendTest(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const shown = await preview(deps, ctx, campaign);
  const card = await reviewCard(deps, ctx, campaign, shown);
  const message = await sendCard(ctx, card);
  // If a version cannot be sent, or its source is unknown, the card says why.
  if (ctx.callbackQuery && shown.every(isAccepted))
    await ctx.answerCallbackQuery({ text: ctx.t("test-sent") });
  return { draft, expects: "label", keyboard: card.keyboard, card: message };
}

/** The bot could show it, and Telegram refuses no version. */
function isAccepted({ shown }: Preview): boolean {
  return shown.length > 0 && shown.every(({ fault }) => fault === null);
}

/** Asks first, because the post, its versions, buttons and time would be lost with the draft. */
export async function askDiscard(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const isChange = campaign.changes !== null;
  const yes = t(isChange ? "button-yes-discard-change" : "button-yes-discard");
  const keyboard = [
    [asDanger(draftButton(draft, yes, "discard", "yes")), draftButton(draft, t("button-back"), "back")],
  ];
  const text = t(isChange ? "ask-discard-change" : "ask-discard", { id: numberOf(campaign) });
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "label", keyboard };
}

export async function discard(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { changes } = await getDraft(deps.scope, draft);
  const gone = await discardDraft(deps.scope, ctx.actor, draft);
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
  before: Campaign,
  shown: readonly Preview[],
): Promise<Card> {
  if (before.welcomeFor !== null || before.step) return useCard(deps, ctx, before, shown);
  const { t } = ctx;
  // First, because what Telegram says now decides who is counted, and a group may turn out to have another id.
  const faults = await chatFaults(deps, ctx, before);
  const reader = readerOf(deps, ctx);
  const { now } = reader;
  const limits = reviewLimits(deps, before, now);
  const found = await reviewDraft(deps.scope, ctx.actor, before.id, limits);
  const { draft: campaign, startsAt: start, endsAt: done, count, groups, findings, change } = found;
  const { rate, seconds, stars } = found.costs;
  const { content } = campaign;
  const forChats = isForChats(campaign.audience);
  const bots = await severalBots(deps.scope);
  const troubled = botsInTrouble(found, shown);
  const refusals = refusalsOf(t, campaign, found.faults, bots);
  const doubts = [...findingLines(t, content, findings, bots), ...lostLines(t, shown)];
  const text = [
    ...(change
      ? [...changeTitle(t, change), ...(await othersLine(deps, t, campaign))]
      : [t("review-title", { id: String(campaign.id) })]),
    t("review-post", { post: describeVersion(t, content, content) }),
    ...senderLines(t, bots, campaign, shown),
    ...versionsLine(t, campaign, groups, reader.locale),
    ...(change?.mends
      ? []
      : [
          t("review-to", {
            audience: await nameAudience(deps.scope, t, campaign),
            people: reachOf(t, campaign.audience, count),
            left: leftOut(ctx, count, forChats),
          }),
          ...reviewShares(t, bots, found),
          ...planLines(campaign, start, reader, deps.lateLimitHours),
        ]),
    ...(await categoryLines(deps, t, campaign)),
    ...optionLines(t, content),
    ...personalLine(t, content, found.attributes),
    // A few posts are sent before anyone could read this.
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
  const request = {
    count: count.reachable,
    revision: campaign.revision,
    startsAt: start ? epoch(start) : 0,
  };
  return {
    text,
    entities,
    keyboard: keyboardOf(t, campaign, {
      start,
      change,
      sendable: found.sendable && troubled.length === 0,
      request,
      reader,
      groups,
      takeOut: takeOutRows(t, campaign.id, bots, troubled),
      tested: (await otherAdmins(deps, ctx, campaign)).length > 0,
      again:
        shown.some(({ isUnreachable, trouble }) => isUnreachable || trouble) ||
        findings.some(({ type }) => type === "files-missing"),
    }),
  };
}

interface Offered {
  start: Date | null;
  change: ChangeFacts | null;
  sendable: boolean;
  request: ConfirmationRequest;
  reader: Reader;
  groups: LanguageGroup[];
  takeOut: Keyboard;
  /** There are other admins who can get the test as well. */
  tested: boolean;
  /** The bot that will send it could not show it to this admin, or lacks files of it. */
  again: boolean;
}

function keyboardOf(t: Translate, campaign: Campaign, offered: Offered): Keyboard {
  const { start, change, sendable, request, reader, groups, takeOut, tested, again } = offered;
  const button = (label: string, verb: DraftVerb) => draftButton(campaign.id, t(label), verb);
  const when = button("button-schedule", "when");
  const isAhead = start !== null && start > reader.now;
  const scheduleFor = (time: Date) =>
    draftButton(campaign.id, t("button-schedule-for", { time: briefTime(time, reader) }), "send");
  // The audience and the time are fixed once a campaign has started.
  const mends = change?.mends != null;
  const save = asPrimary(draftButton(campaign.id, t("button-save"), "save", encodeRequest(request)));
  const first = change?.possible
    ? mends
      ? mendRows(t, campaign, change, save)
      : [[save], [when]]
    : change
      ? [[button("button-own-draft", "copy")]]
      : start === null
        ? [[sendNow(t, campaign, reader), when]]
        : [
            ...(isAhead ? [[asPrimary(scheduleFor(start))]] : []),
            [when, button("button-now-instead", "now")],
          ];
  const canStart = change === null || change.possible;
  return [
    ...(again ? [[asPrimary(button("button-try-again", "review"))]] : []),
    ...takeOut,
    ...(sendable || !canStart ? first : mends ? [] : [[when]]),
    ...(canStart
      ? [
          [button("button-edit-post", "edit"), button("button-buttons", "buttons")],
          [...(mends ? [] : [button("button-audience", "audience")]), button("button-options", "options")],
          ...versionRows(t, campaign, groups),
        ]
      : []),
    ...(sendable && tested ? [[button("button-test", "test"), button("button-test-others", "testers")]] : []),
    [
      ...(sendable && !tested ? [button("button-test", "test")] : []),
      button(change ? "button-discard-change" : "button-discard", "discard"),
    ],
  ];
}

/** What a change of a campaign that has started can be for: those who are left, or also those who have the post. */
function mendRows(
  t: Translate,
  campaign: Campaign,
  { mends }: ChangeFacts,
  save: Keyboard[number][number],
): Keyboard {
  if (!mends) return [];
  const label = t("button-edit-everywhere", { count: mends.sent ?? 0 });
  const edit = draftButton(campaign.id, label, "everywhere", everywhereArgument(campaign, false));
  const edits = mends.sent !== null && mends.obstacle === null;
  return [...(mends.saves ? [[save]] : []), ...(edits ? [[mends.saves ? edit : asPrimary(edit)]] : [])];
}

/** `Send now`; outside the sending hours, the button says when sending begins. */
function sendNow(t: Translate, { id, window }: Campaign, reader: Reader): Keyboard[number][number] {
  const opens = waitsUntil(window, reader.now);
  const label = opens ? t("button-send-waits", { opens: briefTime(opens, reader) }) : t("button-send-now");
  return asPrimary(draftButton(id, label, "send"));
}

/** Which campaign the draft changes, and whether the change can still be saved. */
function changeTitle(t: Translate, { id, state, started, possible, mends }: ChangeFacts): string[] {
  const note = !possible
    ? t(started ? "change-too-late" : "change-outrun", { id: String(id), state: t(`state-${state}`) })
    : mends
      ? [
          ...(mends.saves ? [t("change-note-mends", { id: String(id), count: mends.left })] : []),
          ...(mends.sent !== null
            ? [
                mends.obstacle
                  ? t("edit-obstacle", { why: t(`edit-obstacle-${mends.obstacle.why}`) })
                  : t("change-note-sent", { count: mends.sent }),
              ]
            : []),
        ].join("\n")
      : // A campaign that an admin paused, or that was found due too late, does not go out by itself.
        t(state === "paused" ? "change-note-paused" : "change-note", { id: String(id) });
  return [t("change-title", { id: String(id) }), note];
}

/** Which campaigns of its bundle a change leaves as they are. */
async function othersLine(
  { scope }: BotDeps,
  t: Translate,
  { bundleId, changes }: Campaign,
): Promise<string[]> {
  if (bundleId === null) return [];
  const others = (await listBundle(scope, bundleId)).flatMap(({ id, botId }) =>
    id === changes || !sees(scope, botId) ? [] : [id],
  );
  return others.length > 0 ? [t("change-note-alone", { id: String(changes), others: rangesOf(others) })] : [];
}

function leftOut({ t }: HeraldContext, count: AudienceCount, forChats: boolean): string {
  const { optedOut, unreachable, leftCategory = 0, overCap = 0 } = count;
  if (forChats) return unreachable > 0 ? t("review-chats-left", { count: unreachable }) : "none";
  const parts = [
    ...(optedOut > 0 ? [t("review-opted-out", { count: optedOut })] : []),
    ...(unreachable > 0 ? [t("review-unreachable", { count: unreachable })] : []),
    ...(leftCategory > 0 ? [t("review-left-category", { count: leftCategory })] : []),
    ...(overCap > 0 ? [t("review-over-cap", { count: overCap })] : []),
  ];
  const last = parts.pop();
  if (last === undefined) return "none";
  return parts.length > 0 ? t("review-and", { one: parts.join(", "), other: last }) : last;
}

/** A message where only button labels are expected: a typed time, repeat or sending hours are accepted. */
async function takeLabel(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const taken = await takeAtReview(deps, ctx, at);
  if (taken) return taken;
  await ctx.reply(ctx.t("audience-typed"));
  return at;
}

export const reviewStep = {
  takes: { label: takeLabel },
  taps: {
    review: ({ deps, ctx, draft }: Tap) => review(deps, ctx, draft),
    back: ({ deps, ctx, draft }: Tap) => reviewAgain(deps, ctx, draft),
    test: ({ deps, ctx, draft }: Tap) => sendTest(deps, ctx, draft),
    discard: ({ deps, ctx, draft, argument }: Tap) =>
      argument === "yes" ? discard(deps, ctx, draft) : askDiscard(deps, ctx, draft),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof reviewStep.takes, "review"> {}
  interface Verbs extends NamesOf<typeof reviewStep.taps, "review"> {}
}
