import type { Campaign } from "../../campaign/campaign.ts";
import { createAttributeMemory } from "../../campaign/known-attributes.ts";
import { type LeaveLabel, withLeaveButtons } from "../../campaign/leave-button.ts";
import { withOwnFiles } from "../../campaign/own-files.ts";
import type { Scope } from "../../db/scope.ts";

/**
 * Makes campaigns ready to be rendered: their posts hold this bot's own file_ids, their attributes are known, and those that
 * have it hold the button to leave.
 */
export function createReadyPosts(scope: Scope, leaveLabel: LeaveLabel) {
  const withAttributes = createAttributeMemory(scope);
  return async (campaigns: readonly Campaign[]): Promise<Campaign[]> => {
    const own = await withOwnFiles(scope.db, scope.botId, campaigns);
    return withAttributes(await withLeaveButtons(scope, own, leaveLabel));
  };
}
