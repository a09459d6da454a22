import { type Db, ping } from "../connect.ts";
import { openEmbedded } from "../embedded/embedded.ts";
import { type Say, sayOnStderr } from "../say.ts";
import { newSession, openServer } from "../server.ts";

export type DatabaseLocation = { type: "server"; url: string } | { type: "embedded"; dataDir: string };

export interface Database {
  db: Db;
  /** True when no other process can use it: the folder's lock is ours. */
  exclusive: boolean;
  /** Names who opened it; unique. A server shows it as the `application_name` of each of its connections. */
  session: string;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the database and brings its schema up to date.
 * `say` gets a sentence for the operator when the start waits for somebody, or when something is not as it should be.
 * @throws StartError when the server cannot be reached or is of no use, or another process holds the folder.
 */
export async function openDatabase(location: DatabaseLocation, say: Say = sayOnStderr): Promise<Database> {
  const session = newSession();
  const { db, close } =
    location.type === "server"
      ? await openServer(location.url, session, say)
      : await openEmbedded(location.dataDir, say);
  return { db, exclusive: location.type === "embedded", session, ping: () => ping(db), close };
}
