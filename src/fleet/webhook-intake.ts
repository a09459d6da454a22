import type { Update } from "grammy/types";
import { createBatches } from "../background/batches.ts";
import { repeat } from "../background/rounds.ts";
import type { Service } from "../background/service.ts";
import type { Clock } from "../clock.ts";
import { type PostedUpdate, backlogOf, dropOldUpdates, queueUpdates } from "../db/queued-updates.ts";
import { type HomeScope, scopeOf } from "../db/scope.ts";
import type { Events } from "../events.ts";
import type { Log } from "../log.ts";
import { type BotWebhook, botWebhook } from "../telegram/bot-webhook.ts";
import { createUpdateSeal } from "../telegram/update-seal.ts";
import type { Fleet } from "./fleet.ts";
import type { ListSenders } from "./fleet-sender.ts";

/** What became of a post. `full`: so many updates wait that Telegram has to keep this one for later. */
export type Posted = "stored" | "malformed" | "full";

/** Takes the updates that Telegram posts, of all bots of the home that Herald answers, whichever process runs them. */
export interface WebhookIntake {
  /** The webhook at this address, if the secret is the right one; null for anybody but Telegram. */
  open(botId: string, mark: string, secret: string): Promise<OpenWebhook | null>;
  /** Deletes updates that nobody has handled in a day. */
  readonly service: Service;
}

export interface OpenWebhook {
  /** Resolves when the update is stored, or was before. Rejects if the database does not answer. */
  take(body: string): Promise<Posted>;
}

export interface WebhookIntakeParts {
  home: HomeScope;
  homeToken: string;
  /** Called for each post. */
  senders: ListSenders;
  clock: Clock;
  log: Log;
  events: Pick<Events, "emit">;
  /** True if this process runs the home. */
  runsHome: () => boolean;
  fleet: Pick<Fleet, "nudgeUpdates" | "facts">;
}

/** Stored in one transaction. */
const BATCH = 200;

/** Telegram keeps what is not taken for a day, so the table need not. */
const MOST_WAITING = 50_000;
const COUNT_EVERY_MS = 5_000;

const HOUR_MS = 3_600_000;

export function createWebhookIntake(parts: WebhookIntakeParts): WebhookIntake {
  const { home, homeToken, clock, log, events, runsHome, fleet } = parts;
  const webhooks = new Map<string, BotWebhook>(); // by token
  const { seal } = createUpdateSeal(homeToken);
  const counts = new Map<number, { isFull: Promise<boolean>; until: number }>();

  const store = createBatches<PostedUpdate>(BATCH, async (updates) => {
    // Telegram may post one again while it waits for the answer.
    const distinct = [...new Map(updates.map((one) => [`${one.botId} ${one.updateId}`, one])).values()];
    const bots = new Set(distinct.map(({ botId }) => botId));
    const elsewhere = new Set([...bots].filter((botId) => !runsHere(botId)));
    await queueUpdates(home, distinct, elsewhere);
    for (const botId of bots) nudge(botId);
  });

  const forgetting = repeat({
    clock,
    log,
    everyMs: HOUR_MS,
    complaint: "old updates cannot be deleted, trying later",
    async work() {
      const count = await dropOldUpdates(home);
      if (count > 0) log.warn({ count }, "updates are dropped that nobody has handled in a day");
    },
  });

  function runsHere(botId: number): boolean {
    return botId === home.homeId ? runsHome() : fleet.facts().has(botId);
  }

  function nudge(botId: number): void {
    if (botId === home.homeId) events.emit("nudged", { what: "updates" });
    else fleet.nudgeUpdates(botId);
  }

  async function tokenOf(botId: string): Promise<string | null> {
    if (botId === String(home.homeId)) return homeToken;
    const sender = (await parts.senders()).find((one) => String(one.botId) === botId);
    return sender?.handling === "answers" ? sender.token : null;
  }

  /** Derived once for each token. */
  function webhookOf(token: string): BotWebhook {
    const webhook = webhooks.get(token) ?? botWebhook(token);
    webhooks.set(token, webhook);
    return webhook;
  }

  function isFull(botId: number): Promise<boolean> {
    const now = clock.monotonic();
    const known = counts.get(botId);
    if (known && known.until > now) return known.isFull;
    const isFull = backlogOf(scopeOf(home, { botId }), MOST_WAITING).then(
      ({ count }) => count >= MOST_WAITING,
    );
    isFull.catch(() => counts.delete(botId));
    counts.set(botId, { isFull, until: now + COUNT_EVERY_MS });
    return isFull;
  }

  return {
    async open(asked, mark, secret) {
      const token = await tokenOf(asked);
      const webhook = token === null ? null : webhookOf(token);
      if (!webhook || mark !== webhook.mark || !webhook.isSecret(secret)) return null;
      return {
        async take(body) {
          const updateId = updateIdIn(body);
          if (updateId === null) return "malformed";
          if (await isFull(webhook.botId)) return "full";
          const { botId } = webhook;
          await store({ botId, updateId, body: seal(botId, updateId, body) });
          return "stored";
        },
      };
    },
    service: forgetting,
  };
}

/** Null if it is no update. What else is in it, is Telegram's business, as when Herald polls. */
function updateIdIn(body: string): number | null {
  try {
    const { update_id: id } = JSON.parse(body) as Partial<Update>;
    return Number.isSafeInteger(id) ? (id ?? null) : null;
  } catch {
    return null;
  }
}
