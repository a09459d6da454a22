import { isForChats } from "../audience/segment.ts";
import type { Finding } from "../content/check.ts";
import { versionsOf } from "../content/content.ts";
import { hasUnknownFiles, parcelsOf } from "../content/post-files.ts";
import type { HomeScope } from "../db/scope.ts";
import { lackingOf } from "../media/missing-files.ts";
import type { Campaign } from "./campaign.ts";

/**
 * What keeps a bot from sending a post that was composed in the chat of the home: files that it has not got yet, and what
 * only the home can send. Nothing for the home itself.
 */
export async function senderFindings(
  { db, homeId }: HomeScope,
  { botId, content, audience }: Pick<Campaign, "botId" | "content" | "audience">,
): Promise<Finding[]> {
  if (botId === homeId) return [];
  if (content.options?.forward) return [{ level: "error", type: "forward-elsewhere", language: null }];
  const versions = isForChats(audience) ? versionsOf(content).slice(0, 1) : versionsOf(content);
  const parcels = versions.flatMap(({ version }) => parcelsOf(version));
  const lacking = new Set((await lackingOf(db, botId, parcels)).map(({ uniqueId }) => uniqueId));
  return versions.flatMap(({ language, version }): Finding[] => {
    const count = parcelsOf(version).filter(({ uniqueId }) => lacking.has(uniqueId)).length;
    return [
      ...(version.kind === "copy" ? [{ level: "error", type: "copy-elsewhere", language } as const] : []),
      ...(hasUnknownFiles(version) ? [{ level: "error", type: "files-unknown", language } as const] : []),
      ...(count > 0 ? [{ level: "error", type: "files-missing", count, language } as const] : []),
      ...(mentionsPeople(version) ? [{ level: "note", type: "mention-elsewhere", language } as const] : []),
    ];
  });
}

/** A mention of a person without a username names them by their id, which works only for a bot that knows them. */
function mentionsPeople(version: object): boolean {
  return JSON.stringify(version).includes('"type":"text_mention"');
}
