import type { ApiClientOptions } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import type { LimitFunction } from "p-limit";
import type { CrowdDeps } from "../bot/ui/bot-context.ts";
import type { LeaveLabel } from "../campaign/leave-button.ts";
import type { Clock } from "../clock.ts";
import type { Trouble } from "../db/troubles.ts";
import type { EngineOptions } from "../delivery/engine-options.ts";
import type { Events } from "../events.ts";
import type { Log } from "../log.ts";
import type { Proxy } from "../telegram/proxy.ts";
import type { FleetSender } from "./fleet-sender.ts";

/** What all senders of a process share. */
export interface RunParts
  extends
    Pick<CrowdDeps, "gate" | "ownerIds" | "timezone" | "apiOn">,
    Pick<EngineOptions, "paidBroadcast" | "lateLimitHours" | "retentionDays" | "remindFrom"> {
  clock: Clock;
  log: Log;
  /** The home's events, which hear of campaigns whichever bot sends them. */
  events: Events;
  translator: () => CrowdDeps["translator"];
  telegram: { apiRoot: string; proxy: Proxy | null; timeoutSeconds?: number };
  /** Of grammY, for everything but campaigns; shared, so that its connections are. */
  client: ApiClientOptions;
  homeUsername: string;
  homeToken: string;
  /** Below it Telegram posts updates of the senders that Herald answers; null if Herald polls. Default: it polls. */
  webhookUrl?: string | null;
  session: string;
  exclusive: boolean;
  leaveLabel: LeaveLabel;
  /** Messages a second of a sender that has no rate of its own. */
  rate: number;
  /** See EngineOptions. */
  batchMs: () => number;
  /**
   * Starts a few bots at a time. A thousand that start together would open a thousand connections to Telegram, and hold up the
   * renewal of the leases behind thousands of statements for so long that they are lost.
   */
  startsInTurn: LimitFunction;
  /** How often a bot looks for work at rest, in ms. */
  calmMs: () => number;
  /** Freezes of all senders take turns in it: their connections to the database are the same ten. */
  freezesInTurn: LimitFunction;
  /** Tells the owners of a trouble, in the home's chat. Never rejects. */
  tellOwners: (trouble: Trouble, until: Date | null) => Promise<void>;
  /**
   * Telegram has accepted the token and says whose it is, or refuses it since then. True if the sender has another one by
   * now, with which it is about to start anew.
   */
  noteToken: (
    sender: Pick<FleetSender, "botId" | "token">,
    refusedAt: Date | null,
    me?: UserFromGetMe,
  ) => Promise<boolean>;
}
