import type { CampaignState, WebhookEvent } from "../db/states.ts";
import type { HomeScope } from "../db/scope.ts";
import { noteEvents } from "../webhooks/note-events.ts";
import type { Campaign } from "./campaign.ts";

/** What webhooks are told when a campaign comes into a state. One that is resumed or retried is said to start again. */
const EVENTS = {
  draft: null,
  scheduled: "campaign.scheduled",
  running: "campaign.started",
  paused: "campaign.paused",
  finished: "campaign.finished",
  cancelled: "campaign.cancelled",
  expired: "campaign.expired",
} as const satisfies Record<CampaignState, WebhookEvent | null>;

type Told = Pick<
  Campaign,
  | "botId"
  | "id"
  | "state"
  | "pauseReason"
  | "seriesId"
  | "run"
  | "startsAt"
  | "startedAt"
  | "finishedAt"
  | "total"
  | "sent"
  | "blocked"
  | "deactivated"
  | "unreachable"
  | "failed"
  | "skipped"
  | "uncertain"
>;

/** Tells webhooks which state a campaign has come into, in the transaction that moves it. */
export async function tellWebhooks(tx: HomeScope, campaign: Told): Promise<void> {
  const event = EVENTS[campaign.state];
  if (event) await noteEvents(tx, event, [dataOf(campaign)]);
}

/** Named as in the HTTP API. */
function dataOf({
  botId,
  id,
  state,
  pauseReason,
  seriesId,
  run,
  startsAt,
  startedAt,
  finishedAt,
  ...counted
}: Told) {
  const { total, sent, blocked, deactivated, unreachable, failed, skipped, uncertain } = counted;
  return {
    number: id,
    bot: botId,
    state,
    pause_reason: pauseReason,
    series: seriesId !== null && run !== null ? { number: seriesId, run } : null,
    starts_at: startsAt,
    started_at: startedAt,
    finished_at: finishedAt,
    counters: { total, sent, blocked, deactivated, unreachable, failed, skipped, uncertain },
  };
}
