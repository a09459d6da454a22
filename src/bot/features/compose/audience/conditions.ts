import {
  type Audience,
  type People,
  NOBODY,
  isForChats,
  isNobody,
} from "../../../../audience/segment/audience.ts";
import { listExamples } from "../../../../audience/segment/examples.ts";
import { printLine } from "../../../../audience/segment/print-line.ts";
import {
  type Segment,
  MOST_CAMPAIGNS,
  MOST_CONDITIONS,
  allOf,
  isWithinLimits,
  partsOf,
} from "../../../../audience/segment/segment.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { countRecipients } from "../../../../campaign/recipients-of.ts";
import { segmentFindings } from "../../../../campaign/segment-findings.ts";
import { scopeOf } from "../../../../db/scope.ts";
import { describeAudience } from "../../../ui/audience-words.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { findingLines } from "../../../ui/finding-lines.ts";
import { showAlert } from "../../../ui/replies.ts";
import { severalBots } from "../../../ui/sending-bots.ts";
import { cut } from "../../../ui/words.ts";
import type { StepContext } from "../dialog/step.ts";

/* The conditions of a draft's audience, for the cards that change them: Filter…, Exclude…, Lists…, Saved…. */

/** People who are named, so that an admin sees whom the conditions mean. */
const NAMED = 10;
/** The most characters of the line and of its words: a message has 4,096. */
const LONGEST = 1_000;

/** Conditions are of people, and narrow those chosen by language: with chats, or nobody, chosen so far, that is nobody. */
export function peopleOf(audience: Audience): People {
  return isForChats(audience) ? NOBODY : audience;
}

/** The same people by other conditions; without any, everyone of the languages. */
export function withParts(before: People, parts: readonly Segment[]): People {
  const { segment: _, ...people } = before;
  return parts.length > 0 ? { ...people, segment: allOf(parts) } : people;
}

/** True if all parts of a segment are among the conditions. */
export function hasSegment(people: People, segment: Segment): boolean {
  const lines = linesOf(people.segment);
  return partsOf(segment).every((part) => lines.has(printLine(part, "en")));
}

/** The conditions with a segment, or without the parts of it. */
export function switchSegment(people: People, segment: Segment, on: boolean): People {
  const [has, switched] = [linesOf(people.segment), linesOf(segment)];
  const parts = partsOf(people.segment);
  return withParts(
    people,
    on
      ? [...parts, ...partsOf(segment).filter((part) => !has.has(printLine(part, "en")))]
      : parts.filter((part) => !switched.has(printLine(part, "en"))),
  );
}

function linesOf(segment: Segment | undefined): Set<string> {
  return new Set(partsOf(segment).map((part) => printLine(part, "en")));
}

/** Says what is wrong instead if that would be more than a line can hold. */
export async function saveConditions(
  deps: BotDeps,
  ctx: StepContext,
  campaign: Campaign,
  audience: People,
): Promise<void> {
  if (audience.segment && !isWithinLimits(audience.segment)) {
    const most = { conditions: MOST_CONDITIONS, campaigns: MOST_CAMPAIGNS };
    await showAlert(ctx, ctx.t("filter-too-long", most));
    return;
  }
  await editDraft(deps.scope, ctx.actor, campaign, { audience });
}

/** The conditions in words and as a line, with how many people they choose, some of their names, and what is wrong with them. */
export async function conditionLines(deps: BotDeps, ctx: StepContext, campaign: Campaign): Promise<string[]> {
  const { t, locale } = ctx;
  const people = peopleOf(campaign.audience);
  const now = deps.clock.now();
  const { reachable } = await countRecipients(deps.scope, { ...campaign, audience: people }, now);
  const names =
    people.segment && reachable > 0
      ? await listExamples(scopeOf(deps.scope, campaign), people, now, NAMED)
      : [];
  const faults = await segmentFindings(deps.scope, { ...campaign, audience: people });
  return [
    `${cut(describeAudience(t, people), LONGEST, "…")}: ${t("people", { count: reachable })}`,
    ...(people.segment ? [cut(printLine(people.segment, locale), LONGEST, "…")] : []),
    ...(isNobody(people) ? [t("audience-nobody")] : []),
    ...(names.length > 0 ? [t("filter-examples", { names: names.join(", ") })] : []),
    ...findingLines(t, campaign.content, faults, await severalBots(deps.scope)),
  ];
}
