import type { SenderStatus } from "../bot/ui/bot-context.ts";
import type { Elsewhere } from "../delivery/upkeep/lease-pool.ts";
import type { ProcessReport } from "../delivery/upkeep/process-report.ts";
import type { FleetSender } from "./fleet-sender.ts";
import type { RunParts } from "./run-parts.ts";
import type { SenderRun } from "./sender-run.ts";

/** What this process tells the others of its senders. */
export function reportOf(runs: Iterable<SenderRun>): ProcessReport {
  const senders: ProcessReport["senders"] = {};
  for (const run of runs) {
    const { state, rate } = run.facts();
    if (state !== "up" || rate.now < rate.set || rate.paid === "no-stars")
      senders[run.sender.botId] = { state, rate };
  }
  return { senders };
}

/** How a sender is doing whose lease this process does not have. */
export function statusElsewhere(
  { username, rate }: FleetSender,
  elsewhere: Elsewhere | undefined,
  parts: Pick<RunParts, "rate" | "paidBroadcast">,
): SenderStatus {
  const set = rate ?? parts.rate;
  const { holder = null, report = null, quietUntil = null } = elsewhere ?? {};
  return {
    username,
    state: holder === null ? "waiting" : (report?.state ?? "up"),
    leaseSince: null,
    rate: report?.rate ?? { set, now: set, paid: parts.paidBroadcast ? "on" : "off" },
    quietUntil,
    troubles: [],
    isHere: false,
  };
}
