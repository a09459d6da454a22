import { countAudience } from "../audience/segment.ts";
import type { Scope } from "../db/scope.ts";
import { DomainError } from "../errors.ts";
import { hasDrifted } from "./agreed-count.ts";
import type { Campaign } from "./campaign.ts";

/** What an actor agreed to before a campaign is sent. */
export interface Confirmation {
  /** How many people or chats they were told that it reaches. */
  count: number;
  /** The same number if they typed it, which a large audience takes; null if they only tapped. */
  typedCount: number | null;
}

/** Whether the number of recipients has to be typed before so many are sent to. `typedFrom` is CONFIRM_TYPED_FROM. */
export function mustBeTyped(count: number, typedFrom: number): boolean {
  return count >= typedFrom;
}

/**
 * Holds what was agreed to against the audience as it is now, and returns its number. `agreedBefore` is the number that
 * a scheduled campaign was confirmed with: nobody has to type about the same number again.
 * @throws DomainError `no-audience`, `count-moved`, `count-not-typed`
 */
export async function checkCount(
  scope: Scope,
  { id, audience }: Pick<Campaign, "id" | "audience">,
  { count: agreed, typedCount }: Confirmation,
  typedFrom: number,
  agreedBefore: number | null = null,
): Promise<number> {
  const { reachable } = await countAudience(scope, audience);
  if (reachable === 0) throw new DomainError("no-audience", { id });
  if (hasDrifted(reachable, agreed))
    throw new DomainError("count-moved", { before: agreed, after: reachable });
  const isKnown = agreedBefore !== null && !hasDrifted(reachable, agreedBefore);
  if (mustBeTyped(reachable, typedFrom) && !isKnown && typedCount !== agreed)
    throw new DomainError("count-not-typed", { count: reachable });
  return reachable;
}

/** Whether two times are the same to the second, which is what the buttons of dialogs carry. Null means at once. */
export function isSameStart(one: Date | null, other: Date | null): boolean {
  return seconds(one) === seconds(other);
}

function seconds(at: Date | null): number | null {
  return at && Math.floor(at.getTime() / 1000);
}
