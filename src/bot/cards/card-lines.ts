import { isForChats } from "../../audience/segment/audience.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { type Progress, daysKept, secondsFor, secondsTaken } from "../../campaign/progress.ts";
import type { FailureGroup } from "../../campaign/queries.ts";
import { messagesOf } from "../../content/content.ts";
import { endsAt, waitsUntil } from "../../schedule/window.ts";
import { barOf } from "../ui/bar.ts";
import { actionLines } from "./card-head.ts";
import { postLines } from "./chat-report.ts";
import { planLines, seriesLine } from "../ui/plan-lines.ts";
import { pollLines } from "./poll-lines.ts";
import { contentLines, optionLines, tapLines } from "../ui/post-summary.ts";
import { briefTime, fullTime } from "../ui/times.ts";
import { type Translate, duration, moment, roundRate } from "../ui/words.ts";
import { type CardFacts, cardReader } from "./card-facts.ts";
import { pauseReason, restoredReason } from "./pause-reason.ts";

/* The lines of a card below its title. */

export function stateLines(t: Translate, campaign: Campaign, progress: Progress, facts: CardFacts): string[] {
  switch (campaign.state) {
    case "draft":
    case "scheduled":
      return [];
    case "running":
      // The audience is not frozen yet, and zeros would read as an empty audience.
      if (!campaign.frozenAt && progress.total === 0)
        return [pace(t, campaign, progress, { ...facts, speed: null }), ...late(t, campaign)];
      return [
        bar(t, progress),
        totalsLine(t, progress),
        ...(campaign.frozenAt ? [] : [t("card-freezing")]),
        pace(t, campaign, progress, facts),
        ...late(t, campaign),
        ...steppedIn(t, campaign, facts),
        ...optionLines(t, campaign.content),
        ...feedback(t, campaign, facts),
      ];
    case "paused":
      return [
        bar(t, progress),
        totalsLine(t, progress),
        ...steppedIn(t, campaign, facts),
        ...why(t, campaign, facts),
        ...feedback(t, campaign, facts),
      ];
    case "finished":
      return [
        totalsLine(t, progress, true),
        ...(facts.headline === undefined ? [took(t, campaign, progress)] : []),
        ...late(t, campaign),
        ...steppedIn(t, campaign, facts),
        ...optionLines(t, campaign.content),
        ...feedback(t, campaign, facts),
        ...posted(t, campaign, facts),
        ...details(t, campaign, progress, facts),
      ];
    case "expired":
      return [expired(t, campaign, facts)];
    case "cancelled":
      if (campaign.startedAt === null) return [...steppedIn(t, campaign, facts), t("card-cancelled-before")];
      return [
        totalsLine(t, progress),
        ...steppedIn(t, campaign, facts),
        t(peopleOrChats(campaign, "card-cancelled", "card-cancelled-chats"), { left: progress.left }),
        ...feedback(t, campaign, facts),
        ...posted(t, campaign, facts),
        ...details(t, campaign, progress, facts),
      ];
  }
}

/** How people responded: taps on its buttons, votes in its poll, and who left by the button under it. */
function feedback(t: Translate, campaign: Campaign, { taps, polls }: CardFacts): string[] {
  const { content } = campaign;
  return [...tapLines(t, content, taps), ...pollLines(t, content, polls), ...departedLine(t, campaign)];
}

export function departedLine(t: Translate, { departed }: Pick<Campaign, "departed">): string[] {
  return departed > 0 ? [t("card-departed", { count: departed })] : [];
}

function bar(t: Translate, { share }: Progress): string {
  const percent = Math.floor(share * 100);
  return `${barOf(percent)} ${t("card-share", { share: percent })}`;
}

/** The counts always add up to the total. Rare outcomes are left out while zero, and so is `left` at the end. */
export function totalsLine(t: Translate, progress: Progress, isOver = false): string {
  const { sent, blocked, failed, skipped, uncertain, left } = progress;
  return [
    t("card-sent", { count: sent }),
    t("card-blocked", { count: blocked }),
    t("card-failed", { count: failed }),
    ...(skipped > 0 ? [t("card-skipped", { count: skipped })] : []),
    ...(uncertain > 0 ? [t("card-uncertain", { count: uncertain })] : []),
    ...(left > 0 || !isOver ? [t("card-left", { count: left })] : []),
  ].join(" · ");
}

