import { setMaxListeners } from "node:events";
import { hostname } from "node:os";
import { type RunnerHandle, run } from "@grammyjs/runner";
import { Api, GrammyError, HttpError } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import { pauseAll } from "./campaign/lifecycle.ts";
import { ALLOWED_UPDATES, createBot } from "./bot/bot.ts";
import { showAllCommands } from "./bot/commands/menu.ts";
import type { EngineStatus } from "./bot/context.ts";
import { createDrawings } from "./bot/drawings.ts";
import { loadWords } from "./bot/words.ts";
import type { Campaign } from "./campaign/campaign.ts";
import { FREE_RATE } from "./campaign/progress.ts";
import { type MissedChat, listMissed } from "./campaign/posts.ts";
import { findCampaign, listRunning } from "./campaign/queries.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { type Scope, openDatabase as openDatabaseAt } from "./db/connect.ts";
import type { ErrandKind } from "./db/states.ts";
import { createDispatcher } from "./delivery/dispatcher.ts";
import { createErrands } from "./delivery/errands.ts";
import { createFlood } from "./delivery/flood.ts";
import { FREEZE_SIZE } from "./delivery/freezer.ts";
import { interactive } from "./delivery/interactive.ts";
import { createLease } from "./delivery/lease.ts";
import { createPacer } from "./delivery/pacer.ts";
import { createPaid } from "./delivery/paid.ts";
import { saveQuiet } from "./delivery/quiet.ts";
import { createReporter } from "./delivery/reporter.ts";
import { createReminder } from "./delivery/reminder.ts";
import { createRetention } from "./delivery/retention.ts";
import { createSendApi } from "./delivery/sender.ts";
import { createSpeedometer } from "./delivery/speedometer.ts";
import { createThrottle } from "./delivery/throttle.ts";
import { StartError } from "./errors.ts";
import { heartbeatFile, startHeartbeat } from "./health.ts";
import { type Log, withoutToken } from "./log.ts";
import { VERSION } from "./version.ts";

/** Longer than a long poll, so that only a dead connection runs into it. */
const API_TIMEOUT_SECONDS = 60;

/** How long polling waits after an error before it asks again. */
const POLL_AGAIN_MS = 2_000;

const REFUSED =
  "Telegram refuses BOT_TOKEN. Copy it again from @BotFather (/mybots → API Token); a revoked token is of no use any more.";

const TAKEN_OVER =
  "Another Herald took over this bot while the database was out of reach from here. Start this one again to stand by.";

const TOO_FAST_FOR_FREE =
  `MESSAGES_PER_SECOND is above ${FREE_RATE}, Telegram's free limit: it will answer 429 and broadcasts will stop and start. ` +
  "Lower it to 28, or pay for the rate with Stars: PAID_BROADCAST=on.";

/** How often polling looks whether the lease is back. */
const LEASE_LOOK_MS = 250;

/** Updates that are not done by then are given up. */
const UPDATES_STOP_MS = 5_000;

/** For what is left once nothing is sent any more: a batch of old rows, a card, the lease. */
const FAREWELL_MS = 3_000;

/** A long poll is answered within 30 s; one that stayed silent for so long is no hiccup. */
const POLL_SILENT_MS = 90_000;

/** What a test may set otherwise. */
export interface Surroundings {
  clock?: Clock;
  /** After so long without an answer a send is given up as uncertain. */
  sendTimeoutSeconds?: number;
  openDatabase?: typeof openDatabaseAt;
}

export interface Herald {
  username: string;
  /** Resolves when everything in work is settled and the database is closed. */
  stop(): Promise<void>;
}

/**
 * Starts Herald: database, bot, dispatcher, each given what it needs. `onCrash` is called when polling ends by
 * itself, which it does when another program polls with the same token.
 * @throws StartError with a sentence for the operator.
 */
