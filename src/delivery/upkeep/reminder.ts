import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import { countRecipients } from "../../campaign/recipients-of.ts";
import { hasDrifted } from "../../campaign/agreed-count.ts";
import { listToRemind, markReminded } from "../../campaign/to-remind.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Lease } from "./lease.ts";

export interface ReminderDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: Pick<Lease, "held">;
  /** Audiences of at most this size are not worth a reminder. */
  from: number;
  events: Pick<Events, "emit">;
}

const CHECK_MS = 60_000;
const AHEAD_MS = 3_600_000;

/**
 * Checks every minute for large campaigns that start within an hour, and reminds an admin of those whose audience has
 * changed since they agreed to it.
 */
export function createReminder({ scope, clock, log, events, lease, from }: ReminderDeps): Service {
  async function remind(): Promise<void> {
    if (!lease.held()) return;
    const by = new Date(clock.now().getTime() + AHEAD_MS);
    for (const campaign of await listToRemind(scope, by)) {
      const agreed = campaign.agreedCount ?? 0;
      const { reachable } = await countRecipients(scope, campaign, clock.now());
      // Marked first, so that nobody is reminded twice; a process that dies here leaves one reminder out.
      if (!(await markReminded(scope, campaign, clock.now()))) continue;
      if (Math.max(agreed, reachable) > from && hasDrifted(reachable, agreed))
        events.emit("audienceMoved", { campaignId: campaign.id });
    }
  }

  return repeat({
    clock,
    log,
    everyMs: CHECK_MS,
    complaint: "admins cannot be reminded, trying again in a minute",
    work: remind,
  });
}
