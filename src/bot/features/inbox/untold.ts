import type { Scope } from "../../../db/scope.ts";
import { type InboxMessage, listUntold, noteTold } from "../../../inbox/inbox-messages.ts";
import { listPassedOver, tellPassedOver } from "../../../inbox/inbox-threads.ts";
import { threadTap } from "../../ui/callback-data.ts";
import type { GroupDesk } from "./group-desk.ts";
import type { WaitAfter } from "./group-waits.ts";

/** Tells the group what did not arrive, in either direction, and what was too much. Resolves with how many ms nothing may leave. */
export type TellGroup = (desk: GroupDesk) => Promise<number>;

/** Told in one round. */
const BATCH = 20;

export function createTellGroup(own: Scope, waitAfter: WaitAfter, stop: AbortSignal): TellGroup {
  async function tellOne(desk: GroupDesk, message: InboxMessage): Promise<number> {
    const { chatId, id, direction, fromChat, messageId, state } = message;
    const isOut = direction === "out";
    const said = await desk.say(chatId, untoldText(desk, message), {
      ...(isOut && fromChat === desk.inbox.groupId && { replyTo: messageId }),
      ...(state === "uncertain" && {
        keyboard: {
          inline_keyboard: [
            [
              {
                text: desk.t("inbox-again"),
                callback_data: threadTap.encode({ chatId, verb: "again", argument: String(id) }),
              },
            ],
          ],
        },
      }),
    });
    if (said.type === "placed" || said.type === "gone") {
      await noteTold(own, message);
      return 0;
    }
    return waitAfter(desk, said);
  }

  return async (desk) => {
    for (const message of await listUntold(own, BATCH)) {
      if (stop.aborted) return 0;
      const ms = await tellOne(desk, message);
      if (ms > 0) return ms;
    }
    for (const { chatId, passedOver } of await listPassedOver(own, BATCH)) {
      if (stop.aborted) return 0;
      const said = await desk.say(chatId, desk.t("inbox-passed-over", { count: passedOver }));
      if (said.type !== "placed" && said.type !== "gone") {
        const ms = await waitAfter(desk, said);
        if (ms > 0) return ms;
        continue;
      }
      await tellPassedOver(own, chatId, passedOver);
    }
    return 0;
  };
}

/** What the group reads of a message that did not arrive, or not surely. */
function untoldText({ t }: GroupDesk, { direction, state, description }: InboxMessage): string {
  const what = description ?? "";
  if (state === "uncertain") return t(`inbox-${direction}-uncertain`);
  if (direction === "in") return t(state === "arrived" ? "inbox-in-partly" : "inbox-in-refused", { what });
  if (/blocked by the user|USER_IS_BLOCKED/i.test(what)) return t("inbox-out-blocked");
  return t(state === "arrived" ? "inbox-out-partly" : "inbox-out-refused", { what });
}
