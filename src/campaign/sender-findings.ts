import { isForChats } from "../audience/segment/audience.ts";
import type { Finding } from "../content/check.ts";
import { type Version, versionsOf } from "../content/content.ts";
import { hasUnknownFiles, parcelsOf } from "../content/post-files.ts";
import { lastRelay } from "../db/heard-updates.ts";
import { type HomeScope, type Scope, scopeOf } from "../db/scope.ts";
import { lackingOf } from "../media/missing-files.ts";
import type { Campaign } from "./campaign.ts";
import { isBeside } from "./home-bots.ts";

/** A relay that works tells of somebody within a week, whatever the bot. */
const QUIET_MS = 7 * 86_400_000;

/**
 * What keeps a bot from sending a post that was composed in the chat of the home: files that it has not got yet, and what
 * only the home can send. Nothing for the home itself.
 */
export async function senderFindings(
  home: HomeScope,
  { botId, content, audience }: Pick<Campaign, "botId" | "content" | "audience">,
): Promise<Finding[]> {
  const { db, homeId } = home;
  if (botId === homeId) return [];
  if (content.options?.forward) return [{ level: "error", type: "forward-elsewhere", language: null }];
  const versions = isForChats(audience) ? versionsOf(content).slice(0, 1) : versionsOf(content);
  const parcels = versions.flatMap(({ version }) => parcelsOf(version));
  const lacking = new Set((await lackingOf(db, botId, parcels)).map(({ uniqueId }) => uniqueId));
  const isDeaf =
    versions.some(({ version }) => wantsTaps(version)) && !(await hearsTaps(scopeOf(home, { botId })));
  const ofVersions = versions.flatMap(({ language, version }): Finding[] => {
    const count = parcelsOf(version).filter(({ uniqueId }) => lacking.has(uniqueId)).length;
    return [
      ...(version.kind === "copy" ? [{ level: "error", type: "copy-elsewhere", language } as const] : []),
      ...(hasUnknownFiles(version) ? [{ level: "error", type: "files-unknown", language } as const] : []),
      ...(count > 0 ? [{ level: "error", type: "files-missing", count, language } as const] : []),
      ...(mentionsPeople(version) ? [{ level: "note", type: "mention-elsewhere", language } as const] : []),
    ];
  });
  return [
    ...ofVersions,
    ...(isDeaf ? [{ level: "note", type: "taps-unheard", language: null } as const] : []),
  ];
}

/** Votes and answers: their taps go to whoever receives the updates of the bot. */
function wantsTaps({ buttons = [] }: Version): boolean {
  return buttons.flat().some((button) => "vote" in button || "answer" in button);
}

/** False if another program receives the taps and has told of nothing for a week. */
async function hearsTaps(scope: Scope): Promise<boolean> {
  if (!(await isBeside(scope, scope.botId))) return true;
  const heard = await lastRelay(scope);
  return heard !== null && Date.now() - heard.getTime() < QUIET_MS;
}

/** A mention of a person without a username names them by their id, which works only for a bot that knows them. */
function mentionsPeople(version: object): boolean {
  return JSON.stringify(version).includes('"type":"text_mention"');
}
