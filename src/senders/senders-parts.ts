import type { Api } from "grammy";
import type { Clock } from "../clock.ts";
import type { HomeScope } from "../db/scope.ts";
import type { TokenVault } from "./token-vault.ts";

/** What is asked of Telegram about a bot. */
export type BotApi = Pick<Api, "token" | "getMe" | "getWebhookInfo" | "deleteWebhook">;

/** What the home asks of Telegram about the bots that it manages. */
export type ManagerApi = Pick<Api, "getManagedBotToken" | "replaceManagedBotToken">;

/** What the actions on a home's senders need. */
export interface SendersParts {
  home: HomeScope;
  vault: TokenVault;
  clock: Clock;
  /** The Bot API for a token. */
  apiOf: (token: string) => Api;
  /** The Bot API as the home. */
  manager: ManagerApi;
  /** PAID_BROADCAST: Stars pay for the messages above the free rate. */
  paysForRate: boolean;
  /** A sender of this home was added, changed or removed in this process. Others are nudged. */
  onChanged: () => void;
}
