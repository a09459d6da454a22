import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "grammy";
import type { Message } from "grammy/types";
import { type Content, type FileRef, versionsOf } from "../content/content.ts";
import { readDetails } from "../content/file-details.ts";
import { type Parcel, filesOf, parcelsOf } from "../content/post-files.ts";
import { sentFile, sentLivePhoto } from "../content/sent-file.ts";
import type { Scope } from "../db/scope.ts";
import type { Log } from "../log.ts";
import { type CarryFault, type CarryFaults, type Upload, carryFiles } from "../media/missing-files.ts";
import { findFiles } from "../media/file-ids.ts";
import { type Carried, type FileSource, type Freight, carryFile } from "../telegram/carry-file.ts";
import type { FetchedFile } from "../telegram/fetch-file.ts";
import type { FetchedFiles } from "../telegram/fetched-files.ts";
import { fileNameFor } from "../telegram/file-name.ts";
import type { RefusalClass } from "../telegram/outcome.ts";

/** What carrying a post from the home to another bot takes. */
export interface Carriers {
  /** Fetches by the home's file_ids. */
  files: FetchedFiles;
  /** Of the bot that is to send the post. */
  api: Pick<Api, "token" | "options">;
  /** A person's chat with that bot, in which the files appear for a moment. */
  chatId: number;
  log: Log;
}

/**
 * Brings the bot that sends a post the files of it that only the home has. Resolves with what it still lacks.
 */
export async function carryPost(
  { db, homeId, botId }: Scope,
  content: Content,
  carriers: Carriers,
): Promise<CarryFaults> {
  const parcels = versionsOf(content).flatMap(({ version }) => parcelsOf(version));
  if (parcels.length === 0) return new Map();
  const rows = await findFiles(
    db,
    homeId,
    filesOf(content).map(({ uniqueId }) => uniqueId),
  );
  const atHome = new Map(rows.map((row) => [row.uniqueId, row]));
  // By its newest file_id; posts of older versions know nothing else of their files.
  const asKnown = (file: FileRef): FileRef => {
    const row = atHome.get(file.uniqueId);
    const details = file.details ?? readDetails(row?.details);
    return { ...file, ...(row && { fileId: row.fileId }), ...(details && { details }) };
  };
  return carryFiles(db, botId, parcels, ({ still, ...parcel }, stillId) =>
    carryParcel({ ...asKnown(parcel), ...(still && { still: asKnown(still) }) }, stillId, carriers),
  );
}

/** A flood of uploads into one chat makes Telegram ask for pauses of a few seconds. */
const LONGEST_WAIT_MS = 30_000;
const MOST_WAITS = 3;

/** What is uploaded of a parcel. */
interface Sources {
  moving: FetchedFile;
  still?: FileSource | { fileId: string };
  thumbnail?: FileSource;
}

async function carryParcel(parcel: Parcel, stillId: string | undefined, carriers: Carriers): Promise<Upload> {
  const { files } = carriers;
  const { still } = parcel;
  return files.use(parcel.fileId, async (moving): Promise<Upload> => {
    if (stillId !== undefined) return upload(parcel, { moving, still: { fileId: stillId } }, carriers);
    if (still)
      return files.use(still.fileId, (photo) => upload(parcel, { moving, still: photo.source }, carriers));
    return withThumbnail(parcel, { moving }, carriers);
  });
}

async function withThumbnail(parcel: Parcel, sources: Sources, carriers: Carriers): Promise<Upload> {
  const { thumbnailId } = parcel.details ?? {};
  if (thumbnailId === undefined) return upload(parcel, sources, carriers);
  const shown = await carriers.files.use(thumbnailId, async ({ source: thumbnail }) => ({
    uploaded: await upload(parcel, { ...sources, thumbnail }, carriers),
  }));
  // Without it, the post looks a little plainer, but it is the post.
  return "uploaded" in shown ? shown.uploaded : upload(parcel, sources, carriers);
}

async function upload(parcel: Parcel, sources: Sources, { api, chatId, log }: Carriers): Promise<Upload> {
  const freight = freightOf(parcel, sources);
  if (!freight) return { type: "not-uploaded", description: "a live photo without its still" };
  for (let waits = 0; ; waits += 1) {
    const carried = await carryFile(api, chatId, freight);
    if (carried.type === "delivered") {
      const { message, undeleted } = carried;
      if (undeleted) log.warn({ err: undeleted }, "the message that carried a file cannot be deleted");
      return received(parcel, message);
    }
    if (carried.type !== "deferred" && carried.type !== "postponed") return faultOf(carried);
    const { waitMs } = carried;
    if (waits >= MOST_WAITS || waitMs > LONGEST_WAIT_MS)
      return { type: "busy", seconds: Math.ceil(waitMs / 1_000) };
    await sleep(waitMs);
  }
}

function freightOf(
  { kind, details = {} }: Parcel,
  { moving, still, thumbnail }: Sources,
): Freight | undefined {
  const { name, mimeType, width, height, duration, title, performer, emoji } = details;
  const isNamed = name !== undefined || mimeType !== undefined;
  const common = {
    name: isNamed ? fileNameFor(kind, name ?? null, mimeType ?? "") : moving.name,
    source: moving.source,
    facts: {
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...(duration !== undefined && { duration }),
      ...(title !== undefined && { title }),
      ...(performer !== undefined && { performer }),
      ...(emoji !== undefined && { emoji }),
    },
    ...(thumbnail !== undefined && { thumbnail }),
  };
  if (kind !== "live_photo") return { kind, ...common };
  return still === undefined ? undefined : { kind, still, ...common };
}

/** The sender's file_ids, under the lasting ids that the post knows: a photo is compressed anew, and may get another. */
function received({ uniqueId, kind, still }: Parcel, message: Message): Upload {
  if (kind === "live_photo") {
    const sent = sentLivePhoto(message);
    if (!sent) return { type: "other-kind", made: sentFile(message)?.kind ?? "text" };
    const moving = { ...sent.moving, uniqueId };
    return {
      type: "uploaded",
      files: still ? [moving, { ...sent.still, uniqueId: still.uniqueId }] : [moving],
    };
  }
  const sent = sentFile(message);
  if (sent?.kind !== kind) return { type: "other-kind", made: sent?.kind ?? "text" };
  return { type: "uploaded", files: [{ ...sent, uniqueId }] };
}

const WITHOUT_CHAT: readonly RefusalClass[] = ["blocked", "deactivated", "unreachable"];

function faultOf(carried: Exclude<Carried, { type: "delivered" | "deferred" | "postponed" }>): CarryFault {
  const description = "description" in carried ? carried.description : carried.type;
  if (carried.type === "refused" && WITHOUT_CHAT.includes(carried.class))
    return { type: "unreachable", description };
  if (/entity too large|file is too big|answered 413/i.test(description)) return { type: "too-large" };
  return { type: "not-uploaded", description };
}
