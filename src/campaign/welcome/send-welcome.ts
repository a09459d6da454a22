import type { Api } from "grammy";
import { type PersonFacts, Unfillable } from "../../content/personal.ts";
import { render } from "../../content/render.ts";
import type { Scope } from "../../db/scope.ts";
import { perform, refusalOf } from "../../telegram/api-call.ts";
import { withOwnFiles } from "../own-files.ts";
import type { Welcome } from "./welcome-store.ts";

/**
 * `unwanted`: the person cannot be sent this kind of message, or the post cannot be filled in for them. `faulty`: Telegram
 * refused the post, or may have, for a reason that applies to every recipient. Of a post with two parts, the person may have
 * received the first.
 */
export type Welcomed = { type: "sent" } | { type: "unwanted" } | { type: "faulty"; description: string };

/**
 * Sends a person the post that answers /start, by the calls that a campaign makes. `api` paces it as an answer.
 * @throws GrammyError if the person cannot be written to, or Telegram asks for a pause; HttpError if no answer came
 */
export async function sendWelcome(
  scope: Scope,
  api: Api,
  welcome: Welcome,
  chatId: number,
  person: PersonFacts,
): Promise<Welcomed> {
  const [{ content } = welcome] = await withOwnFiles(scope.db, scope.botId, [welcome]);
  try {
    // Its buttons open links; those that name a campaign are refused when it is set.
    for (const call of render(content, { chatId, campaignId: 0, seq: 0, person }))
      await perform(api.raw, call);
    return { type: "sent" };
  } catch (error) {
    if (error instanceof Unfillable) return { type: "unwanted" };
    const refusal = refusalOf(error);
    if (refusal?.class === "personal") return { type: "unwanted" };
    if (refusal?.class === "content" || refusal?.class === "other")
      return { type: "faulty", description: refusal.description };
    throw error;
  }
}
