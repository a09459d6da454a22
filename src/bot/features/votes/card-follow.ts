import type { CrowdDeps } from "../../ui/bot-context.ts";

/** How often the cards of a campaign are redrawn for its votes. */
const CARD_MS = 10_000;

/** Redraws the cards of a campaign some time after a vote, once for all votes in between. */
export function createFollower({ clock, engine, stop }: Pick<CrowdDeps, "clock" | "engine" | "stop">) {
  const behind = new Set<number>();
  return async function cardsFollow(campaignId: number): Promise<void> {
    if (behind.has(campaignId)) return;
    behind.add(campaignId);
    await clock.sleep(CARD_MS, stop);
    behind.delete(campaignId);
    engine.touch(campaignId);
  };
}
