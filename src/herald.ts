import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type RunnerHandle, run } from "@grammyjs/runner";
import { Api, GrammyError, HttpError } from "grammy";
import type { UserFromGetMe } from "grammy/types";
import { pauseAll } from "./campaign/lifecycle.ts";
import { languageOf } from "./audience/recipient.ts";
import { ALLOWED_UPDATES, createBot } from "./bot/bot.ts";
import { campaignCard, pauseNotice } from "./bot/card.ts";
import { showAllCommands } from "./bot/commands/menu.ts";
import { loadWords, localeFor } from "./bot/words.ts";
import { type Campaign, isOver } from "./campaign/campaign.ts";
import { countRetryable, groupFailures } from "./campaign/queries.ts";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { openDatabase } from "./db/connect.ts";
import type { CardView } from "./db/states.ts";
import { createDispatcher } from "./delivery/dispatcher.ts";
import { interactive } from "./delivery/interactive.ts";
import { createLease } from "./delivery/lease.ts";
import { createPacer } from "./delivery/pacer.ts";
import { createReporter } from "./delivery/reporter.ts";
import { createSendApi } from "./delivery/sender.ts";
import { createSpeedometer } from "./delivery/speedometer.ts";
import { StartError } from "./errors.ts";
import { heartbeatFile, startHeartbeat } from "./health.ts";
import { type Log, withoutToken } from "./log.ts";

/** Recipients frozen in one transaction: PGlite blocks the process meanwhile, a server does not. */
const FREEZE_SIZE = { embedded: 2_000, server: 10_000 };

/** Longer than a long poll, so that only a dead connection runs into it. */
const API_TIMEOUT_SECONDS = 60;

/** How long polling waits after an error before it asks again. */
const POLL_AGAIN_MS = 2_000;

const REFUSED =
  "Telegram refuses BOT_TOKEN. Copy it again from @BotFather (/mybots → API Token); a revoked token is of no use any more.";

const TAKEN_OVER =
  "Another Herald took over this bot while the database was out of reach from here. Start this one again to stand by.";

/** Updates that are not done by then are given up. */
const UPDATES_STOP_MS = 5_000;

/** A long poll is answered within 30 s; one that stayed silent for so long is no hiccup. */
const POLL_SILENT_MS = 90_000;

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
): Promise<Herald> {
  const clock = systemClock;
  const client = { apiRoot: config.telegramApiRoot, timeoutSeconds: API_TIMEOUT_SECONDS };
  const pacer = createPacer(clock, config.messagesPerSecond);
  const stopping = new AbortController();
  const api = new Api(config.botToken, client);
  const courtesy = interactive({ pacer, clock, log, stop: stopping.signal });
  api.config.use(courtesy);
  const me = await introduce(api, config.telegramApiRoot);

  const database = await openDatabase(config.database);
  const { exclusive } = database;
  const scope = { db: database.db, botId: me.id };
  const translator = loadWords();
  const speedometer = createSpeedometer(clock);
  const words = async (chatId: number) => translator(localeFor(await languageOf(scope, chatId)));

  /** A campaign as the card in a chat shows it. */
  async function drawing(campaign: Campaign, chatId: number, view: CardView) {
    const over = isOver(campaign.state);
    const { text, keyboard } = campaignCard(await words(chatId), campaign, view, {
      now: clock.now(),
      timezone: config.timezone,
      speed: speedometer.speed(campaign.id),
      quietUntil: pacer.quietUntil(),
      failures: over ? await groupFailures(scope, campaign.id) : [],
      retryable: over ? await countRetryable(scope, campaign.id) : 0,
    });
    return { text, keyboard: { inline_keyboard: keyboard } };
  }

  const reporter = createReporter({
    scope,
    clock,
    log,
    api,
    isQuiet: () => pacer.quietUntil() !== null,
    draw: async (campaign, { chatId, view }) => drawing(campaign, chatId, view),
    notice: async (campaign, chatId) => {
      const { keyboard } = await drawing(campaign, chatId, "card");
      return { text: pauseNotice(await words(chatId), campaign), keyboard };
    },
  });

  const lease = createLease({
    scope,
    clock,
    log,
    exclusive,
    holder: `${hostname()}:${process.pid}:${randomUUID()}`,
    onRegained: () => dispatcher.reclaim(),
    onTaken: () => onCrash(new StartError(TAKEN_OVER)),
  });
  const sendApi = createSendApi(config.botToken, config.telegramApiRoot);
  const dispatcher = createDispatcher({
    scope,
    clock,
    log,
    pacer,
    lease,
    api: sendApi.raw,
    probe: async () => void (await sendApi.getMe()),
    freezeSize: exclusive ? FREEZE_SIZE.embedded : FREEZE_SIZE.server,
    onProgress(campaignId, outcomes) {
      speedometer.add(campaignId, outcomes);
      reporter.touch(campaignId);
    },
    onPaused(campaign) {
      void reporter.tellPaused(campaign);
    },
  });
  const deps = {
    scope,
    clock,
    log,
    translator,
    engine: { poke: dispatcher.poke, refresh: reporter.refresh, rate: config.messagesPerSecond },
    ownerIds: config.ownerIds,
    timezone: config.timezone,
    confirmTypedFrom: config.confirmTypedFrom,
  };
  const bot = createBot(config.botToken, { botInfo: me, client }, deps);
  bot.api.config.use(courtesy);

  let polledAt: number | null = null; // monotonic; null on stand-by
  bot.api.config.use(async (call, method, payload, signal) => {
    const answer = await call(method, payload, signal);
    if (method === "getUpdates" && answer.ok) polledAt = clock.monotonic();
    return answer;
  });

  let polling: RunnerHandle | null = null;
  async function takeOver(): Promise<void> {
    if (!(await lease.acquire())) return;
    await reporter.start();
    await dispatcher.start();
    if (stopping.signal.aborted) return;
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
      if (polling) await drain(polling);
      await dispatcher.stop();
      await reporter.stop();
      await lease.release();
      await up;
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
