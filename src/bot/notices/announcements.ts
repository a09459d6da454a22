import type { Api } from "grammy";
import type { Repeated } from "../../background/rounds.ts";
import { ownScope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import { type CardKeeper, createCardKeeper } from "../cards/card-keeper.ts";
import { createSpeedometer } from "../cards/speedometer.ts";
import type { EngineFacts, EngineStatus, SenderStatus } from "../ui/bot-context.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { createCampaignNotices } from "./campaign-notices.ts";
import { type DrawingsDeps, createDrawings } from "./drawings.ts";
import { hearEngine } from "./hear-engine.ts";
import { type OwnerNotices, createOwnerNotices } from "./owner-notices.ts";
import { createTeller } from "./teller.ts";

/** Everything that the bot says by itself: cards that follow their campaigns, and messages to admins and owners. */
export interface Announcements {
  cards: CardKeeper;
  teller: Repeated;
  alarm: Alarm;
  status(): EngineStatus;
  /** Tells the owners of a trouble that another bot has. */
  tellOwners: OwnerNotices["trouble"];
}

export interface AnnouncementsDeps extends Omit<DrawingsDeps, "status"> {
  log: Log;
  api: Api;
  events: Pick<Events, "on">;
  engine: {
    held(): boolean;
    quietUntil(): Date | null;
    facts(): EngineFacts;
    senders(): ReadonlyMap<number, SenderStatus>;
  };
  ownerIds: readonly number[];
  hasHome: () => boolean;
  /** Private chats of admins. A group that is told of campaigns joins them, so that its messages leave as early. */
  adminChats: Set<number>;
  stop: AbortSignal;
}

/** Creates them and subscribes them to the engine's events. */
export function createAnnouncements(deps: AnnouncementsDeps): Announcements {
  const { scope, clock, log, api, engine, ownerIds, adminChats, stop } = deps;
  const { quietUntil } = engine;
  const startedAt = clock.now();
  const speedometer = createSpeedometer(clock);
  const status = () => ({
    ...engine.facts(),
    senders: engine.senders(),
    startedAt,
    troubles: alarm.open,
    speedOf: speedometer.speed,
  });
  const drawings = createDrawings({ ...deps, status });
  const cards = createCardKeeper({ scope, clock, log, api, quietUntil, drawings, ownerIds });
  const owners = createOwnerNotices({ clock, log, api, stop, drawings, ownerIds });
  const alarm = createAlarm({ scope: ownScope(scope), clock, log, tell: owners.trouble });
  const teller = createTeller({
    scope,
    clock,
    log,
    lease: engine,
    api,
    cards,
    drawings,
    ownerIds,
    quietUntil,
    onGroup: (chatId) => adminChats.add(chatId),
  });
  const notices = createCampaignNotices({ scope, log, api, drawings, ownerIds });
  hearEngine({ ...deps, speedometer, cards, teller, notices, alarm, owners });
  return { cards, teller, alarm, status, tellOwners: owners.trouble };
}
