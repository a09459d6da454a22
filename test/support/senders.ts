import { Api } from "grammy";
import type { Telegram } from "../../playground/telegram.ts";
import { systemClock } from "../../src/clock.ts";
import type { Scope } from "../../src/db/scope.ts";
import type { SendersParts } from "../../src/senders/senders-parts.ts";
import { createTokenVault } from "../../src/senders/token-vault.ts";
import { SECRET_KEY, TOKEN } from "./herald.ts";

/** Bots besides the home, with tokens as @BotFather makes them. */
export const SHOP_ID = 2_000_002;
export const SHOP_TOKEN = `${SHOP_ID}:AAHshop-token_of35characters00000001`;
export const NEWS_ID = 3_000_003;
export const NEWS_TOKEN = `${NEWS_ID}:AAHnews-token_of35characters00000001`;

/** What the actions on senders need, against a local Telegram. `changes` counts what this process was told. */
export function sendersParts(
  { db, homeId }: Scope,
  telegram: Pick<Telegram, "apiRoot">,
  configured: readonly string[] = [],
): SendersParts & { changes: () => number } {
  let changes = 0;
  return {
    home: { db, homeId },
    vault: createTokenVault({ type: "given", key: SECRET_KEY }, configured),
    clock: systemClock,
    apiOf: (token) => new Api(token, { apiRoot: telegram.apiRoot }),
    manager: new Api(TOKEN, { apiRoot: telegram.apiRoot }),
    paysForRate: false,
    onChanged: () => {
      changes += 1;
    },
    changes: () => changes,
  };
}