function pace(t: Translate, { window, content }: Campaign, progress: Progress, facts: CardFacts): string {
  const { now, timezone, locale, speed, quietUntil } = facts;
  const { left, total } = progress;
  const when = (instant: Date) => moment(instant, now, timezone, locale);
  const opens = waitsUntil(window, now);
  if (opens)
    return t(left < total ? "card-waits" : "card-waits-to-begin", {
      opens: briefTime(opens, cardReader(t, facts)),
    });
  if (quietUntil) return t("card-quiet", { time: when(quietUntil) });
  if (speed === null || speed <= 0) return t("card-starting");
  const seconds = secondsFor(left, speed);
  return t("card-speed", {
    // Speed is measured in recipients, but Telegram limits messages, and so the review names messages.
    rate: roundRate(speed * messagesOf(content, content)),
    duration: duration(t, seconds),
    time: when(endsAt(window, now, seconds)),
  });
}

/** Links to the posts in groups and channels. */
function posted(t: Translate, { audience, sent }: Campaign, { posts }: CardFacts): string[] {
  return isForChats(audience) && sent > 0 ? ["", ...postLines(t, posts, sent)] : [];
}

/** Picks the key of the sentence about people or of the one about chats. */
export function peopleOrChats({ audience }: Campaign, ofPeople: string, ofChats: string): string {
  return isForChats(audience) ? ofChats : ofPeople;
}

function steppedIn(t: Translate, campaign: Campaign, facts: CardFacts): string[] {
  return actionLines(campaign, facts.people, cardReader(t, facts));
}

/** By how much the start was late, if it was. */
function late(t: Translate, { lateSeconds }: Campaign): string[] {
  return lateSeconds === null ? [] : [t("card-late", { duration: duration(t, lateSeconds) })];
}

/** A campaign that waits for its time: its post, when it is sent, to whom, and within which hours. */
export function waitingLines(t: Translate, campaign: Campaign, facts: CardFacts): string[] {
  const { audience, startsAt } = campaign;
  const reader = cardReader(t, facts);
  const plan = { ...campaign, recurrence: null }; // runLine() describes the series
  const reach = facts.reachable;
  return [
    ...contentLines(t, campaign.content),
    ...planLines(plan, startsAt, reader, facts.lateLimitHours),
    ...(facts.from === null ? [] : [t("card-from", { bot: facts.from })]),
    ...(reach === null
      ? []
      : [
          t("card-to", {
            audience: facts.audience,
            people: isForChats(audience)
              ? t("audience-chats", { count: reach })
              : t("people", { count: reach }),
          }),
        ]),
    t("card-author", { name: facts.people.author }),
    ...(facts.category === null ? [] : [t("card-category", { name: facts.category })]),
    ...optionLines(t, campaign.content),
    ...steppedIn(t, campaign, facts),
    ...why(t, campaign, facts),
  ];
}

/** Which run of a series it is, and when the next one is. */
export function runLine(t: Translate, campaign: Campaign, facts: CardFacts): string[] {
  const { series } = facts;
  return campaign.run === null || series === null
    ? []
    : ["", seriesLine(campaign.run, series, cardReader(t, facts))];
}

function expired(t: Translate, { startsAt }: Campaign, facts: CardFacts): string {
  const due = startsAt ? fullTime(startsAt, facts) : "";
  return t("card-expired", { due, hours: facts.lateLimitHours });
}

function why(t: Translate, campaign: Campaign, facts: CardFacts): string[] {
  const isRestored = campaign.state === "paused" && campaign.pauseReason === "restored";
  const reason = isRestored ? restoredReason(campaign, cardReader(t, facts)) : pauseReason(t, campaign);
  return reason ? ["", reason] : [];
}

function took(t: Translate, campaign: Campaign, { sent, total }: Progress): string {
  const share = total > 0 ? Math.floor((sent / total) * 1000) / 10 : 0;
  return t("card-took", { sent, total, share, duration: duration(t, secondsTaken(campaign)) });
}

/** Why people were not reached; for an old campaign, that the details have been deleted. */
function details(t: Translate, campaign: Campaign, progress: Progress, { failures }: CardFacts): string[] {
  if (campaign.detailsDroppedAt) return ["", t("card-details-gone", { days: daysKept(campaign) })];
  return reasons(t, progress, failures);
}

function reasons(t: Translate, { uncertain, skipped }: Progress, failures: FailureGroup[]): string[] {
  if (failures.length === 0 && skipped === 0) return [];
  const groups = [...failures, ...(skipped > 0 ? [{ reason: "skipped", count: skipped }] : [])];
  return [
    "",
    t("card-why"),
    ...groups.map(({ reason, count }) => t("card-reason", { reason: t(`reason-${reason}`), count })),
    ...(uncertain > 0 ? ["", t("card-uncertain-note")] : []),
  ];
}
