import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A backup that Herald has made by itself. */
export interface KeptBackup {
  at: Date;
  bytes: number;
}

/** Such as `herald-2026-11-30T0400Z.gz`, by UTC, so that they sort by age. */
const NAME = /^herald-(\d{4}-\d\d-\d\dT\d\d)(\d\d)Z\.gz$/;

export function backupName(at: Date): string {
  return `herald-${at.toISOString().slice(0, 16).replace(":", "")}Z.gz`;
}

/** The newest backup in the folder, which is made if need be; null if there is none. */
export async function newestBackup(folder: string): Promise<KeptBackup | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = (await backupsIn(folder)).at(-1);
  const [, hour, minute] = NAME.exec(name ?? "") ?? [];
  if (!name || !hour || !minute) return null;
  const { size } = await stat(join(folder, name));
  return { at: new Date(`${hour}:${minute}:00Z`), bytes: size };
}

/** Removes all but the newest `kept`, and what was left unfinished. */
export async function removeOldBackups(folder: string, kept: number): Promise<void> {
  const unfinished = (await readdir(folder)).filter((name) => name.endsWith(".partial"));
  for (const name of [...unfinished, ...(await backupsIn(folder)).slice(0, -kept)])
    await rm(join(folder, name), { force: true });
}

async function backupsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => NAME.test(name)).toSorted();
}
