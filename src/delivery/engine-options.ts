import type { LimitFunction } from "p-limit";
import type { SendApi } from "../telegram/api-call.ts";
import type { EditApi } from "../telegram/edit-call.ts";
import type { Proxy } from "../telegram/proxy.ts";
import type { FollowUpApi } from "./follow-ups/follow-ups.ts";
import type { Throttle } from "./pace/throttle.ts";

/** How Telegram is reached. */
export interface TelegramAccess {
  token: string;
  /** The address of the Bot API, without the token. */
  apiRoot: string;
  proxy?: Proxy | null;
  /** A call without an answer for this long is given up as uncertain. Default: 30 s. */
  timeoutSeconds?: number;
  /** Paces calls to groups and channels. Default: 20 messages a minute for each. */
  throttle?: Throttle;
}

/** A stand-in for Telegram, for tests. */
export interface TelegramDouble {
  api: SendApi & FollowUpApi & EditApi;
  /** Rejects when Telegram does not answer. */
  probe: (stop: AbortSignal) => Promise<void>;
}

export interface EngineOptions {
  /** Whether Stars may be spent on a rate above the free one. Default: false; Telegram then answers 429 above it. */
  paidBroadcast?: boolean;
  /** A campaign that is found later than this is held and its author asked, or it expires. Default: 24. */
  lateLimitHours?: number;
  /** How long deliveries and votes are kept after the end of their campaign; 0 keeps them for ever. Default: 90. */
  retentionDays?: number;
  /** Above how many people an admin is reminded of an audience that has changed since they agreed to it. Default: 1,000. */
  remindFrom?: number;
  /**
   * How many ms of sending are claimed, and written down, together. Default: 50. A batch costs little more than a single
   * message, but a crash leaves as much uncertain, and as much still leaves after an admin taps Pause.
   */
  batchMs?: () => number;
  /** Shared by engines whose freezes are to take turns. Default: one of its own. */
  freezesInTurn?: LimitFunction;
  /** How often to look for work while nothing is sent, in ms. Default: 1 s on a server, 5 s on the embedded database. */
  calmMs?: number;
}
