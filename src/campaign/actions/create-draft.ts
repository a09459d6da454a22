import { type Actor, authorize } from "../../access/actor.ts";
import { type HomeScope, inTransaction, mainBot, scopeOf } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import type { Campaign } from "../campaign.ts";
import { isBotOfHome } from "../home-bots.ts";
import { type NewDraft, insertDraft } from "../new-draft.ts";
import { rememberNewFiles } from "../own-files.ts";

/**
 * Saves a new draft with the actor as its author. `botId` is the bot that is to send it: by default the home's own, or else the first
 * that the scope shows.
 * @throws DomainError `forbidden`; `bot-unknown` if it is not a bot of the home
 */
export async function createDraft(
  home: HomeScope,
  actor: Actor,
  draft: Omit<NewDraft, "changes" | "changesRevision">,
  botId: number = mainBot(home),
): Promise<Campaign> {
  return inTransaction(home, async (tx) => {
    await authorize(tx, actor, { action: "create-draft", botId });
    if (!(await isBotOfHome(tx, botId))) throw new DomainError("bot-unknown", { bot: botId });
    await rememberNewFiles(tx, draft.content);
    return insertDraft(scopeOf(tx, { botId }), actor, draft);
  });
}
