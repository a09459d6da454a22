import { isPersonId } from "../../chat-id.ts";
import type { Outcome } from "../../telegram/outcome.ts";
import { backOffMs } from "../shared/backoff.ts";
import type { FollowUp, PutOff } from "./follow-up-queue.ts";

/** What came of a follow-up: it is done, cannot be done, or is tried again later. */
export type FollowUpResult = { followUp: FollowUp } & (
  | { type: "done" }
  | { type: "impossible"; noRights: boolean; description: string }
  | ({ type: "later" } & PutOff)
);

/** What Telegram says when a bot may not delete a message: it lacks the right, or the message is older than 48 h. */
const CANNOT_DELETE = /message can't be deleted/i;

/** The token is refused; it may be replaced. */
const UNAUTHORIZED_MS = 60_000;

/** What a call that did not succeed means for its follow-up. `now` is wall-clock time. */
export function resultOf(followUp: FollowUp, outcome: Outcome, now: Date): FollowUpResult {
  const later = (ms: number, counts: boolean): FollowUpResult => ({
    type: "later",
    followUp,
    dueAt: new Date(now.getTime() + ms),
    counts,
  });
  switch (outcome.type) {
    case "deferred":
      return later(outcome.waitMs, false);
    case "stumbled":
    case "uncertain": // repeating what was done changes nothing
      return later(backOffMs(followUp.attempts), true);
    case "refused":
      if (outcome.class === "unauthorized") return later(UNAUTHORIZED_MS, false);
      return {
        type: "impossible",
        followUp,
        noRights: outcome.class === "no-rights" || CANNOT_DELETE.test(outcome.description),
        description: outcome.description,
      };
    case "migrated":
      // The messages of a group do not move with it.
      return { type: "impossible", followUp, noRights: false, description: "the group became a supergroup" };
    case "sent":
    case "postponed":
    case "unpaid":
    case "withheld":
      throw new Error(`a follow-up cannot come to ${outcome.type}`);
  }
}

/** Chats in which a follow-up of one campaign was refused for lack of rights. */
export interface RefusedFollowUps {
  campaignId: number;
  what: FollowUp["what"];
  chatIds: number[];
}

/** One entry for each campaign and kind. Leaves out people's chats, in which there are no rights to grant. */
export function refusedIn(results: readonly FollowUpResult[]): RefusedFollowUps[] {
  const refused = new Map<string, RefusedFollowUps>();
  for (const result of results) {
    const { campaignId, chatId, what } = result.followUp;
    if (result.type !== "impossible" || !result.noRights || isPersonId(chatId)) continue;
    const key = `${campaignId}.${what}`;
    const known = refused.get(key) ?? { campaignId, what, chatIds: [] };
    known.chatIds.push(chatId);
    refused.set(key, known);
  }
  return [...refused.values()];
}
