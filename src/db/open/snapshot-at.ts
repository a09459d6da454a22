import type { CopySource } from "../copy-tables.ts";
import { snapshotOfFolder } from "../embedded/snapshot-of-folder.ts";
import { type Say, sayOnStderr } from "../say.ts";
import { newSession, reach, sayingWhatIsWrong } from "../server/server.ts";
import { takeSnapshot } from "../server/snapshot.ts";
import type { DatabaseLocation } from "./open-database.ts";

/**
 * Reads a database as of one moment, without changing it, whether or not a Herald uses it now.
 * @throws StartError if there is none, or if it cannot be read from here.
 */
export async function snapshotAt<T>(
  location: DatabaseLocation,
  work: (source: CopySource) => Promise<T>,
  say: Say = sayOnStderr,
): Promise<T> {
  const session = newSession();
  if (location.type === "embedded") return snapshotOfFolder(location.dataDir, session, say, work);
  const { url } = location;
  const client = await sayingWhatIsWrong(url, () => reach(url, 1, session)); // a pooler may split transactions
  await client.end({ timeout: 5 });
  return takeSnapshot(url, session, work);
}
