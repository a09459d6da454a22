import type { HomeScope } from "../db/scope.ts";
import { DomainError } from "../errors.ts";
import { hasDrifted } from "./agreed-count.ts";
import type { Campaign } from "./campaign.ts";
import { type RecipientCount, countRecipients } from "./recipients-of.ts";

/** What an actor confirmed before a campaign is sent. */
export interface Confirmation {
  /** The number of people or chats that they were shown. */
  count: number;
  /** The number they typed, which a large audience requires; null if they only tapped. */
  typedCount: number | null;
}

/** True if the number of recipients has to be typed to confirm this many. `typedFrom` is CONFIRM_TYPED_FROM. */
export function mustBeTyped(count: number, typedFrom: number): boolean {
  return count >= typedFrom;
}

/**
 * Compares what was confirmed with the current audience, and returns how many it reaches. `typedFrom` is as in mustBeTyped(), and `agreedBefore` the number that a
 * scheduled campaign was confirmed with: nearly the same number need not be typed again.
 * @throws DomainError `no-audience`, `count-moved`, `count-not-typed`
 */
export async function checkCount(
  home: HomeScope,
  campaign: Campaign,
  { count: agreed, typedCount }: Confirmation,
  { now, typedFrom }: { now: Date; typedFrom: number },
  agreedBefore: number | null = null,
): Promise<RecipientCount> {
  const count = await countRecipients(home, campaign, now);
  const { reachable } = count;
  if (reachable === 0) throw new DomainError("no-audience", { id: campaign.id });
  if (hasDrifted(reachable, agreed))
    throw new DomainError("count-moved", { before: agreed, after: reachable });
  const isKnown = agreedBefore !== null && !hasDrifted(reachable, agreedBefore);
  if (mustBeTyped(reachable, typedFrom) && !isKnown && typedCount !== agreed)
    throw new DomainError("count-not-typed", { count: reachable });
  return count;
}

/** True if two times are the same to the second, the precision of dialog buttons. Null means at once. */
export function isSameStart(one: Date | null, other: Date | null): boolean {
  return seconds(one) === seconds(other);
}

function seconds(at: Date | null): number | null {
  return at && Math.floor(at.getTime() / 1000);
}
