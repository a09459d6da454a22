import { Api } from "grammy";
import { systemClock } from "./clock.ts";
import { readConfig } from "./config.ts";
import { createFetch } from "./telegram/fetch.ts";
import { readEnvironment } from "./environment.ts";
import { StartError } from "./errors.ts";
import { introduce } from "./start-errors.ts";
import { withoutToken } from "./log.ts";
import { findWebhook } from "./telegram/webhook.ts";

/*
 * `npm run webhook:remove`: takes the bot's updates from the program at its webhook, so that Herald gets them. Only
 * ever by hand, because that program then gets none. Updates that wait are kept for Herald. Exit codes: 0 there is no
 * webhook now, 1 nothing was done.
 */

const PATIENCE_SECONDS = 30;

try {
  const { botToken, telegramApiRoot, proxy, webhookUrl } = readConfig(readEnvironment());
  const client = { timeoutSeconds: PATIENCE_SECONDS, fetch: createFetch(telegramApiRoot, "replies", proxy) };
  const api = new Api(botToken, { apiRoot: telegramApiRoot, ...client });
  const { username } = await introduce(api, { apiRoot: telegramApiRoot, proxy, clock: systemClock });
  const webhook = await findWebhook(api);
  if (webhook?.isOwn && webhookUrl !== null)
    throw new StartError(
      `The webhook of @${username} is Herald's own, because of WEBHOOK=on. Nothing was changed. To let Herald poll again, set ` +
        "WEBHOOK=off and restart it: it removes its webhook by itself.",
    );
  if (webhook) await api.deleteWebhook();
  const message = webhook
    ? `The webhook of @${username} is removed: the program at ${webhook.host} no longer gets its updates. Herald does, ` +
      `within half a minute if it is running. Updates that were waiting: ${webhook.waiting}.`
    : `@${username} has no webhook. Nothing was changed.`;
  process.stdout.write(`${message}\n`);
} catch (error) {
  const text =
    error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${withoutToken(text ?? "")}\n`);
  process.exitCode = 1;
}
