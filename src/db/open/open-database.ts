import { type Db, ping } from "../connect.ts";
import { openEmbedded } from "../embedded/embedded.ts";
import { type Say, sayOnStderr } from "../say.ts";
import { newSession, openServer } from "../server.ts";

export type DatabaseLocation = { type: "server"; url: string } | { type: "embedded"; dataDir: string };

export interface Database {
  db: Db;
  /** True if no other process can use it, because we hold the folder's lock. */
  exclusive: boolean;
  /** A unique name of whoever opened it. A server shows it as the `application_name` of each connection. */
  session: string;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database and migrates its schema.
 * `say` gets a sentence for the operator if the start has to wait, or if something is wrong.
 * @throws StartError if the server cannot be reached or used, or if another process holds the folder.
 */
export async function openDatabase(location: DatabaseLocation, say: Say = sayOnStderr): Promise<Database> {
  const session = newSession();
  const { db, close } =
    location.type === "server"
      ? await openServer(location.url, session, say)
      : await openEmbedded(location.dataDir, say);
  return { db, exclusive: location.type === "embedded", session, ping: () => ping(db), close };
}
