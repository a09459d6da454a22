import { Api, type BotConfig, type Transformer } from "grammy";
import { listAdmins } from "../../access/admins.ts";
import type { NamedService } from "../../background/service.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import { createBallots } from "../features/votes/ballots.ts";
import { createInboxCourier } from "../features/inbox/inbox-courier.ts";
import { createHearing } from "../hearing/hearing.ts";
import type { Alarm } from "../notices/alarm.ts";
import type { CrowdDeps, HeraldContext } from "../ui/bot-context.ts";
import { showPeopleCommands } from "../ui/command-menu.ts";
import { createSenderBot } from "./sender-bot.ts";

/** What the people of a sender see of Herald, if Herald answers it. */
export interface SenderDoor {
  /** Started after the engine's services. */
  readonly services: readonly NamedService[];
  /** Updates of the sender may have been stored. */
  nudge(): void;
}

/** What a sender's door needs of its engine, and of the home's door. */
export interface SenderDoorEngine {
  held(): boolean;
  quietUntil(): Date | null;
  pacesReplies(options: { laneOf: (chatId: number) => "admin" | "crowd"; stop: AbortSignal }): Transformer;
  /** People voted: the campaign's cards in the home follow. */
  touch(campaignId: number): void;
}

export interface SenderDoorParts extends Pick<
  CrowdDeps,
  "translator" | "tellOwners" | "gate" | "ownerIds" | "timezone" | "apiOn"
> {
  scope: Scope;
  clock: Clock;
  log: Log;
  engine: SenderDoorEngine;
  homeUsername: string;
  homeToken: string;
  token: string;
  /** Days that deliveries, and the places of messages in the inbox, are kept; 0 keeps them for ever. */
  retentionDays: number;
  /** Below it Telegram posts updates; null if Herald polls. */
  webhookUrl: string | null;
  bot: BotConfig<HeraldContext>;
  alarm: Pick<Alarm, "note" | "over" | "forget">;
  /** Aborts when the sender stops. */
  stop: AbortSignal;
  /** Polling has ended: Telegram refuses the token. */
  onRefused: (error: unknown) => void;
}

export function createSenderDoor(parts: SenderDoorParts): SenderDoor {
  const { scope, clock, log, engine, alarm, stop, onRefused, ownerIds, timezone, apiOn, webhookUrl } = parts;
  const adminChats = new Set(ownerIds);
  const crowdEngine = { touch: engine.touch, status: () => ({ quietUntil: engine.quietUntil() }) };
  const ballots = createBallots({ own: scope, clock, log, engine: crowdEngine, stop });
  const inPace = engine.pacesReplies({
    laneOf: (chatId) => (adminChats.has(chatId) ? "admin" : "crowd"),
    stop,
  });
  const api = new Api(parts.token, parts.bot.client);
  api.config.use(inPace);
  const inbox = createInboxCourier({
    own: scope,
    api,
    clock,
    log,
    lease: engine,
    alarm,
    translator: parts.translator,
    timezone,
    retentionDays: parts.retentionDays,
  });
  const deps = {
    scope,
    own: scope,
    clock,
    log,
    translator: parts.translator,
    tellOwners: parts.tellOwners,
    engine: crowdEngine,
    ballots,
    inbox,
    stop,
    ownerIds,
    adminChats,
    ...(parts.gate && { gate: parts.gate }),
    timezone,
    apiOn,
    homeUsername: parts.homeUsername,
    byWebhook: webhookUrl !== null,
  };
  const bot = createSenderBot(parts.token, parts.bot, deps);
  bot.api.config.use(inPace);
  const hearing = createHearing({
    own: scope,
    bot,
    homeToken: parts.homeToken,
    webhookUrl,
    clock,
    log,
    lease: engine,
    alarm,
    onRefused,
  });

  /** Admins' taps and tests pass the crowd in this chat, too. */
  async function takeUp(): Promise<void> {
    for (const { userId } of await listAdmins(scope)) adminChats.add(userId);
    showPeopleCommands(deps, bot.api).catch((error: unknown) =>
      log.warn({ err: error }, "the command menu of a sender is not set"),
    );
  }

  return {
    services: [
      { name: "ballots", service: { start: takeUp, stop: ballots.stop }, stops: "last" },
      { name: "inbox", service: inbox, stops: "first" },
      { name: "updates", service: hearing, stops: "first" },
    ],
    nudge: hearing.nudge,
  };
}
