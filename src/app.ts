import { setMaxListeners } from "node:events";
import { hostname } from "node:os";
import { Api } from "grammy";
import { type DailyBackups, type DailyBackupsDeps, createDailyBackups } from "./backup/daily-backups.ts";
import { collectAfterStart, collectGarbage } from "./background/garbage.ts";
import type { NamedService, Service } from "./background/service.ts";
import { createSupervisor } from "./background/supervisor.ts";
import type { EngineFacts } from "./bot/ui/bot-context.ts";
import { type DoorEngine, type DoorSettings, createDoor } from "./bot/door.ts";
import { createGate } from "./bot/updates/turnstile.ts";
import { FREE_RATE } from "./campaign/progress.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { databaseFacts } from "./db/database-facts.ts";
import type { Nudge } from "./db/nudges.ts";
import { homeScope } from "./db/scope.ts";
import { vacuumPglite } from "./db/embedded/pglite-vacuum.ts";
import { type Database, openDatabase as openDatabaseAt } from "./db/open/open-database.ts";
import { createLeaveLabel } from "./bot/ui/leave-label.ts";
import type { EngineOptions } from "./delivery/engine-options.ts";
import { type Engine, createEngine } from "./delivery/engine.ts";
import { StartError } from "./errors.ts";
import { type Events, createEvents } from "./events.ts";
import { type HomeFleet, createHomeFleet } from "./fleet/home-fleet.ts";
import type { ListSenders } from "./fleet/fleet-sender.ts";
import { heartbeatFile, startHeartbeat } from "./heartbeat.ts";
import type { HttpDoor, HttpDoorParts } from "./http/http-door.ts";
import type { EngineReadings } from "./http/metrics/engine-readings.ts";
import type { Log } from "./log.ts";
import { takeUpSenders } from "./senders/configured-senders.ts";
import { removedBots } from "./senders/purge.ts";
import { apiOfSender, listForFleet } from "./senders/open-senders.ts";
import { noteTokens } from "./senders/managed-token.ts";
import type { SendersParts } from "./senders/senders-parts.ts";
import { createTokenVault } from "./senders/token-vault.ts";
import { TAKEN_OVER, crashOf, introduce } from "./start-errors.ts";
import { createReadiness } from "./readiness.ts";
import { createFetch } from "./telegram/fetch.ts";
import { VERSION } from "./version.ts";
import { createCourier } from "./webhooks/courier/courier.ts";
import { createPreviewBots } from "./preview-bots.ts";
import { createWantedEvents } from "./webhooks/wanted-events.ts";

/** Longer than a long poll, so that only a dead connection hits it. */
const API_TIMEOUT_SECONDS = 60;

const TOO_FAST_FOR_FREE =
  `MESSAGES_PER_SECOND is above ${FREE_RATE}, Telegram's free limit: it will answer 429 and broadcasts will stop and start. ` +
  "Lower it to 28, or pay for the rate with Stars: PAID_BROADCAST=on.";

/** What the process or a test brings with it. */
export interface Surroundings {
  clock?: Clock;
  /** A send without an answer after this long is uncertain. */
  sendTimeoutSeconds?: number;
  openDatabase?: typeof openDatabaseAt;
  listSenders?: ListSenders;
}

export interface Herald {
  username: string;
  /** Where the HTTP API listens; null if it is off. */
  httpAddress: string | null;
  /** Resolves when calls in flight are settled and the database is closed. */
  stop(): Promise<void>;
}

/**
 * Starts Herald: the database, the engine, the Telegram door. `onCrash` is called when it cannot continue: Telegram
 * refuses the token, or another process has taken over.
 * @throws StartError with a sentence for the operator.
 */
