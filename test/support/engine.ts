import type { Group } from "../../playground/people/group.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { storedRights } from "../../src/audience/chats.ts";
import type { ChatTarget } from "../../src/audience/chats.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { PostOptions } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { chats } from "../../src/db/schema.ts";
import { type Engine, createEngine } from "../../src/delivery/engine.ts";
import type { Throttle } from "../../src/delivery/pace/throttle.ts";
import type { EventTypes } from "../../src/events.ts";
import { createLog } from "../../src/log.ts";
import { until } from "./broadcast.ts";
import { heard, ownLease, testEvents } from "./events.ts";
import { TOKEN, atEnd } from "./herald.ts";
import { seedCampaign, seedPeople } from "./seed.ts";

export interface TestEngine extends Engine {
  finished: readonly EventTypes["finished"][];
  paused: readonly EventTypes["paused"][];
}

export interface EngineOptions {
  /** Messages per second; default 100. */
  rate?: number;
  clock?: Clock;
  throttle?: Throttle;
  lease?: { held(): boolean };
  /** Of the bot that sends; default the home's. */
  token?: string;
  /** PAID_BROADCAST. */
  allowed?: boolean;
}

/** The engine as Herald runs it, against a local Telegram; only its dispatcher is started. Stopped after the test. */
export async function engine(
  scope: Scope,
  telegram: Telegram,
  {
    rate = 100,
    clock = systemClock,
    throttle,
    lease = { held: () => true },
    token = TOKEN,
    allowed = false,
  }: EngineOptions = {},
): Promise<TestEngine> {
  const events = testEvents();
  const made = createEngine({
    scope,
    clock,
    log: createLog("silent"),
    events,
    telegram: { token, apiRoot: telegram.apiRoot, ...(throttle && { throttle }) },
    rate,
    leaveLabel: () => "Fewer such messages…",
    session: "test",
    exclusive: true,
    paidBroadcast: allowed,
    lease: ownLease(() => lease.held()),
  });
  const [finished, paused] = [heard(events, "finished"), heard(events, "paused")];
  await made.dispatcher.start();
  atEnd(() => made.dispatcher.stop());
  return { ...made, finished, paused };
}

/** A throttle that holds calls to groups and channels until the test opens it. */
export function gatedThrottle(): Throttle & { readonly waiting: number; open(): void } {
  let waiting: (() => void)[] = [];
  return {
    async transformer(call, method, payload, signal) {
      if (Number((payload as { chat_id?: unknown }).chat_id) < 0)
        await new Promise<void>((resolve) => waiting.push(resolve));
      return call(method, payload, signal);
    },
    renew: () => undefined,
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

/** Stores these chats as if Telegram had told the bot that it may post there. */
export async function seedChats(scope: Scope, rooms: readonly Room[]): Promise<void> {
  const { db, botId } = scope;
  for (const { id, chat } of rooms) {
    await seedPeople(scope, [id], { kind: chat.type === "channel" ? "channel" : "group", language: null });
    await db.insert(chats).values({
      botId,
      chatId: id,
      title: ("title" in chat && chat.title) || String(id),
      username: ("username" in chat && chat.username) || null,
      rights: storedRights.store({ present: true, post: true, pin: true, delete: true, topics: false }),
    });
  }
}

let posts = 0;

/** A campaign to these chats, which begins when the dispatcher next looks. */
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
