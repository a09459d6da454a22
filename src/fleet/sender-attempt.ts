import { Api } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import type { NamedService } from "../background/service.ts";
import { type SenderDoor, createSenderDoor } from "../bot/crowd/sender-door.ts";
import type { Alarm } from "../bot/notices/alarm.ts";
import type { Scope } from "../db/scope.ts";
import { type Engine, createEngine } from "../delivery/engine.ts";
import type { HeldLease } from "../delivery/upkeep/tenure.ts";
import { type Events, createEvents } from "../events.ts";
import type { Log } from "../log.ts";
import type { FleetSender } from "./fleet-sender.ts";
import { forwardEvents } from "./forward-events.ts";
import type { RunParts } from "./run-parts.ts";

/** One attempt to run a sender: an engine and a door cannot be started twice. */
export interface Attempt {
  readonly engine: Engine;
  readonly events: Events;
  readonly services: readonly NamedService[];
  /** Null if Herald answers the sender: its door has one of its own. */
  readonly api: Api | null;
  /** Updates of the sender may have been stored. */
  nudge(): void;
}

export interface AttemptParts {
  sender: FleetSender;
  token: string;
  /** The answer to getMe. */
  me: UserFromGetMe;
  scope: Scope;
  lease: HeldLease;
  alarm: Alarm;
  log: Log;
  /** Aborts when the attempt ends. */
  stop: AbortSignal;
  /** Ends the attempt. */
  fail: (error: unknown) => void;
}

/** As in EngineOptions. */
const RETENTION_DAYS = 90;

/** Telegram refused the token when something was sent. */
export class TokenRefused extends Error {}

export function createAttempt(own: AttemptParts, parts: RunParts): Attempt {
  const { sender, token, scope, lease, alarm, log, fail } = own;
  const { clock, telegram, session, exclusive, leaveLabel } = parts;
  const { paidBroadcast, lateLimitHours, retentionDays, remindFrom } = parts;
  const events = createEvents((error, name) =>
    log.error({ err: error, event: name }, "an event could not be handled"),
  );
  const engine = createEngine({
    scope,
    clock,
    log,
    events,
    telegram: { token, ...telegram },
    rate: sender.rate ?? parts.rate,
    session,
    exclusive,
    leaveLabel,
    lease,
    calmMs: parts.calmMs(),
    batchMs: parts.batchMs,
    freezesInTurn: parts.freezesInTurn,
    ...(paidBroadcast !== undefined && { paidBroadcast }),
    ...(lateLimitHours !== undefined && { lateLimitHours }),
    ...(retentionDays !== undefined && { retentionDays }),
    ...(remindFrom !== undefined && { remindFrom }),
  });
  forwardEvents(events, parts.events, clock);
  events.on("paused", ({ reason }) => {
    if (reason === "unauthorized") fail(new TokenRefused());
  });
  events.on("unreadable", ({ what }) =>
    what === null ? alarm.over("unreadable") : alarm.note("unreadable", { facts: { what } }),
  );
  events.on("starsAccepted", () => alarm.over("stars"));
  events.on("starsRefused", ({ rate }) => alarm.note("stars", { facts: { rate } }));
  const door = sender.handling === "answers" ? doorOf(own, engine, parts) : null;
  const api = sender.handling === "beside" ? apiOf(own, engine, parts) : null;
  const services = [...engine.services, ...(door?.services ?? [])];
  return { engine, events, services, api, nudge: () => door?.nudge() };
}

/** For taps below the posts of a sender that another program answers. */
function apiOf({ token, stop }: AttemptParts, { pacesReplies }: Engine, { client }: RunParts): Api {
  const api = new Api(token, client);
  api.config.use(pacesReplies({ laneOf: () => "crowd", stop }));
  return api;
}

/** The door of its people. */
function doorOf(
  { scope, log, token, me, alarm, lease, stop, fail }: AttemptParts,
  { pacer, pacesReplies }: Engine,
  {
    clock,
    translator,
    gate,
    ownerIds,
    timezone,
    apiOn,
    homeUsername,
    homeToken,
    events,
    client,
    tellOwners,
    ...parts
  }: RunParts,
): SenderDoor {
  const engine = {
    held: lease.held,
    quietUntil: () => pacer.pausedUntil(),
    pacesReplies,
    touch: (campaignId: number) => events.emit("progress", { campaignId, outcomes: 0 }),
  };
  const settings = { ownerIds, timezone, apiOn, homeUsername, ...(gate && { gate }) };
  const bot = { botInfo: me, client };
  return createSenderDoor({
    ...settings,
    scope,
    clock,
    log,
    translator: translator(),
    token,
    homeToken,
    bot,
    alarm,
    stop,
    engine,
    tellOwners: (trouble, until) =>
      tellOwners({ ...trouble, facts: { ...trouble.facts, sender: me.username } }, until),
    onRefused: fail,
    webhookUrl: parts.webhookUrl ?? null,
    retentionDays: parts.retentionDays ?? RETENTION_DAYS,
  });
}
