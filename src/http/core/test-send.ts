import { listAdminsOfBot } from "../../access/admins.ts";
import { findPerson } from "../../audience/recipients.ts";
import { sendTest } from "../../campaign/actions/send-test.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { SenderUnreachable, startLink } from "../../campaign/post-preview.ts";
import { ownScope } from "../../db/scope.ts";
import { refusedWith } from "../../telegram/api-call.ts";
import { Problem } from "./problem.ts";
import type { ApiDeps, ApiEnv } from "./router.ts";

/**
 * Sends a draft to an admin, to the owner who made the key unless one is named, and keeps what Telegram says of it. `pointer` is
 * where the request names the admin.
 * @throws Problem 422 if the person is not an admin of the bot, 409 if its bot cannot write to them; DomainError
 */
export type TestSend = (
  by: ApiEnv["Variables"],
  draft: Pick<Campaign, "id" | "botId">,
  userId: number | undefined,
  pointer: string,
) => Promise<void>;

export function createTestSend({
  telegram,
  bots,
  leaveLabel,
  settings,
}: Pick<ApiDeps, "telegram" | "bots" | "leaveLabel" | "settings">): TestSend {
  return async ({ scope, actor, key }, { id, botId }, userId = key.createdBy, pointer) => {
    if (!(await listAdminsOfBot(scope, settings.ownerIds, botId)).includes(userId))
      throw new Problem(422, "not-an-admin", `Tests go to admins of the bot, and ${userId} is none.`, {
        more: { errors: [{ pointer, detail: "Give the user id of an admin." }] },
      });
    const person = await findPerson(ownScope(scope), userId);
    const viewer = {
      chatId: userId,
      label: (language: string) => `— ${language} —`,
      leaveLabel,
      firstName: person?.firstName ?? null,
      lastName: person?.lastName ?? null,
      username: person?.username ?? null,
    };
    try {
      await sendTest(scope, actor, id, { home: telegram, bots }, viewer);
    } catch (error) {
      if (error instanceof SenderUnreachable) throw notStarted(error, userId);
      const refusal = refusedWith(error, 400, 403);
      if (refusal === null) throw error;
      throw new Problem(409, "unreachable", `The bot cannot write to ${userId}: ${refusal}`);
    }
  };
}

/** The person has to start the bot that sends the post: that is where they get it. */
function notStarted({ username, message }: SenderUnreachable, userId: number): Problem {
  return new Problem(
    409,
    "unreachable",
    `@${username}, which sends this post, cannot write to ${userId}: ${message}. They have to start it: ${startLink(username)}`,
  );
}