export async function startHerald(
  config: Config,
  log: Log,
  onCrash: (error: Error) => void,
  { clock = systemClock, sendTimeoutSeconds, openDatabase = openDatabaseAt }: Surroundings = {},
): Promise<Herald> {
  const client = { apiRoot: config.telegramApiRoot, timeoutSeconds: API_TIMEOUT_SECONDS };
  const startedAt = clock.now();
  if (config.messagesPerSecond > FREE_RATE && !config.paidBroadcast)
    log.warn({ rate: config.messagesPerSecond }, TOO_FAST_FOR_FREE);
  const pacer = createPacer(clock, config.messagesPerSecond);
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // each reply that waits for its turn listens to it
  const api = new Api(config.botToken, client);
  let keeper: Scope | null = null; // until the database is open, there is nothing to keep
  const keepQuiet = async (until: Date) => (keeper ? saveQuiet(keeper, until) : undefined);
  const courtesy = interactive({
    pacer,
    flood: createFlood(clock),
    clock,
    log,
    keepQuiet,
    stop: stopping.signal,
  });
  api.config.use(courtesy);
  const me = await introduce(api, config.telegramApiRoot);

  const database = await openDatabase(config.database);
  const { exclusive, session } = database;
  const scope = { db: database.db, botId: me.id };
  keeper = scope;
  const translator = loadWords();
  const speedometer = createSpeedometer(clock);
  const drawings = createDrawings({
    scope,
    clock,
    translator,
    timezone: config.timezone,
    lateLimitHours: config.lateLimitHours,
    status: () => status(),
  });
  const reporter = createReporter({
    scope,
    clock,
    log,
    api,
    quietUntil: pacer.quietUntil,
    draw: (campaign, { chatId, view }) => drawings.card(campaign, chatId, view),
    notice: drawings.notice,
  });

  const holder = `${hostname()}:${process.pid}`;
  const lease = createLease({
    scope,
    clock,
    log,
    exclusive,
    holder: session,
    onRegained: () => dispatcher.reclaim(),
    onTaken: () => onCrash(new StartError(TAKEN_OVER)),
  });
  async function tellNoStars(): Promise<void> {
    for (const campaign of await listRunning(scope)) await reporter.tell(campaign, "no-stars");
  }
  const paid = createPaid({
    pacer,
    log,
    allowed: config.paidBroadcast,
    rate: config.messagesPerSecond,
    onRefused: () =>
      void tellNoStars().catch((error: unknown) => log.warn({ err: error }, "not all admins could be told")),
  });
  const throttle = createThrottle();
  const sendApi = createSendApi(config.botToken, config.telegramApiRoot, sendTimeoutSeconds, {
    throttle,
    ...(config.paidBroadcast && { paid }),
  });
  const dispatcher = createDispatcher({
    scope,
    clock,
    log,
    pacer,
    paid,
    lease,
    api: sendApi.raw,
    probe: (stop) => answers(sendApi, stop),
    freezeSize: exclusive ? FREEZE_SIZE.embedded : FREEZE_SIZE.server,
    lateLimitMs: config.lateLimitHours * 3_600_000,
    onProgress(campaignId, outcomes) {
      speedometer.add(campaignId, outcomes);
      reporter.touch(campaignId);
    },
    onPaused(campaign) {
      void reporter.tell(campaign, "paused");
    },
    onLate(campaign) {
      reporter.touch(campaign.id);
      void reporter.tell(campaign, "late");
    },
    onFinished: (campaign) => void tellMissed(campaign).catch(untold),
    onClockSet: () => throttle.renew(),
  });
  /** Groups and channels were chosen by name, so each that a campaign did not get into is told by name. */
  async function tellMissed(campaign: Campaign): Promise<void> {
    const missed = await listMissed(scope, campaign.id);
    if (missed.length > 0) await reporter.tell(campaign, "chats-lost", missed);
  }
  async function tellRefused(campaignId: number, what: ErrandKind, chats: MissedChat[]): Promise<void> {
    const campaign = await findCampaign(scope, campaignId);
    if (campaign) await reporter.tell(campaign, `${what}-failed`, chats);
  }
  const untold = (error: unknown) => log.warn({ err: error }, "not all admins could be told");
  const errands = createErrands({
    scope,
    clock,
    log,
    api: sendApi.raw,
    lease,
    rate: Math.min(config.messagesPerSecond, FREE_RATE),
    sends: pacer,
    onRefused: (campaignId, what, chats) => void tellRefused(campaignId, what, chats).catch(untold),
  });
  const reminder = createReminder({
    scope,
    clock,
    log,
    lease,
    from: config.confirmTypedFrom,
    onMoved: (campaign) => reporter.tell(campaign, "moved"),
  });
  const retention = createRetention({ scope, clock, log, lease, days: config.retentionDays });
  const status = (): EngineStatus => ({
    startedAt,
    holder,
    leaseSince: lease.since,
    leaseLost: lease.lost,
    rate: { set: config.messagesPerSecond, now: pacer.rate, paid: paid.state },
    quietUntil: pacer.quietUntil(),
    lastWait: pacer.lastWait,
    inFlight: dispatcher.inFlight,
    speedOf: (campaignId) => speedometer.speed(campaignId),
  });
  const deps = {
    scope,
    clock,
    log,
    translator,
    engine: { poke: dispatcher.poke, touch: reporter.touch, refresh: reporter.refresh, status },
    stop: stopping.signal,
    ownerIds: config.ownerIds,
    timezone: config.timezone,
    confirmTypedFrom: config.confirmTypedFrom,
    maxScheduled: config.maxScheduled,
    lateLimitHours: config.lateLimitHours,
    retentionDays: config.retentionDays,
    version: VERSION,
    embedded: exclusive,
  };
  const bot = createBot(config.botToken, { botInfo: me, client }, deps);
  bot.api.config.use(courtesy);

  let polledAt: number | null = null; // monotonic; null on stand-by
  bot.api.config.use(async (call, method, payload, signal) => {
    if (method !== "getUpdates") return call(method, payload, signal);
    // Who lost the lease must not poll beside the process that has it now: Telegram would end that one's poll.
    while (!lease.held() && !stopping.signal.aborted) await clock.sleep(LEASE_LOOK_MS, stopping.signal);
    const answer = await call(method, payload, signal);
    if (answer.ok) polledAt = clock.monotonic();
    return answer;
  });

  let polling: RunnerHandle | null = null;
  async function takeOver(): Promise<void> {
    if (!(await lease.acquire()) || stopping.signal.aborted) return;
    await reporter.start();
    const campaigns = (await listRunning(scope)).map(({ id }) => id);
    if (campaigns.length > 0) log.info({ campaigns }, "campaigns go on");
    if (stopping.signal.aborted) return;
    await dispatcher.start();
    retention.start();
    errands.start();
    reminder.start();
    polledAt = clock.monotonic();
    polling = run(bot, {
      // A constant wait: the runner's own doubles without bound, and leaves the bot deaf for hours after an hour offline.
      runner: {
        fetch: { allowed_updates: [...ALLOWED_UPDATES] },
        silent: true,
        retryInterval: POLL_AGAIN_MS,
      },
    });
    polling.task()?.catch(pollingEnded);
    // The menus are a convenience: whatever Telegram says of them, sending goes on.
    showAllCommands(deps, api).catch((error: unknown) =>
      log.warn({ err: error }, "command menus are not set"),
    );
    log.info({ bot: me.username, rate: config.messagesPerSecond, embedded: exclusive }, "Herald is up");
  }
  /** A token that was revoked stops the campaigns, so that none goes on by itself under the next one. */
  async function pollingEnded(error: unknown): Promise<void> {
    const crash = crashOf(error);
    if (error instanceof GrammyError && error.error_code === 401)
      await pauseAll(scope, "unauthorized", error.description).catch((failure: unknown) =>
        log.error({ err: failure }, "campaigns cannot be paused"),
      );
    onCrash(crash);
  }

  const heartbeat = startHeartbeat(heartbeatFile(config.botToken), async () => {
    await database.ping();
    return polledAt === null || clock.monotonic() - polledAt < POLL_SILENT_MS;
  });
  const up = takeOver().catch((error: unknown) => onCrash(crashOf(error)));

  return {
    username: me.username,
    async stop() {
      stopping.abort();
      heartbeat.stop();
      const swept = Promise.all([retention.stop(), reminder.stop(), errands.stop()]);
      await Promise.all([polling && drain(polling), dispatcher.stop()]);
      // A database that is away must not hold up the end: the lease runs out by itself.
      const farewell = async () => {
        await Promise.all([swept, reporter.stop()]);
        await lease.release();
        await up;
      };
      await Promise.race([farewell(), clock.sleep(FAREWELL_MS)]);
      await database.close();
    },
  };
}

