import type { Api } from "grammy";
import { type Actor, authorize } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import type { FileRef } from "../../content/content.ts";
import { sentFile } from "../../content/sent-file.ts";
import { type HomeScope, type Scope, inTransaction } from "../../db/scope.ts";
import { type Carried, type Freight, carryFile } from "../../telegram/carry-file.ts";
import { findFileIds, rememberFiles } from "../../media/file-ids.ts";
import { keepHomeFile } from "../own-files.ts";

export type Keeping =
  /** `undeleted` is why the message that carried it could not be deleted; null if it was. */
  { type: "kept"; file: FileRef; undeleted: unknown } | Exclude<Carried, { type: "delivered" }>;

/**
 * Carries a file to Telegram by way of a person's chat with the home bot, and keeps its file_id, so that posts can name it.
 * @throws DomainError `forbidden`
 */
export async function keepMedia(
  home: HomeScope,
  actor: Actor,
  api: Pick<Api, "token" | "options">,
  chatId: number,
  freight: Freight,
): Promise<Keeping> {
  await authorize(home, actor, "keep-media");
  const carried = await carryFile(api, chatId, freight);
  if (carried.type !== "delivered") return carried;
  const { message, undeleted } = carried;
  const file = sentFile(message);
  if (!file) throw new Error(`Telegram made no file of a ${freight.kind}`);
  await inTransaction(home, async (tx) => {
    await keepHomeFile(tx, file);
    await record(tx, actor, "media.kept", null);
  });
  return { type: "kept", file, undeleted };
}

/**
 * Carries a file that the home has kept to Telegram once more, by the bot of the scope, so that posts of that bot can name
 * it, too. Unlike what a preview does, this fetches nothing from Telegram, so the file may be as large as an upload.
 * @throws DomainError `forbidden`
 */
export async function keepMediaFor(
  scope: Scope,
  actor: Actor,
  api: Pick<Api, "token" | "options">,
  chatId: number,
  freight: Freight,
  file: FileRef,
): Promise<Keeping> {
  const { db, botId } = scope;
  await authorize(scope, actor, { action: "keep-media-for", botId });
  if ((await findFileIds(db, botId, [file])).has(file.uniqueId))
    return { type: "kept", file, undeleted: null };
  const carried = await carryFile(api, chatId, freight);
  if (carried.type !== "delivered") return carried;
  const { message, undeleted } = carried;
  const sent = sentFile(message);
  if (sent?.kind !== file.kind) throw new Error(`Telegram made a ${file.kind} of the file before`);
  await rememberFiles(db, botId, [{ ...sent, uniqueId: file.uniqueId }]);
  return { type: "kept", file, undeleted };
}
