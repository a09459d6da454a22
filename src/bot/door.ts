import { type Api, type BotConfig, GrammyError, type Transformer } from "grammy";
import { listAdmins } from "../access/admins.ts";
import type { NamedService } from "../background/service.ts";
import type { PreviewBots } from "../campaign/post-preview.ts";
import { pauseAll } from "../campaign/engine-moves.ts";
import type { Clock } from "../clock.ts";
import { type HomeScope, type Scope, ownScope } from "../db/scope.ts";
import type { Events } from "../events.ts";
import type { Log } from "../log.ts";
import type { SendersParts } from "../senders/senders-parts.ts";
import type { BotDeps, CrowdDeps, EngineFacts, HeraldContext, SenderStatus } from "./ui/bot-context.ts";
import { createBot } from "./bot.ts";
import { createBallots } from "./features/votes/ballots.ts";
import { type InboxCourier, createInboxCourier } from "./features/inbox/inbox-courier.ts";
import { createHearing } from "./hearing/hearing.ts";
import { type Announcements, createAnnouncements } from "./notices/announcements.ts";
import type { Alarm } from "./notices/alarm.ts";
import { watchDatabase } from "./notices/database-watch.ts";
import { showAllCommands } from "./ui/command-menu.ts";
import type { Gate } from "./updates/turnstile.ts";
import { loadWords } from "./ui/words.ts";

/** The Telegram door: what admins and people see of Herald. */
export interface Door {
  /** Started before the engine's services, because admins and cards have to be ready before anything is sent. */
  readonly firstServices: readonly NamedService[];
  /** Started after the engine's services. */
  readonly lastServices: readonly NamedService[];
  /** Tells the owners of a trouble of another bot. Never rejects. */
  readonly tellOwners: Announcements["tellOwners"];
  /** When Telegram last answered a poll or a look at the webhook, even with a refusal; monotonic. Null before the first. */
  readonly heardAt: number | null;
}

/** What the door needs of the engine of its bot. */
export interface DoorEngine {
  /** A campaign is due now, may continue, or must stop. */
  poke(): void;
  held(): boolean;
  /** End of a pause that Telegram asked for. */
  quietUntil(): Date | null;
  facts(): EngineFacts;
  /** The other senders, whichever process runs them. */
  senders(): ReadonlyMap<number, SenderStatus>;
  /** Makes the calls of an Api share the rate with the campaigns, admins first. */
  pacesReplies(options: { laneOf: (chatId: number) => "admin" | "crowd"; stop: AbortSignal }): Transformer;
}

export type DoorSettings = Pick<
  BotDeps,
  | "ownerIds"
  | "timezone"
  | "confirmTypedFrom"
  | "maxScheduled"
  | "lateLimitHours"
  | "retentionDays"
  | "apiOn"
  | "version"
  | "embedded"
  | "proxy"
  | "backups"
>;

export interface DoorParts {
  scope: HomeScope;
  /** The Api of another bot of the home; null if its token is not known. Default: there are no others. */
  apiOf?: (botId: number) => Promise<Api | null>;
  clock: Clock;
  log: Log;
  events: Events;
  /** The other bots of this home, for previews. */
  bots: PreviewBots;
  engine: DoorEngine;
  settings: DoorSettings;
  gate: Gate;
  senders: SendersParts;
  token: string;
  /** Below it Telegram posts updates; null if Herald polls. Default: it polls. */
  webhookUrl?: string | null;
  /** Sends everything that is not an answer to an update. */
  api: Api;
  bot: BotConfig<HeraldContext>;
  /** Resolves when the database answers. */
  ping: () => Promise<void>;
  /** Aborts when Herald stops; nothing is waited for after that. */
  stop: AbortSignal;
  /** Telegram refuses the token. Campaigns are paused, and polling has ended. */
  onTokenRefused: (error: unknown) => void;
}

