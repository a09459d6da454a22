import type { Service } from "../background/service.ts";
import { loadWords } from "../bot/ui/words.ts";
import type { Nudge } from "../db/nudges.ts";
import { watchElsewhere } from "./elsewhere.ts";
import { tellHome } from "./tell-home.ts";
import { type HomeIntake, createHomeIntake } from "./home-intake.ts";
import { createKnownSenders } from "./known-senders.ts";
import { type WebhookIntake, createWebhookIntake } from "./webhook-intake.ts";
import { type Fleet, type FleetParts, createFleet } from "./fleet.ts";

/** The fleet of a home, which hears the home's events. */
export interface HomeFleet extends Fleet {
  /** Tells the home what other processes send. Start it with the home's lease. */
  readonly elsewhere: Service;
  /** Tells another process that has the home what the tables do not say at a glance. */
  readonly telling: Service;
  /** Another process nudges a bot other than the home; null stands for any. */
  hear(botId: number | null, what: Nudge): void;
  /** Takes what other programs relay of their bots. */
  readonly intake: HomeIntake;
  /** Takes what Telegram posts; null if Herald polls. */
  readonly posts: WebhookIntake | null;
}

export interface HomeFleetParts extends Omit<FleetParts, "translator"> {
  /** True if this process runs the home. */
  runsHome: () => boolean;
}

export function createHomeFleet(parts: HomeFleetParts): HomeFleet {
  const { home, clock, log, events, runsHome } = parts;
  // Words take memory, which a home without other bots need not spend twice.
  let words: ReturnType<typeof loadWords> | undefined;
  const translator = () => (words ??= loadWords());
  const fleet = createFleet({ ...parts, translator });
  const senders = createKnownSenders(parts);
  events.on("nudged", ({ what, campaignId }) => {
    if (what === "senders") fleet.nudge();
    if (what === "progress" && campaignId !== undefined && runsHome())
      events.emit("progress", { campaignId, outcomes: 0 });
  });
  return {
    ...fleet,
    telling: tellHome(parts),
    elsewhere: watchElsewhere({
      home,
      clock,
      log,
      events,
      isShared: fleet.isShared,
      isHere: (botId) => fleet.facts().has(botId),
      quietUntil: (botId) => fleet.statusOf(botId)?.quietUntil ?? null,
    }),
    intake: createHomeIntake({ ...parts, senders, fleet, translator: (locale) => translator()(locale) }),
    posts: parts.webhookUrl ? createWebhookIntake({ ...parts, senders, fleet }) : null,
    hear(botId, what) {
      if (what === "campaigns") fleet.poke(botId ?? undefined);
      if (what === "lease") fleet.nudge();
      if (what === "updates") fleet.nudgeUpdates(botId ?? undefined);
    },
  };
}
