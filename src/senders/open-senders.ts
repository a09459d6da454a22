import type { Api } from "grammy";
import type { Handling } from "../db/states.ts";
import { findSender, listSenders } from "./sender-store.ts";
import type { SendersParts } from "./senders-parts.ts";

/** A sender with its token. */
export interface OpenSender {
  botId: number;
  name: string;
  username: string | null;
  /** Null if it has to be given again. */
  token: string | null;
  handling: Handling;
  rate: number | null;
}

/** The senders of a home besides the home itself, with their tokens, for what runs them. */
export async function listForFleet({
  home,
  vault,
}: Pick<SendersParts, "home" | "vault">): Promise<OpenSender[]> {
  const others = (await listSenders(home)).filter(({ isHome }) => !isHome);
  return Promise.all(
    others.map(async (sender) => {
      const { botId, name, username, handling, rate } = sender;
      return { botId, name, username, handling, rate, token: await vault.open(sender) };
    }),
  );
}

/** The Bot API as one of the senders; null if its token has to be given again. */
export async function apiOfSender({ home, vault, apiOf }: SendersParts, botId: number): Promise<Api | null> {
  const sender = await findSender(home, botId);
  const token = sender && (await vault.open(sender));
  return token ? apiOf(token) : null;
}