export async function startHerald(
  config: Config,
  log: Log,
  onCrash: (error: Error) => void,
  { clock = systemClock, sendTimeoutSeconds, openDatabase = openDatabaseAt, listSenders }: Surroundings = {},
): Promise<Herald> {
  const { telegramApiRoot: apiRoot, proxy, botToken: token, messagesPerSecond: rate, webhookUrl } = config;
  sayWhatIsUnusual(config, log);
  const client = clientFor(apiRoot, proxy);
  const api = new Api(token, client);
  const me = await introduce(api, { apiRoot, proxy, clock });
  const database = await openDatabase(config.database, (sentence) => log.warn(sentence));
  const { embedded, session, ping } = database;
  const exclusive = embedded !== null; // the folder's lock is ours
  const poke = () => engine.poke();
  const stopping = new AbortController();
  const stop = stopping.signal;
  setMaxListeners(0, stop); // every queued reply listens to it
  const events = eventsOf(log);
  const home = homeScope(database.db, me.id, database.nudges);
  const wanted = createWantedEvents({ scope: home, clock, log, events });
  const steered = (botId: number) => (botId === me.id ? poke() : fleet.poke(botId));
  const scope = { ...home, wantedEvents: wanted, ...(exclusive && { onSteered: steered }) };
  const access = accessTo(config, sendTimeoutSeconds);
  const sending = { session, exclusive, rate, leaveLabel: createLeaveLabel(), ...engineOptions(config) };
  const engine = createEngine({ scope, clock, log, events, telegram: { token, ...access }, ...sending });
  const { lease } = engine;
  const apiOf = (botToken: string) => new Api(botToken, client);
  const senders = sendersOf(config, { home: scope, clock, apiOf, manager: api }, events);
  const listed = listSenders ?? (() => listForFleet(senders));
  const gate = createGate();
  const backups = backupsOf(config, { database, lease, events, clock, log });
  const bots = createPreviewBots({ home: api, proxy, log, stop, apiOf, listSenders: listed });
  const shared = { scope, clock, log, events, bots, gate };
  const door = createDoor({
    ...shared,
    engine: doorEngine(engine, rate, poke, () => fleet.statuses()),
    settings: doorSettings(config, embedded?.type ?? null, backups),
    senders,
    apiOf: (botId) => apiOfSender(senders, botId),
    token,
    webhookUrl,
    api,
    bot: { botInfo: me, client },
    ping,
    stop,
    onTokenRefused: (error) => onCrash(crashOf(error)),
  });
  const fleet = createHomeFleet({
    ...shared,
    ...sending,
    ...fleetSettings(config),
    home: scope,
    listSenders: listed,
    telegram: access,
    client,
    homeUsername: me.username,
    homeToken: token,
    runsHome: lease.held,
    tellOwners: door.tellOwners,
    noteToken: noteTokens(senders, log),
  });
  events.on("leaseTaken", () => onCrash(new StartError(TAKEN_OVER)));

  const { isHeard, readiness } = createReadiness({ clock, ping, lease, heardAt: () => door.heardAt });
  const supervisor = createSupervisor(clock, log);
  const http = await httpDoor(config, {
    ...shared,
    telegram: api,
    leaveLabel: sending.leaveLabel,
    engine: () => factsOf(engine, rate),
    senders: fleet.facts,
    intake: fleet.intake,
    vault: senders.vault,
    posts: fleet.posts,
    readiness,
  });
  const courier = createCourier({ scope, clock, log, events, lease, wanted, allowed: config.webhookAllow });
  const nudges = database.nudges?.listener(me.id, nudging(events), fleet.hear);
  // Before the lease is held: a stand-by has to hear when it becomes free, and answers requests as well.
  if (nudges) await supervisor.start([{ name: "nudges", service: nudges, stops: "aside" }]);
  await supervisor.start([{ name: "wanted events", service: wanted.service, stops: "aside" }]);
  if (http) await supervisor.start(httpServices(http, fleet));
  // Also while another process has the home: the senders are shared.
  await supervisor.start(fleetServices(fleet));
  async function takeOver(): Promise<void> {
    if (!(await lease.acquire()) || stop.aborted) return;
    await takeUpSenders(senders, me, log);
    await supervisor.start([
      ...door.firstServices,
      ...engine.services,
      ...upkeepOf(database, clock, log),
      ...door.lastServices,
      ...besideDoor({ elsewhere: fleet.elsewhere, courier, backups }),
      removedBots(senders, lease, log),
    ]);
    if (stop.aborted) return;
    log.info({ bot: me.username, rate, embedded: embedded?.type ?? false }, "Herald is up");
    await collectAfterStart(clock, stop);
  }
  const heartbeat = startHeartbeat(heartbeatFile(token), async () => {
    await ping();
    return isHeard();
  });
  const up = takeOver().catch((error: unknown) => onCrash(crashOf(error)));

  return {
    username: me.username,
    httpAddress: http?.address ?? null,
    async stop() {
      stopping.abort();
      heartbeat.stop();
      await supervisor.stop(async () => {
        await lease.release();
        await up;
      });
      await database.close();
    },
  };
}

function eventsOf(log: Log): Events {
  const events = createEvents((error, name) =>
    log.error({ err: error, event: name }, "an event could not be handled"),
  );
  events.on("atRest", collectGarbage);
  return events;
}

const fleetServices = (fleet: HomeFleet): NamedService[] => [
  { name: "progress for the home", service: fleet.telling, stops: "aside" },
  { name: "senders", service: fleet, stops: "first" },
];

const nudging = (events: Events) => (what: Nudge, campaignId?: number) =>
  events.emit("nudged", { what, ...(campaignId !== undefined && { campaignId }) });

function doorEngine(
  engine: Engine,
  rate: number,
  poke: () => void,
  senders: DoorEngine["senders"],
): DoorEngine {
  return {
    poke,
    held: () => engine.lease.held(),
    quietUntil: () => engine.pacer.pausedUntil(),
    facts: () => factsOf(engine, rate),
    senders,
    pacesReplies: engine.pacesReplies,
  };
}

