import { type Db, ping } from "../connect.ts";
import { type EmbeddedEngine, openEmbedded } from "../embedded/embedded.ts";
import { checkDisk } from "../embedded/disk-space.ts";
import type { Nudges } from "../nudges.ts";
import { type Say, sayOnStderr } from "../say.ts";
import type { Snapshot } from "../open-engine.ts";
import { newSession, openServer } from "../server/server.ts";
import { takeSnapshot } from "../server/snapshot.ts";

export type DatabaseLocation = { type: "server"; url: string } | { type: "embedded"; dataDir: string };

export interface Database {
  db: Db;
  /** What runs in this process's own folder, which no other process can use; null on a server. */
  embedded: EmbeddedEngine | null;
  /** Names who opened it; unique. A server shows it as the `application_name` of each of its connections. */
  session: string;
  /** To and from other processes on the same database; null where there can be none. */
  nudges: Nudges | null;
  /** Reads everything as of one moment. */
  snapshot: Snapshot;
  /** Resolves when the database answers. Rejects with DiskFull when the embedded one has no room left. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database and migrates its schema.
 * `say` gets a sentence for the operator if the start has to wait, or if something is wrong. `onWait` is called when another
 * process has to do the next step, if that takes long: a good time to do something else.
 * @throws StartError if the server cannot be reached or used, or if another process holds the folder.
 */
export async function openDatabase(
  location: DatabaseLocation,
  say: Say = sayOnStderr,
  onWait: () => void = () => undefined,
): Promise<Database> {
  const session = newSession();
  if (location.type === "embedded") {
    const { dataDir } = location;
    const { db, engine, snapshot, close } = await openEmbedded(dataDir, session, say, { onWait });
    const pingWithRoom = async () => {
      await checkDisk(dataDir);
      await ping(db);
    };
    return { db, embedded: engine, session, nudges: null, snapshot, ping: pingWithRoom, close };
  }
  onWait();
  const { url } = location;
  const { db, nudges, close } = await openServer(url, session, say);
  const snapshot: Snapshot = (work) => takeSnapshot(url, session, work);
  return { db, embedded: null, session, nudges, snapshot, ping: () => ping(db), close };
}
