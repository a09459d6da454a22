import type { Campaign } from "../../../../campaign/campaign.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { paceOf } from "../../../ui/sender-pace.ts";

/** What a review of the draft needs besides the database: the time, the rates of its bots, and when the number is typed. */
export function reviewLimits(deps: BotDeps, { homeId }: Pick<Campaign, "homeId">, now: Date) {
  const status = deps.engine.status();
  const rateOf = (botId: number) => paceOf(status, { homeId, botId }).rate;
  return { now, rateOf, typedFrom: deps.confirmTypedFrom };
}
