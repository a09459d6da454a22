import { MOST_BOTS } from "../audience/segment/joint-count.ts";
import { type Audience, isForChats } from "../audience/segment/audience.ts";
import type { HomeScope } from "../db/scope.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";
import { isBotOfHome } from "./home-bots.ts";

/**
 * The columns that say which bots send a draft, in the order chosen; a bot named twice counts once.
 * @throws DomainError `bot-unknown` if one is not a bot of the home; `bots-too-many`; `bots-for-chats` if several are to post
 *   in groups and channels: a chat belongs to the bot that is in it
 */
export async function checkBots(
  home: HomeScope,
  chosen: readonly number[],
  audience: Audience,
): Promise<Pick<Campaign, "botId" | "bots">> {
  const bots = [...new Set(chosen)];
  const [botId] = bots;
  if (botId === undefined) throw new Error("a draft has a bot");
  if (bots.length > MOST_BOTS) throw new DomainError("bots-too-many", { count: MOST_BOTS });
  if (bots.length > 1 && isForChats(audience)) throw new DomainError("bots-for-chats");
  for (const bot of bots) if (!(await isBotOfHome(home, bot))) throw new DomainError("bot-unknown", { bot });
  return { botId, bots: bots.length > 1 ? bots : null };
}
