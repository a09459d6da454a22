import type { Parcel } from "../content/post-files.ts";
import type { FileRef } from "../content/content.ts";
import type { Db } from "../db/connect.ts";
import { findFileIds, rememberFiles } from "./file-ids.ts";

/** Why a bot did not get a file. Nothing is lost: whatever it has got by then, it keeps. */
export type CarryFault =
  /** Too large to be fetched from the bot that has it, or to be uploaded. */
  | { type: "too-large" }
  /** It may work later. */
  | { type: "not-fetched" | "not-uploaded"; description: string }
  /** Telegram asked to wait longer than anybody is kept waiting. */
  | { type: "busy"; seconds: number }
  /** Telegram has made something else of it, which the post cannot use. */
  | { type: "other-kind"; made: string }
  /** The bot cannot write into the chat where it would upload: the person has not started it, or has blocked it. */
  | { type: "unreachable"; description: string };

/** Files by their lasting ids, each with the file_id by which the bot that uploaded it can send it. */
export type Upload = { type: "uploaded"; files: FileRef[] } | CarryFault;

/** What brings one file to one bot. `stillId` is the bot's own file_id of a live photo's still, if it has one. */
export type UploadParcel = (parcel: Parcel, stillId: string | undefined) => Promise<Upload>;

/** Why a bot still lacks files, by their lasting ids; it has all others. */
export type CarryFaults = ReadonlyMap<string, CarryFault>;

/** Files on their way in this process, by bot and lasting id. */
const underWay = new WeakMap<Db, Map<string, Promise<Upload>>>();

/**
 * Brings a bot the files that it lacks, each once, even if several posts need it at the same time. A second process may
 * upload it again, which does no harm. A fault that concerns all of them counts for the rest, which is left.
 */
export async function carryFiles(
  db: Db,
  botId: number,
  parcels: readonly Parcel[],
  upload: UploadParcel,
): Promise<CarryFaults> {
  const faults = new Map<string, CarryFault>();
  const wanted = new Map(parcels.map((parcel) => [parcel.uniqueId, parcel]));
  let stop: CarryFault | null = null;
  for (const parcel of await lackingOf(db, botId, [...wanted.values()])) {
    const result: Upload = stop ?? (await carryOnce(db, botId, parcel, upload));
    if (result.type === "uploaded") continue;
    faults.set(parcel.uniqueId, result);
    if (result.type === "unreachable" || result.type === "busy") stop = result;
  }
  return faults;
}

/** Those of the files that a bot cannot send yet. */
export async function lackingOf<T extends Parcel>(
  db: Db,
  botId: number,
  parcels: readonly T[],
): Promise<T[]> {
  const all = parcels.flatMap((parcel) => (parcel.still ? [parcel, parcel.still] : [parcel]));
  const known = await findFileIds(db, botId, all);
  return parcels.filter(
    ({ uniqueId, still }) => !known.has(uniqueId) || (still !== undefined && !known.has(still.uniqueId)),
  );
}

async function carryOnce(db: Db, botId: number, parcel: Parcel, upload: UploadParcel): Promise<Upload> {
  const running = underWay.get(db) ?? new Map<string, Promise<Upload>>();
  underWay.set(db, running);
  const key = `${botId}:${parcel.uniqueId}`;
  for (let other = running.get(key); other; other = running.get(key)) {
    const result = await other.catch(() => null);
    // What stopped the other one, such as a person who has not started the bot, need not stop this one.
    if (result?.type === "uploaded") return result;
  }
  const own = carry(db, botId, parcel, upload);
  running.set(key, own);
  try {
    return await own;
  } finally {
    running.delete(key);
  }
}

async function carry(db: Db, botId: number, parcel: Parcel, upload: UploadParcel): Promise<Upload> {
  const { still } = parcel;
  const known = await findFileIds(db, botId, still ? [parcel, still] : [parcel]);
  const stillId = still && known.get(still.uniqueId);
  // Another carry may have brought it since this one looked.
  if (known.has(parcel.uniqueId) && (!still || stillId !== undefined)) return { type: "uploaded", files: [] };
  const result = await upload(parcel, stillId);
  if (result.type === "uploaded") await rememberFiles(db, botId, result.files);
  return result;
}
