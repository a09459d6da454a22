import { findChat } from "../../../audience/chats.ts";
import { followSupergroup } from "../../../campaign/supergroup.ts";
import type { Scope } from "../../../db/scope.ts";
import type { Alarm } from "../../notices/alarm.ts";
import type { GroupDesk, Placed } from "./group-desk.ts";

/**
 * What follows for the group from a call that did not succeed, for whatever reason it was made. Resolves with how many ms
 * nothing may leave there; 0 if Herald stops.
 */
export type WaitAfter = (
  desk: GroupDesk,
  result: Exclude<Placed, { type: "placed" | "gone" }>,
) => Promise<number>;

/** How long nothing is tried in a group that cannot be written to. */
const TROUBLED_MS = 60_000;

/** How long to wait after a call that was not answered, and that may be repeated. */
const UNANSWERED_MS = 5_000;

const AGAIN_MS = 1;

export function createWaits({ own, alarm }: { own: Scope; alarm: Pick<Alarm, "note"> }): WaitAfter {
  return async (desk, result) => {
    const { groupId } = desk.inbox;
    switch (result.type) {
      case "stopped":
        return 0;
      case "later":
        return result.ms;
      case "uncertain":
        return UNANSWERED_MS;
      case "migrated":
        await followSupergroup(own, groupId, result.toChatId);
        return AGAIN_MS; // at the desk of the new group
      case "refused": {
        const group = (await findChat(own, groupId))?.title ?? String(groupId);
        alarm.note("inbox", { facts: { group, what: result.description } });
        return TROUBLED_MS;
      }
    }
  };
}
