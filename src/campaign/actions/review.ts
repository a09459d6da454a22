import type { Actor } from "../../access/actor.ts";
import { authorizeOn } from "../authorize-on.ts";
import { type LanguageGroup, isForChats } from "../../audience/segment/audience.ts";
import type { Finding } from "../../content/check.ts";
import type { HomeScope } from "../../db/scope.ts";
import { endsAt } from "../../schedule/window.ts";
import type { Campaign } from "../campaign.ts";
import { type ChangeFacts, changeFactsOf } from "../change-facts.ts";
import { mustBeTyped } from "../confirmation.ts";
import { type Costs, type SendingRate, costsOf, costsTogether } from "../costs.ts";
import { findingsOf, isFaulty } from "../findings.ts";
import { knownAttributesOf } from "../known-attributes.ts";
import { type PreviewResult, currentFaults } from "../preview-faults.ts";
import { getDraft } from "../queries.ts";
import { type RecipientCount, countLanguagesOf, countRecipients } from "../recipients-of.ts";
import { startOf } from "../start-time.ts";

/** Everything an admin should know about a draft before it is sent. */
export interface Review {
  draft: Campaign;
  /** When it would start; null for at once. */
  startsAt: Date | null;
  /** When the last message would be sent. */
  endsAt: Date;
  count: RecipientCount;
  /** The people by language, most spoken first; empty for chats. */
  groups: LanguageGroup[];
  costs: Costs;
  /** The attributes that the post asks for and that exist. */
  attributes: string[];
  /** Errors first. */
  findings: Finding[];
  /** Why Telegram refused the post as it looks now. */
  faults: PreviewResult[];
  /** It can be sent without changes. */
  sendable: boolean;
  /** `count.reachable` has to be typed to confirm it. */
  typed: boolean;
  /** For a change draft: what it may do to its campaign; null for an ordinary draft. */
  change: ChangeFacts | null;
}

/** @throws DomainError `forbidden`, `not-found`; `conflict` when it is not a draft, or no longer */
export async function review(
  home: HomeScope,
  actor: Actor,
  id: number,
  { now, rateOf, typedFrom }: { now: Date; rateOf: (botId: number) => SendingRate; typedFrom: number },
): Promise<Review> {
  await authorizeOn(home, { actor, action: "review", id });
  const draft = await getDraft(home, id);
  const { content, audience, window } = draft;
  const count = await countRecipients(home, draft, now);
  const groups = isForChats(audience) ? [] : await countLanguagesOf(home, draft, audience, now);
  const startsAt = startOf(draft, now);
  const shares = count.shares ?? [{ botId: draft.botId, sends: count.reachable }];
  const costs = costsTogether(
    shares.map(({ botId, sends }) => costsOf(content, sends, shareOf(groups, sends), rateOf(botId))),
  );
  const known = await knownAttributesOf(home, draft);
  const findings = await findingsOf(home, draft, known);
  const faults = currentFaults(draft);
  return {
    draft,
    startsAt,
    endsAt: endsAt(window, startsAt ?? now, costs.seconds),
    count,
    groups,
    costs,
    attributes: [...known.keys()],
    findings,
    faults,
    sendable: faults.length === 0 && !isFaulty(findings),
    typed: mustBeTyped(count.reachable, typedFrom),
    change: await changeFactsOf(home, draft, now),
  };
}

/** The languages of `count` of these people, as if they spoke them in the same proportion. */
function shareOf(groups: readonly LanguageGroup[], count: number): LanguageGroup[] {
  const all = groups.reduce((sum, group) => sum + group.count, 0);
  return groups.map((group) => ({ ...group, count: all === 0 ? 0 : (group.count * count) / all }));
}