/** What the holder of the home's lease does besides sending and answering. */
function besideDoor({
  elsewhere,
  courier,
  backups,
}: Record<"elsewhere" | "courier", Service> & { backups: Service | null }): NamedService[] {
  return [
    { name: "other processes", service: elsewhere, stops: "aside" },
    { name: "webhooks", service: courier, stops: "aside" },
    ...(backups ? [{ name: "backups", service: backups, stops: "aside" } as const] : []),
  ];
}

function accessTo({ telegramApiRoot: apiRoot, proxy }: Config, timeoutSeconds: number | undefined) {
  return { apiRoot, proxy, ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
}

function engineOptions(config: Config): EngineOptions {
  const { paidBroadcast, lateLimitHours, retentionDays, confirmTypedFrom } = config;
  return { paidBroadcast, lateLimitHours, retentionDays, remindFrom: confirmTypedFrom };
}

function fleetSettings({ ownerIds, timezone, http, webhookUrl }: Config) {
  return { ownerIds, timezone, apiOn: http !== null, webhookUrl };
}

function sayWhatIsUnusual({ proxy, messagesPerSecond: rate, paidBroadcast }: Config, log: Log): void {
  if (proxy) log.info({ proxy: proxy.address }, "Telegram is reached through a proxy");
  if (rate > FREE_RATE && !paidBroadcast) log.warn({ rate }, TOO_FAST_FOR_FREE);
}

function doorSettings(
  config: Config,
  embedded: DoorSettings["embedded"],
  backups: DailyBackups | null,
): DoorSettings {
  const { ownerIds, timezone, confirmTypedFrom, maxScheduled, lateLimitHours, retentionDays } = config;
  return {
    ownerIds,
    timezone,
    confirmTypedFrom,
    maxScheduled,
    lateLimitHours,
    retentionDays,
    apiOn: config.http !== null,
    version: VERSION,
    embedded,
    proxy: config.proxy?.address ?? null,
    backups,
  };
}

const httpServices = (http: HttpDoor, { intake, posts }: HomeFleet): NamedService[] => [
  { name: "HTTP API", service: http, stops: "first" },
  { name: "relayed updates", service: intake.service, stops: "last" },
  ...(posts ? [{ name: "posted updates", service: posts.service, stops: "aside" } as const] : []),
];

/** Loaded only where it is wanted: zod and hono take up 20 MB. Null if it is off. */
async function httpDoor(
  config: Config,
  parts: Omit<HttpDoorParts, "host" | "port" | "settings">,
): Promise<HttpDoor | null> {
  if (!config.http) return null;
  const { createHttpDoor } = await import("./http/http-door.ts");
  const { host, port, publicUrl } = config.http;
  const { ownerIds, confirmTypedFrom, maxScheduled, lateLimitHours, timezone, webhookAllow } = config;
  const limits = { confirmTypedFrom, maxScheduled, lateLimitHours };
  const settings = { ownerIds, ...limits, timezone, webhookAllow, version: VERSION, publicUrl };
  return createHttpDoor({ ...parts, host, port, settings });
}

/** Of grammY, for everything but campaigns. */
function clientFor(apiRoot: string, proxy: Config["proxy"]) {
  return { apiRoot, timeoutSeconds: API_TIMEOUT_SECONDS, fetch: createFetch(apiRoot, "replies", proxy) };
}

/** Null if none are to be made. */
function backupsOf(
  { backups: { kept, folder }, timezone }: Config,
  {
    database: { db, snapshot },
    ...parts
  }: Pick<DailyBackupsDeps, "lease" | "events" | "clock" | "log"> & {
    database: Database;
  },
): DailyBackups | null {
  if (kept === 0) return null;
  const databaseBytes = async () => (await databaseFacts(db, parts.clock)).sizeBytes;
  return createDailyBackups({ ...parts, snapshot, databaseBytes, folder, kept, timezone });
}

/** What a database cannot do by itself. */
function upkeepOf({ db, embedded }: Database, clock: Clock, log: Log): NamedService[] {
  if (embedded?.type !== "pglite") return [];
  return [{ name: "vacuum", service: vacuumPglite(db, clock, log), stops: "aside" }];
}

function sendersOf(
  { tokenKey, extraBotTokens, paidBroadcast: paysForRate }: Config,
  parts: Pick<SendersParts, "home" | "clock" | "apiOf" | "manager">,
  events: Events,
): SendersParts {
  const onChanged = () => events.emit("nudged", { what: "senders" });
  return { ...parts, vault: createTokenVault(tokenKey, extraBotTokens), paysForRate, onChanged };
}

function factsOf({ lease, pacer, paid, dispatcher }: Engine, rate: number): EngineFacts & EngineReadings {
  return {
    holder: `${hostname()}:${process.pid}`,
    leaseSince: lease.since,
    leaseLost: lease.lost,
    rate: { set: rate, now: pacer.rate, paid: paid.state },
    quietUntil: pacer.pausedUntil(),
    lastWait: pacer.lastWait,
    waits: pacer.waits,
    inFlight: dispatcher.inFlight,
  };
}
