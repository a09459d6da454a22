import { type Alarm, createAlarm } from "../bot/notices/alarm.ts";
import type { Scope } from "../db/scope.ts";
import type { TroubleKind } from "../db/states.ts";
import type { Log } from "../log.ts";
import type { FleetSender } from "./fleet-sender.ts";
import type { RunParts } from "./run-parts.ts";

/** The home's alarm reports whether Telegram and the proxy can be reached. */
const OWN_TROUBLES: ReadonlySet<TroubleKind> = new Set([
  "conflict",
  "webhook",
  "webhook-failing",
  "backlog",
  "unauthorized",
  "stars",
  "unreadable",
  "inbox",
]);

/** Troubles of one sender. Only those that are its own are reported. */
export function createSenderAlarm(
  sender: FleetSender,
  scope: Scope,
  log: Log,
  { clock, tellOwners }: Pick<RunParts, "clock" | "tellOwners">,
): Alarm {
  const alarm = createAlarm({
    scope,
    clock,
    log,
    sender: sender.username ?? String(sender.botId),
    tell: tellOwners,
  });
  return {
    load: alarm.load,
    note: (kind, about) => (OWN_TROUBLES.has(kind) ? alarm.note(kind, about) : undefined),
    over: alarm.over,
    forget: alarm.forget,
    get open() {
      return alarm.open;
    },
    idle: alarm.idle,
  };
}
