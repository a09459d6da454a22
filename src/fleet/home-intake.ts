import { setMaxListeners } from "node:events";
import { Api } from "grammy";
import { type Intake, type IntakeParts, type TapApi, createIntake } from "../bot/beside/intake.ts";
import { createGate } from "../bot/updates/turnstile.ts";
import type { FleetSender, ListSenders } from "./fleet-sender.ts";
import type { Fleet, FleetParts } from "./fleet.ts";

/** A bot that a program names when it relays updates. */
export interface NamedBot extends Pick<FleetSender, "botId" | "name" | "handling"> {
  isHome: boolean;
}

/** The intake of a home: for its senders that another program answers. */
export interface HomeIntake extends Intake {
  /** The bot with this id or @username; null if the home has no such bot. */
  find(bot: string): Promise<NamedBot | null>;
}

export interface HomeIntakeParts
  extends
    Pick<IntakeParts, "clock" | "log" | "translator">,
    Pick<FleetParts, "home" | "homeUsername" | "gate" | "client" | "events"> {
  /** Called for each request. */
  senders: ListSenders;
  fleet: Pick<Fleet, "apiOf" | "statusOf">;
}

/**
 * Where the engine of a bot runs in another process, edits cannot share the rate with it: then there are so few that they do
 * not push it over Telegram's.
 */
const BETWEEN_EDITS_MS = 1_000;

export function createHomeIntake(parts: HomeIntakeParts): HomeIntake {
  const { home, homeUsername, senders, fleet, client, clock, events, gate = createGate() } = parts;
  const stopping = new AbortController();
  const { signal: stop } = stopping;
  setMaxListeners(0, stop); // every queued answer listens to it
  const apis = new Map<number, { token: string; api: Api }>();

  async function apiOf(botId: number): Promise<TapApi | null> {
    const running = fleet.apiOf(botId);
    if (running) return running;
    const token = (await senders()).find((sender) => sender.botId === botId)?.token ?? null;
    if (token === null) return null;
    const kept = apis.get(botId);
    const api = kept?.token === token ? kept.api : new Api(token, client);
    apis.set(botId, { token, api });
    return {
      answerCallbackQuery: (...call) => api.answerCallbackQuery(...call),
      async editMessageReplyMarkup(...call) {
        await clock.sleep(BETWEEN_EDITS_MS, stop);
        return api.editMessageReplyMarkup(...call);
      },
    };
  }

  const intake = createIntake({
    ...parts,
    scope: home,
    gate,
    stop,
    apiOf,
    quietUntil: (botId) => fleet.statusOf(botId)?.quietUntil ?? null,
    // Cards follow it.
    touch: (campaignId) => events.emit("progress", { campaignId, outcomes: 0 }),
  });

  return {
    take: intake.take,
    service: {
      start: intake.service.start,
      async stop() {
        stopping.abort();
        await intake.service.stop();
      },
    },
    async find(bot) {
      const name = bot.replace(/^@/, "").toLowerCase();
      const isCalled = ({ id, username }: { id: number; username: string | null }) =>
        String(id) === bot || username?.toLowerCase() === name;
      if (isCalled({ id: home.homeId, username: homeUsername }))
        return { botId: home.homeId, name: `@${homeUsername}`, handling: "answers", isHome: true };
      const found = (await senders()).find(({ botId, username }) => isCalled({ id: botId, username }));
      return found ? { botId: found.botId, name: found.name, handling: found.handling, isHome: false } : null;
    },
  };
}
