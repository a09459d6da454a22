import { and, eq, inArray, sql } from "drizzle-orm";
import type { FileRef } from "../content/content.ts";
import type { Db } from "../db/connect.ts";
import { media } from "../db/schema.ts";

/*
 * A file_id belongs to one bot: another bot's works at random. Each bot's own id of a file stands here under the lasting
 * id, which is the same for all of them.
 */

/** Keeps the file_ids by which a bot has just received files; a newer one takes the place of an older. */
export async function rememberFiles(db: Db, botId: number, files: readonly FileRef[]): Promise<void> {
  const distinct = new Map(files.map((file) => [file.uniqueId, file]));
  // In one order, so that two who remember the same files cannot wait for each other.
  const rows = [...distinct.values()]
    .toSorted((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1))
    .map(({ uniqueId, fileId, kind, details = null }) => ({
      botId,
      fileUniqueId: uniqueId,
      fileId,
      kind,
      details,
    }));
  if (rows.length === 0) return;
  await db
    .insert(media)
    .values(rows)
    .onConflictDoUpdate({
      target: [media.botId, media.fileUniqueId],
      set: {
        fileId: sql`excluded.file_id`,
        kind: sql`excluded.kind`,
        details: sql`coalesce(excluded.details, ${media.details})`,
        seenAt: sql`now()`,
      },
    });
}

/** A bot's own file_ids of these files, by lasting id. Files that it has not received are absent. */
export async function findFileIds(
  db: Db,
  botId: number,
  files: readonly Pick<FileRef, "uniqueId">[],
): Promise<Map<string, string>> {
  const found = await findFiles(
    db,
    botId,
    files.map(({ uniqueId }) => uniqueId),
  );
  return new Map(found.map(({ uniqueId, fileId }) => [uniqueId, fileId]));
}

/** A file as its row has it; content/file-details.ts reads the details. */
export type FileRow = Omit<FileRef, "details"> & { details: unknown };

/** What a bot knows of files, by their lasting ids. */
export async function findFiles(db: Db, botId: number, uniqueIds: readonly string[]): Promise<FileRow[]> {
  const distinct = [...new Set(uniqueIds)];
  if (distinct.length === 0) return [];
  return db
    .select({
      uniqueId: media.fileUniqueId,
      fileId: media.fileId,
      kind: media.kind,
      details: media.details,
    })
    .from(media)
    .where(and(eq(media.botId, botId), inArray(media.fileUniqueId, distinct)));
}
