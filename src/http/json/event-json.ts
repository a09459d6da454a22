import type { CampaignEventJson } from "../shapes/event-shapes.ts";
import type { Standing } from "../../campaign/campaign-standing.ts";
import { countersToJson } from "./campaign-json.ts";
import { momentOf } from "./moments.ts";

/** What a client is told of a campaign. */
export function standingToJson(standing: Standing): CampaignEventJson {
  return {
    number: standing.id,
    bot: standing.botId,
    state: standing.state,
    pause: standing.pauseReason && { reason: standing.pauseReason, detail: standing.pauseDetail },
    cancel_reason: standing.cancelReason,
    revision: standing.revision,
    content_revision: standing.contentRevision,
    starts_at: momentOf(standing.startsAt),
    started_at: momentOf(standing.startedAt),
    finished_at: momentOf(standing.finishedAt),
    updated_at: standing.updatedAt.toISOString(),
    counters: countersToJson(standing),
  };
}
