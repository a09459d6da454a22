import { type SQL, sql } from "drizzle-orm";
import { isForChats } from "../../audience/segment/audience.ts";
import type { Scope } from "../../db/scope.ts";
import type { Campaign } from "../campaign.ts";

export const GROUPS = ["reached", "answered", "voted"] as const;

/**
 * Those of a campaign's people who got it, who voted or answered at all, or who chose one thing, by its text: a button that
 * takes votes, or an option of a public poll.
 */
export type Group = { who: "reached" } | { who: "answered" } | { who: "voted"; choice: string };

/** True for a campaign to people whose details are still there, and that somebody got. */
export function hasGroups({ audience, sent, detailsDroppedAt }: Campaign): boolean {
  return !isForChats(audience) && sent > 0 && detailsDroppedAt === null;
}

/** SQL: a query of their ids as `chat_id`. It may contain people who are not recipients of the bot. */
export function peopleOf({ botId }: Scope, campaignId: number, group: Group): SQL {
  const votes = sql`select user_id as chat_id from votes where bot_id = ${botId} and campaign_id = ${campaignId}`;
  const answers = sql`select a.voter_id as chat_id from poll_answers a where a.bot_id = ${botId} and a.campaign_id = ${campaignId}`;
  const people =
    group.who === "reached"
      ? sql`select chat_id from deliveries where bot_id = ${botId} and campaign_id = ${campaignId} and state = 'sent'`
      : group.who === "answered"
        ? sql`${votes} union ${answers}`
        : sql`${votes} and choice = ${group.choice} union ${answers} and exists (
            select from polls p, jsonb_array_elements(p.tally -> 'options') o
            where p.bot_id = a.bot_id and p.poll_id = a.poll_id and o ->> 'text' = ${group.choice}
              and o ->> 'id' = any(a.choices))`;
  return sql`select r.chat_id from (${people}) as one
    join recipients r on r.bot_id = ${botId} and r.chat_id = one.chat_id and r.kind = 'person'`;
}
