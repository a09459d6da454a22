import type { Api } from "grammy";
import type { PreviewBots } from "./campaign/post-preview.ts";
import { DomainError } from "./errors.ts";
import type { ListSenders } from "./fleet/fleet-sender.ts";
import type { Log } from "./log.ts";
import { createFetchFile } from "./telegram/fetch-file.ts";
import { createFetchedFiles } from "./telegram/fetched-files.ts";
import type { Proxy } from "./telegram/proxy.ts";
import { waitsOut } from "./telegram/wait-out.ts";

export interface PreviewBotsParts {
  home: Api;
  proxy: Proxy | null;
  log: Log;
  /** Aborts when Herald stops. */
  stop: AbortSignal;
  /** The Bot API for a token. */
  apiOf: (token: string) => Api;
  listSenders: ListSenders;
}

/** The bots of a home as previews use them. */
export function createPreviewBots({
  home,
  proxy,
  log,
  stop,
  apiOf,
  listSenders,
}: PreviewBotsParts): PreviewBots {
  const files = createFetchedFiles(createFetchFile(home, proxy));
  const close = async () => {
    await files
      .close()
      .catch((error: unknown) => log.warn({ err: error }, "a temporary file cannot be closed"));
  };
  stop.addEventListener("abort", () => void close(), { once: true });
  return {
    files,
    log,
    async find(botId) {
      const sender = (await listSenders()).find((one) => one.botId === botId);
      if (!sender) throw new DomainError("bot-unknown", { bot: botId });
      if (sender.token === null) throw new DomainError("bot-needs-token", { bot: botId });
      const api = apiOf(sender.token);
      api.config.use(waitsOut());
      return { api, username: sender.username ?? (await api.getMe()).username };
    },
  };
}
