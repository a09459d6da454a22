import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What Herald stores in DATA_DIR. If the folder holds anything else, its mode is not Herald's to change. */
const OURS = /^(?:pg|herald\.lock.*)$/;

/**
 * Makes the folder of an embedded database private: folders 0700, files 0600. PGlite 0.5 creates most of its files with
 * mode 0666 whatever the umask, and they contain people's names and phone numbers.
 * Returns false if this user may not, because someone else owns the files.
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
