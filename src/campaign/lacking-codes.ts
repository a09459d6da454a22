import { sql } from "drizzle-orm";
import { reachable } from "../audience/recipients.ts";
import { type People, chosenBy, isForChats, querySegment } from "../audience/segment/audience.ts";
import { type HomeScope, scopeOf } from "../db/scope.ts";
import { recipients } from "../db/schema.ts";
import { botsOf } from "./bundle.ts";
import type { Campaign } from "./campaign.ts";
import { countRecipients } from "./recipients-of.ts";
import { countPool } from "./code-pool.ts";

/** How many codes a draft or a scheduled campaign has for those of its audience who have none, and how many it lacks. */
export interface CodeNeed {
  codes: number;
  /** How many others are withheld since a restore. */
  withheld: number;
  people: number;
  lacking: number;
}

type Sent = Parameters<typeof countRecipients>[1] & Pick<Campaign, "codeRound"> & { codePool: number };

/** An upper bound where people have several of the bots, or left the category. */
export async function codeNeedOf(home: HomeScope, campaign: Sent, now: Date): Promise<CodeNeed> {
  const { audience } = campaign;
  const { free: codes, withheld } = (await countPool(home, campaign.codePool)) ?? { free: 0, withheld: 0 };
  const { reachable: all } = await countRecipients(home, campaign, now);
  const people =
    codes >= all || isForChats(audience)
      ? all
      : Math.min(all, await countWithout(home, campaign, audience, now));
  return { codes, withheld, people, lacking: Math.max(0, people - codes) };
}

/** Those of the audience who have no code of this round yet. */
async function countWithout(
  home: HomeScope,
  { botId, bots, codePool, codeRound }: Sent,
  people: People,
  now: Date,
): Promise<number> {
  let without = 0;
  for (const bot of botsOf({ botId, bots })) {
    const scope = scopeOf(home, { botId: bot });
    const { from, where } = chosenBy(scope, people, now);
    const [row] = await querySegment<{ count: number }>(
      scope,
      people,
      sql`select count(*)::int as count from ${from} where ${where} and ${reachable}
          and not exists (select from codes c where c.home_id = ${home.homeId} and c.user_id = ${recipients.chatId}
            and c.pool_id = ${codePool} and c.round = ${codeRound})`,
    );
    without += row?.count ?? 0;
  }
  return without;
}
