import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What Herald keeps in DATA_DIR. A folder that holds anything else is not Herald's alone to close. */
const OURS = /^(?:(?:pg|postgres-\d+)(?:\.[\w-]+)?|backups|secret\.key.*|herald\.lock.*)$/;

/**
 * Closes the folder of an embedded database to the other users of the machine: folders 0700, files 0600. PostgreSQL makes
 * its files like that, and refuses a folder that is open. PGlite 0.5 makes most of its files with mode 0666, whatever the umask is, and people's names and phone
 * numbers lie in them.
 * If PostgreSQL runs as another user, who has to pass through, it is 0711: others may enter, but see nothing.
 * Returns false if this user may not, because somebody else owns the files.
 */
export function closeToOthers(dataDir: string, isPassage = false): boolean {
  try {
    if (readdirSync(dataDir).every((name) => OURS.test(name))) chmodSync(dataDir, isPassage ? 0o711 : 0o700);
    for (const name of readdirSync(dataDir))
      if (/^postgres-\d+$/.test(name)) chmodSync(join(dataDir, name), 0o700);
    const pglite = join(dataDir, "pg");
    if (existsSync(pglite)) closeAll(pglite);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPERM") return false;
    throw error;
  }
}

function closeAll(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o700);
    else if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), 0o600);
  }
}