/** Stops polling and waits, within bounds, for the updates in work; grammY's runner does not. */
async function drain(polling: RunnerHandle): Promise<void> {
  await polling.stop();
  for (let waited = 0; polling.size() > 0 && waited < UPDATES_STOP_MS; waited += 20)
    await systemClock.sleep(20);
}

/** Resolves when Telegram answers, be it with a refusal. */
async function answers(api: Api, stop: AbortSignal): Promise<void> {
  try {
    await api.getMe(stop as Parameters<Api["getMe"]>[0]);
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code >= 500) throw error;
  }
}

/** Asks Telegram who we are. A refused token or an unreachable Telegram ends the start with a sentence. */
async function introduce(api: Api, apiRoot: string): Promise<UserFromGetMe> {
  try {
    return await api.getMe();
  } catch (error) {
    if (error instanceof GrammyError && (error.error_code === 401 || error.error_code === 404))
      throw new StartError(REFUSED);
    const cause =
      error instanceof HttpError && error.error instanceof Error ? error.error.message : String(error);
    throw new StartError(
      `Telegram cannot be reached at ${apiRoot}: ${withoutToken(cause)}\n` +
        "Check the network, a firewall or proxy, and TELEGRAM_API_ROOT.",
      { cause: error },
    );
  }
}

function crashOf(error: unknown): Error {
  if (error instanceof GrammyError && error.error_code === 401) return new StartError(REFUSED);
  if (error instanceof GrammyError && error.error_code === 409)
    return new StartError(
      "Another program polls Telegram with the same BOT_TOKEN. Stop it, or give Herald a bot of its own.",
    );
  return error instanceof Error ? error : new Error(String(error));
}
