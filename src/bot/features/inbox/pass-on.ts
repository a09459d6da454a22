import type { Scope } from "../../../db/scope.ts";
import {
  type Unit,
  beginLeaving,
  noteArrived,
  noteNotArrived,
  putBack,
} from "../../../inbox/inbox-messages.ts";
import { changeThread } from "../../../inbox/inbox-threads.ts";
import type { Log } from "../../../log.ts";
import type { Alarm } from "../../notices/alarm.ts";
import type { CopyIn } from "./copy-in.ts";
import { type GroupDesk, type Place, type Placed, isTopicGone } from "./group-desk.ts";
import type { GroupPace } from "./group-pace.ts";
import type { WaitAfter } from "./group-waits.ts";
import type { CallResult } from "./inbox-call.ts";
import { nameOfPerson } from "./thread-card.ts";

/** Passes on what a person wrote. Resolves with how many ms nothing may leave for the group; 0 to go on. */
export type PassOn = (desk: GroupDesk, unit: Unit) => Promise<number>;

export interface PassOnParts {
  own: Scope;
  log: Log;
  pace: GroupPace;
  alarm: Pick<Alarm, "over">;
  copyIn: CopyIn;
  waitAfter: WaitAfter;
  stop: AbortSignal;
}

export function createPassOn({ own, log, pace, alarm, copyIn, waitAfter, stop }: PassOnParts): PassOn {
  /** Without topics, an album cannot say whose it is: it cannot be a reply. */
  async function announceAlbum(desk: GroupDesk, unit: Unit): Promise<Placed | null> {
    if (desk.inbox.mode === "topics" || unit.parts.length === 1) return null;
    const name = await nameOfPerson(own, unit.chatId);
    const said = await desk.say(unit.chatId, desk.t("inbox-album-of", { name }));
    return said.type === "placed" ? null : said;
  }

  async function settle(
    desk: GroupDesk,
    { chatId, parts }: Unit,
    { groupId }: Place,
    result: CallResult<number[]>,
  ): Promise<number> {
    switch (result.type) {
      case "done":
        await noteArrived(own, parts, groupId, result.value);
        alarm.over("inbox");
        return 0;
      case "uncertain":
        log.warn(
          { person: chatId, what: result.description },
          "whether a message reached the inbox is not known",
        );
        await noteNotArrived(own, parts, "uncertain", result.description);
        return 0;
      case "refused":
        if (isTopicGone(result.description)) {
          await changeThread(own, chatId, { threadId: null, cardId: null });
          await putBack(own, parts);
          return 0;
        }
        if (/message to be replied not found|REPLY_MESSAGE_ID_INVALID/i.test(result.description)) {
          await changeThread(own, chatId, { cardId: null });
          await putBack(own, parts);
          return 0;
        }
        if (result.class === "content" || result.class === "other") {
          await noteNotArrived(own, parts, "refused", result.description);
          return 0;
        }
        await putBack(own, parts);
        return waitAfter(desk, result);
      case "later":
      case "migrated":
        await putBack(own, parts);
        return waitAfter(desk, result);
    }
  }

  return async (desk, unit) => {
    const placed = await desk.place(unit.chatId);
    if (placed.type === "gone") return 0; // and so are its rows
    if (placed.type !== "placed") return waitAfter(desk, placed);
    const unsaid = await announceAlbum(desk, unit);
    if (unsaid && unsaid.type !== "placed" && unsaid.type !== "gone") return waitAfter(desk, unsaid);
    if (!(await pace.turn(unit.parts.length, stop))) return 0;
    const inOrder = unit.parts.toSorted((a, b) => a.messageId - b.messageId);
    if (!(await beginLeaving(own, inOrder))) return 0;
    const result = await copyIn(desk, placed.place, inOrder);
    return settle(desk, { ...unit, parts: inOrder }, placed.place, result);
  };
}
