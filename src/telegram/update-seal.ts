import { createHmac, createSecretKey } from "node:crypto";
import { sealText, unsealText } from "../sealed-text.ts";

/**
 * What people write may hold secrets (a token for /bots), so a posted update is stored sealed. The key is derived from the
 * token of the home, which every process has: an update that waits outlives the token of its own bot.
 */
export interface UpdateSeal {
  seal(botId: number, updateId: number, update: string): string;
  /** Null if it was sealed under another token of the home. */
  unseal(botId: number, updateId: number, sealed: string): string | null;
}

const boundTo = (botId: number, updateId: number) => `herald update ${botId} ${updateId}`;

export function createUpdateSeal(homeToken: string): UpdateSeal {
  const key = createSecretKey(createHmac("sha256", homeToken).update("herald stored updates 1").digest());
  return {
    seal: (botId, updateId, update) => sealText(key, boundTo(botId, updateId), update),
    unseal: (botId, updateId, sealed) => unsealText(key, boundTo(botId, updateId), sealed),
  };
}
