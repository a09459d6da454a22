import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What Herald keeps in DATA_DIR. A folder that holds anything else is not Herald's alone to close. */
const OURS = /^(?:pg|herald\.lock.*)$/;

/**
 * Closes the folder of an embedded database to the other users of the machine: folders 0700, files 0600. PGlite 0.5
 * makes most of its files with mode 0666, whatever the umask is, and people's names and phone numbers lie in them.
 * Returns false if this user may not, because somebody else owns the files.
 */
export function closeToOthers(dataDir: string): boolean {
  try {
    if (readdirSync(dataDir).every((name) => OURS.test(name))) chmodSync(dataDir, 0o700);
    const database = join(dataDir, "pg");
    chmodSync(database, 0o700);
    for (const entry of readdirSync(database, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o700);
      else if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), 0o600);
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPERM") return false;
    throw error;
  }
}
