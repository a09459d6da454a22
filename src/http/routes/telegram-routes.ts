import { bodyLimit } from "hono/body-limit";
import type { Context } from "hono";
import { type Api, type ApiEnv, createRouter } from "../core/router.ts";
import { createTroubleLog } from "../../background/trouble-log.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { WEBHOOK_PATH } from "../../telegram/bot-webhook.ts";

/** Takes what Telegram posts. */
export interface TelegramPosts {
  /** Null for anybody but Telegram. */
  open(
    botId: string,
    mark: string,
    secret: string,
  ): Promise<{ take(body: string): Promise<"stored" | "malformed" | "full"> } | null>;
}

export interface TelegramRoutesParts {
  posts: TelegramPosts;
  clock: Clock;
  log: Log;
}

/** Updates have some kB; a rich message has at most a few hundred. */
const MOST_BYTES = 1_048_576;

/** Telegram tries again what is not answered; it should not wait for a database that hangs. */
const PATIENCE_MS = 5_000;

const STATUS = { stored: 200, malformed: 400, full: 503 } as const;

/**
 * Where Telegram posts updates (WEBHOOK=on). It gets 200 once an update is stored, and nobody else learns anything: answers
 * have no words, and of a post without the right secret not even the body is read.
 */
export function telegramRoutes({ posts, clock, log }: TelegramRoutesParts): Api {
  const routes = createRouter();
  const trouble = createTroubleLog(
    (error) =>
      log.warn({ err: error }, "what Telegram posts cannot be stored; Telegram keeps it and tries again"),
    () => log.info("what Telegram posts is stored again"),
  );

  const tooLarge = (context: Context<ApiEnv>) => {
    log.error({ path: context.req.path }, "Telegram posts an update that is too large to be taken");
    return context.body(null, 413);
  };
  const limited = bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge });

  /** @throws if the database does not answer in time */
  async function inTime<T>(work: Promise<T>): Promise<T> {
    const patience = new AbortController();
    const late = clock.sleep(PATIENCE_MS, patience.signal).then(() => {
      throw new Error(`no answer within ${PATIENCE_MS} ms`);
    });
    late.catch(() => undefined);
    work.catch(() => undefined); // it may lose the race, and fail later
    return Promise.race([work, late]).finally(() => patience.abort());
  }

  routes.post(`${WEBHOOK_PATH}/:bot/:mark`, async (context) => {
    const { bot, mark } = context.req.param();
    const secret = context.req.header("x-telegram-bot-api-secret-token") ?? "";
    try {
      const webhook = await inTime(posts.open(bot, mark, secret));
      if (!webhook) return context.body(null, 403);
      let body = "";
      const refused = await limited(context, async () => {
        body = await context.req.text();
      });
      if (refused) return refused;
      const posted = await inTime(webhook.take(body));
      trouble.over();
      if (posted === "full")
        log.warn({ bot }, "too many updates wait to be handled: Telegram keeps the rest");
      return context.body(null, STATUS[posted]);
    } catch (error) {
      trouble.note(error);
      return context.body(null, 503);
    }
  });

  return routes;
}
