import type { Content, FileRef } from "../content/content.ts";
import { readDetails } from "../content/file-details.ts";
import { filesOf, withFileIds } from "../content/post-files.ts";
import type { Db } from "../db/connect.ts";
import type { HomeScope } from "../db/scope.ts";
import { findFileIds, findFiles, rememberFiles } from "../media/file-ids.ts";

/**
 * Keeps the file_ids of what an admin has just sent: the files of a post that were not in the one before. Admins write to
 * the home bot, so the ids are that bot's, whichever bot is to send the post.
 */
export async function rememberNewFiles(tx: HomeScope, content: Content, before?: Content): Promise<void> {
  const known = new Set(before && filesOf(before).map(({ fileId }) => fileId));
  const received = filesOf(content).filter(({ fileId }) => !known.has(fileId));
  await rememberFiles(tx.db, tx.homeId, received);
}

/**
 * The same campaigns with their posts as `botId` sends them: each file by that bot's own file_id, as far as it has one.
 * One query for all of them, and none if no post has a file. For sending only: what is stored keeps its file_ids.
 */
export async function withOwnFiles<T extends { content: Content }>(
  db: Db,
  botId: number,
  campaigns: readonly T[],
): Promise<T[]> {
  const ids = await findFileIds(
    db,
    botId,
    campaigns.flatMap(({ content }) => filesOf(content)),
  );
  return campaigns.map((campaign) => ({ ...campaign, content: withFileIds(campaign.content, ids) }));
}

/** A campaign as the home bot shows it to admins, in previews and test sends. */
export async function withHomeFiles<T extends { content: Content }>(
  scope: HomeScope,
  campaign: T,
): Promise<T> {
  const [shown = campaign] = await withOwnFiles(scope.db, scope.homeId, [campaign]);
  return shown;
}

/** Keeps the file_id of a file that the home bot has just sent. */
export async function keepHomeFile(tx: HomeScope, file: FileRef): Promise<void> {
  await rememberFiles(tx.db, tx.homeId, [file]);
}

/** What the home bot knows of files, by their lasting ids. Those that it has not received are absent. */
export async function findHomeFiles(
  { db, homeId }: HomeScope,
  uniqueIds: readonly string[],
): Promise<Map<string, FileRef>> {
  const files = await findFiles(db, homeId, uniqueIds);
  return new Map(
    files.map(({ details: stored, ...file }) => {
      const details = readDetails(stored);
      return [file.uniqueId, { ...file, ...(details && { details }) }];
    }),
  );
}
