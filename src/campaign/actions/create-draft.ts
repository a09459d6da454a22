import { type Actor, authorize } from "../../access/actor.ts";
import { type HomeScope, inTransaction, mainBot, scopeOf } from "../../db/scope.ts";
import type { Campaign } from "../campaign.ts";
import { checkBots } from "../draft-bots.ts";
import { type NewDraft, insertDraft } from "../new-draft.ts";
import { rememberNewFiles } from "../own-files.ts";
import { checkCategory } from "../settings.ts";

/**
 * Saves a new draft with the actor as its author. `bots` are to send it: by default the home's own or, if the scope does not show
 * it, the first that it shows.
 * @throws DomainError `forbidden`; `bot-unknown` if one is not a bot of the home; `bots-for-chats`, `bots-too-many`,
 *   `category-unknown`
 */
export async function createDraft(
  home: HomeScope,
  actor: Actor,
  draft: Omit<NewDraft, "changes" | "changesRevision" | "bots" | "bundleId">,
  bots: number | readonly number[] = mainBot(home),
): Promise<Campaign> {
  return inTransaction(home, async (tx) => {
    for (const botId of [bots].flat()) await authorize(tx, actor, { action: "create-draft", botId });
    await checkCategory(tx, draft.category);
    const senders = await checkBots(tx, [bots].flat(), draft.audience);
    await rememberNewFiles(tx, draft.content);
    return insertDraft(scopeOf(tx, senders), actor, {
      ...draft,
      ...senders,
      eachOnce: senders.bots !== null && draft.eachOnce !== false,
    });
  });
}
