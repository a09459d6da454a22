import type { z } from "@hono/zod-openapi";
import type { KnownChat } from "../../audience/chats.ts";
import type { PeopleCounts } from "../../audience/people-counts.ts";
import type { Planned } from "../../campaign/planned.ts";
import type { PolledCampaign } from "../../campaign/report/poll-results.ts";
import type { CampaignCounts, DeliveryRate, Reach } from "../../campaign/report/statistics.ts";
import { summarize } from "../../content/content.ts";
import type { Calendar, Chat, Statistics } from "../shapes/overview-shapes.ts";

export function chatToJson({ chatId, isForum, canPost, rights, ...chat }: KnownChat): z.infer<typeof Chat> {
  const { present: _, ...may } = rights;
  return {
    id: chatId,
    kind: chat.kind,
    title: chat.title,
    username: chat.username,
    forum: isForum,
    can_post: canPost,
    rights: may,
  };
}

/** What the statistics say; `reach` and `people.joined` are by day. */
export interface StatisticsFacts {
  days: readonly Date[];
  people: PeopleCounts;
  campaigns: CampaignCounts;
  reach: readonly Reach[];
  rates: readonly DeliveryRate[];
  polls: readonly PolledCampaign[];
  rate: { set: number; now: number | null };
}

export function statisticsToJson(facts: StatisticsFacts): z.infer<typeof Statistics> {
  const { days, people, campaigns, reach, rates, polls, rate } = facts;
  return {
    campaigns: {
      running: campaigns.running,
      running_paused: campaigns.paused,
      scheduled: campaigns.scheduled,
      scheduled_paused: campaigns.held,
      finished: campaigns.finished,
      finished_with_errors: campaigns.withErrors,
      expired: campaigns.expired,
      cancelled: campaigns.cancelled,
    },
    people: {
      active: people.active,
      opted_out: people.optedOut,
      blocked: people.blocked,
      unreachable: people.unreachable,
      languages: people.languages,
    },
    days: days.map((day, index) => ({
      starts_at: day.toISOString(),
      joined: people.joined[index]?.count ?? 0,
      people: people.joined[index]?.total ?? 0,
      reached: reach[index]?.reached ?? 0,
      missed: reach[index]?.missed ?? 0,
    })),
    last_campaigns: rates.map(({ id, ...campaign }) => ({ campaign: id, ...campaign })),
    last_polls: polls.map(({ id, results: { options, ...results } }) => ({
      campaign: id,
      ...results,
      options: options.map(({ text, votes, isRight }) => ({ text, votes, right: isRight })),
    })),
    rate,
  };
}

export function plannedToJson({
  at,
  content,
  botId,
  id,
  what,
}: Planned): z.infer<typeof Calendar>["items"][number] {
  const { kind, opening } = summarize(content);
  const type = what === "goes-on" ? "goes_on" : what;
  return { at: at.toISOString(), type, campaign: id, bot: botId, kind, opening };
}