/** Puts the door together and subscribes it to the engine's events. */
export function createDoor(parts: DoorParts): Door {
  const { scope, clock, log, events, engine, settings, api, stop } = parts;
  const own = ownScope(scope);
  const { ownerIds } = settings;
  const adminChats = new Set(ownerIds);
  const inPace = engine.pacesReplies({
    laneOf: (chatId) => (adminChats.has(chatId) ? "admin" : "crowd"),
    stop,
  });
  api.config.use(inPace);
  const translator = loadWords();
  let hasHome = false;
  const { cards, teller, alarm, status, tellOwners } = createAnnouncements({
    ...settings,
    scope,
    clock,
    log,
    api,
    events,
    engine,
    translator,
    hasHome: () => hasHome,
    adminChats,
    stop,
  });
  const steering = {
    poke() {
      engine.poke();
      teller.nudge();
    },
    touch: cards.touch,
    refresh: cards.refresh,
    covered: cards.covered,
    status,
  };
  const ballots = createBallots({ own, clock, log, engine: steering, stop });
  const apiOf = async (botId: number) =>
    botId === scope.homeId ? api : ((await parts.apiOf?.(botId)) ?? null);
  const doing = { scope, own, apiOf, clock, log, engine: steering, stop };
  const { gate, webhookUrl = null } = parts;
  const inbox = inboxOf(parts, own, alarm, translator);
  const crowd = {
    translator,
    tellOwners,
    ballots,
    inbox,
    adminChats,
    gate,
    homeUsername: null,
    byWebhook: webhookUrl !== null,
  };
  const deps = { ...doing, ...crowd, bots: parts.bots, senders: parts.senders, ...settings };
  const bot = createBot(parts.token, parts.bot, deps);
  bot.api.config.use(inPace);
  const hearing = createHearing({
    own,
    bot,
    homeToken: parts.token,
    webhookUrl,
    clock,
    log,
    lease: engine,
    alarm,
    onRefused: (error) => void tokenRefused(error),
  });
  events.on("nudged", ({ what }) => {
    if (what === "updates") hearing.nudge();
  });

  /** Takes over what the previous process left, and ends the troubles that are over because this process has started. */
  async function takeUp(): Promise<void> {
    hasHome = true;
    for (const { userId } of await listAdmins(scope)) adminChats.add(userId);
    await alarm.load();
    for (const kind of ["telegram", "proxy", "unauthorized"] as const) alarm.over(kind);
    if (engine.facts().rate.paid === "off") alarm.over("stars");
    if (settings.backups === null) alarm.over("backup");
  }

  /** Pauses the campaigns of a revoked token, so that none continues by itself under the next token. */
  async function tokenRefused(error: unknown): Promise<void> {
    alarm.note("unauthorized");
    const words = error instanceof GrammyError ? error.description : String(error);
    await pauseAll(own, "unauthorized", words).catch((failure: unknown) =>
      log.error({ err: failure }, "campaigns cannot be paused"),
    );
    await alarm.idle();
    parts.onTokenRefused(error);
  }

  return {
    firstServices: [
      { name: "alarm", service: { start: takeUp, stop: alarm.idle }, stops: "last" },
      { name: "cards", service: cards, stops: "last" },
    ],
    lastServices: [
      { name: "teller", service: teller, stops: "last" },
      { name: "ballots", service: { start: () => undefined, stop: ballots.stop }, stops: "last" },
      { name: "inbox", service: inbox, stops: "first" },
      { name: "updates", service: hearing, stops: "first" },
      {
        name: "database watch",
        service: watchDatabase({ ping: parts.ping, alarm, clock, log }),
        stops: "aside",
      },
      { name: "command menus", service: { start: showMenus, stop: async () => undefined }, stops: "aside" },
    ],
    tellOwners,
    get heardAt() {
      return hearing.answeredAt;
    },
  };

  /** The menus are a convenience: if Telegram refuses them, sending continues. */
  function showMenus(): void {
    showAllCommands(deps, api).catch((error: unknown) =>
      log.warn({ err: error }, "command menus are not set"),
    );
  }
}

/** Carries what people write to the home's bot into the group of its inbox. */
function inboxOf(
  { api, clock, log, engine, settings }: DoorParts,
  own: Scope,
  alarm: Alarm,
  translator: CrowdDeps["translator"],
): InboxCourier {
  const { timezone, retentionDays } = settings;
  return createInboxCourier({
    own,
    api,
    clock,
    log,
    lease: engine,
    alarm,
    translator,
    timezone,
    retentionDays,
  });
}
