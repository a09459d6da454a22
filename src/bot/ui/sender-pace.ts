import type { Campaign } from "../../campaign/campaign.ts";
import type { EngineFacts, EngineStatus } from "./bot-context.ts";

/** The rate and the pause of the bot that sends a campaign. The home's rate stands in for a bot that was just added. */
export function paceOf(
  status: Pick<EngineStatus, "rate" | "quietUntil" | "senders">,
  { botId, homeId }: Pick<Campaign, "botId" | "homeId">,
): Pick<EngineFacts, "rate" | "quietUntil"> {
  if (botId === homeId) return status;
  return status.senders?.get(botId) ?? { rate: status.rate, quietUntil: null };
}
