import type { Transformer } from "grammy";
import type { Group } from "../../playground/group.ts";
import type { Telegram } from "../../playground/telegram.ts";
import type { ChatTarget } from "../../src/audience/segment.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { PostOptions } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/connect.ts";
import { chats } from "../../src/db/schema.ts";
import { type Dispatcher, createDispatcher } from "../../src/delivery/dispatcher.ts";
import { type Pacer, createPacer } from "../../src/delivery/pacer.ts";
import { createPaid } from "../../src/delivery/paid.ts";
import { createSendApi } from "../../src/delivery/sender.ts";
import { createThrottle } from "../../src/delivery/throttle.ts";
import { createLog } from "../../src/log.ts";
import { until } from "./broadcast.ts";
import { TOKEN, atEnd } from "./herald.ts";
import { seedCampaign, seedPeople } from "./seed.ts";

export interface Engine {
  dispatcher: Dispatcher;
  pacer: Pacer;
  finished: Campaign[];
  paused: Campaign[];
}

export interface EngineOptions {
  /** Messages a second; default 100. */
  rate?: number;
  clock?: Clock;
  throttle?: { transformer: Transformer };
  lease?: { held(): boolean };
  /** PAID_BROADCAST. */
  allowed?: boolean;
}

/** The dispatcher as Herald runs it, against a local Telegram, without the bot. Stopped after the test. */
export async function engine(
  scope: Scope,
  telegram: Telegram,
  {
    rate = 100,
    clock = systemClock,
    throttle = createThrottle(),
    lease = { held: () => true },
    allowed = false,
  }: EngineOptions = {},
): Promise<Engine> {
  const log = createLog("silent");
  const pacer = createPacer(clock, rate);
  const finished: Campaign[] = [];
  const paused: Campaign[] = [];
  const dispatcher = createDispatcher({
    scope,
    clock,
    log,
    api: createSendApi(TOKEN, telegram.apiRoot, 30, { throttle }).raw,
    probe: async () => undefined,
    pacer,
    paid: createPaid({ pacer, log, allowed, rate, onRefused: () => undefined }),
    lease,
    freezeSize: 1_000,
    onProgress: () => undefined,
    lateLimitMs: 86_400_000,
    onPaused: (campaign) => paused.push(campaign),
    onLate: () => undefined,
    onFinished: (campaign) => finished.push(campaign),
  });
  await dispatcher.start();
  atEnd(() => dispatcher.stop());
  return { dispatcher, pacer, finished, paused };
}

/** A throttle in which calls to chats wait until the test lets them on. */
export function gatedThrottle(): { transformer: Transformer; readonly waiting: number; open(): void } {
  let waiting: (() => void)[] = [];
  return {
    async transformer(call, method, payload, signal) {
      if (Number((payload as { chat_id?: unknown }).chat_id) < 0)
        await new Promise<void>((resolve) => waiting.push(resolve));
      return call(method, payload, signal);
    },
    get waiting() {
      return waiting.length;
    },
    open() {
      const released = waiting;
      waiting = [];
      for (const go of released) go();
    },
  };
}

type Room = Pick<Group, "id" | "chat">;

/** The bot's knowledge of these chats, as if it had been told that it may post there. */
export async function seedChats(scope: Scope, rooms: readonly Room[]): Promise<void> {
  const { db, botId } = scope;
  for (const { id, chat } of rooms) {
    await seedPeople(scope, [id], { kind: chat.type === "channel" ? "channel" : "group", language: null });
    await db.insert(chats).values({
      botId,
      chatId: id,
      title: ("title" in chat && chat.title) || String(id),
      username: ("username" in chat && chat.username) || null,
      rights: { present: true, post: true, pin: true, delete: true, topics: false },
    });
  }
}

let posts = 0;

/** A campaign to these chats that begins with the dispatcher's next look. */
export async function postTo(
  scope: Scope,
  targets: readonly (ChatTarget | Room)[],
  options?: PostOptions,
): Promise<{ id: number; text: string }> {
  posts += 1;
  const text = `Notice ${posts}`;
  const { id } = await seedCampaign(scope, {
    state: "running",
    startedAt: new Date(),
    content: { kind: "text", text, buttons: [], ...(options && { options }) },
    audience: { chats: targets.map((one) => ("id" in one ? { chatId: one.id } : one)) },
  });
  return { id, text };
}

export function isFinished(scope: Scope, { id }: { id: number }, withinMs = 15_000): Promise<void> {
  return until(async () => (await getCampaign(scope, id)).state === "finished", withinMs);
}
