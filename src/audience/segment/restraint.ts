import { type SQL, sql } from "drizzle-orm";
import { deliveries, recipients } from "../../db/schema.ts";
import { optedOut, reachable, unreachable, wantsCategory } from "../recipients.ts";
import type { Chosen } from "./audience.ts";

/** What keeps a campaign from people whom it could reach. */
export interface Restraint {
  /** Its category: who left it does not get the campaign. */
  category: number | null;
  /** Null if it may go to everyone, however much they have got. */
  cap: Cap | null;
}

/** Who got `most` campaigns or more since then gets no other. */
export interface Cap {
  /** 0: nobody gets any. */
  most: number;
  since: Date;
  /** The campaigns that can have reached anyone since then. */
  campaigns: readonly GotCampaign[];
}

export interface GotCampaign {
  botId: number;
  id: number;
  /** How many deliveries it has. */
  total: number;
}

export const UNRESTRAINED: Restraint = { category: null, cap: null };

/** The campaigns of a bot by which somebody may be over the cap: none if there are fewer of them than it allows. */
export function countedCampaigns({ most, campaigns }: Cap, botId: number): readonly GotCampaign[] {
  const own = campaigns.filter((one) => one.botId === botId);
  return most > 0 && own.length >= most ? own : [];
}

/** SQL: a delivery has reached its person since then, or may have. */
export function hasGot({ since }: Cap): SQL {
  return sql`state in ('sent', 'uncertain') and settled_at >= ${since.toISOString()}::timestamptz`;
}

/**
 * SQL: a row for each recipient that is chosen. Exactly one of these is true: `gets` (the campaign goes there), `out`
 * (opted out), `lost` (cannot be reached), `unwanted` (left its category), `over` (has got as many campaigns as the cap
 * allows). What people got is added up without a join, so that it needs no statistics.
 */
export function standings({ from, where }: Chosen, { category, cap }: Restraint): SQL {
  const wants = wantsCategory("recipients", category);
  const rows = sql`select ${recipients.botId} as bot_id, ${recipients.chatId} as chat_id, (${reachable} and ${wants}) as fits,
    (${optedOut}) as out, (${unreachable}) as lost, (${reachable} and not ${wants}) as unwanted, false as got
    from ${from} where ${where}`;
  const bots = [...new Set(cap?.campaigns.map(({ botId }) => botId))];
  const counted = cap
    ? bots.map((botId) => countedCampaigns(cap, botId)).filter((own) => own.length > 0)
    : [];
  if (!cap || (cap.most > 0 && counted.length === 0))
    return sql`select bot_id, chat_id, fits as gets, out, lost, unwanted, false as over from (${rows}) r`;
  if (cap.most === 0)
    return sql`select bot_id, chat_id, false as gets, out, lost, unwanted, fits as over from (${rows}) r`;
  const ofBots = counted.map((own) => {
    const ids = `{${own.map(({ id }) => id).join(",")}}`;
    return sql`(bot_id = ${own[0]?.botId} and campaign_id = any(${ids}::bigint[]))`;
  });
  const isOver = sql`count(*) filter (where got) >= ${cap.most}::int`;
  return sql`select bot_id, chat_id, bool_or(fits) and not ${isOver} as gets, bool_or(out) as out, bool_or(lost) as lost,
      bool_or(unwanted) as unwanted, bool_or(fits) and ${isOver} as over
    from (${rows} union all
      select bot_id, chat_id, false, false, false, false, true from ${deliveries}
      where (${sql.join(ofBots, sql` or `)}) and ${hasGot(cap)}) r
    group by bot_id, chat_id having not bool_and(got)`;
}
