import type { KeyObject } from "node:crypto";
import { DomainError } from "../errors.ts";
import { botIdOf } from "./bot-token.ts";
import { sealToken, unsealToken } from "./sealed-token.ts";
import { type KeySource, KeyFileDamaged, readKeyFile, readOrMakeKeyFile } from "./secret-key.ts";
import type { Sender } from "./sender.ts";

/** Opens and seals the tokens of senders other than the home. The only place that has the key. */
export interface TokenVault {
  /** The bots of EXTRA_BOT_TOKENS. */
  readonly configuredIds: readonly number[];
  /**
   * The token of a sender; null if it has to be given again: there is none, the key is lost or another one, or what is
   * stored was changed. A token of EXTRA_BOT_TOKENS goes first. Not for the home, whose token is BOT_TOKEN.
   */
  open(sender: Pick<Sender, "botId" | "sealedToken">): Promise<string | null>;
  /**
   * Makes sure that a token can be sealed, before what cannot be undone. Makes the key file if there is none.
   * @throws DomainError `no-secret-key` if there is no key and no place for one
   */
  prepare(): Promise<void>;
  /**
   * Seals a token for the database. Makes the key file if there is none.
   * @throws DomainError `no-secret-key` if there is no key and no place for one
   */
  seal(botId: number, token: string): Promise<string>;
}

/** `configured` holds the tokens of EXTRA_BOT_TOKENS, which are never stored. */
export function createTokenVault(source: KeySource, configured: readonly string[] = []): TokenVault {
  const tokens = new Map(configured.map((token) => [botIdOf(token) ?? 0, token]));
  let known: KeyObject | null = source.type === "given" ? source.key : null;

  async function findKey(): Promise<KeyObject | null> {
    if (source.type !== "file") return known;
    try {
      // Kept once it is there. A file that is put back is found without a restart.
      known ??= await readKeyFile(source.path);
    } catch (error) {
      if (!(error instanceof KeyFileDamaged)) throw error;
    }
    return known;
  }

  async function getKey(): Promise<KeyObject> {
    if (source.type === "file")
      try {
        known ??= await readOrMakeKeyFile(source.path);
      } catch (error) {
        if (error instanceof KeyFileDamaged) throw new DomainError("no-secret-key");
        throw error;
      }
    if (!known) throw new DomainError("no-secret-key");
    return known;
  }

  return {
    configuredIds: [...tokens.keys()],
    async open({ botId, sealedToken }) {
      const token = tokens.get(botId);
      if (token !== undefined || sealedToken === null) return token ?? null;
      const key = await findKey();
      return key && unsealToken(key, botId, sealedToken);
    },
    prepare: async () => void (await getKey()),
    seal: async (botId, token) => sealToken(await getKey(), botId, token),
  };
}
