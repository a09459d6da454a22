import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { StartError } from "../../errors.ts";
import type { CopyTarget } from "../copy-tables.ts";
import type { OpenEngine } from "../open-engine.ts";
import type { Say } from "../say.ts";
import { type HeldFolder, holdFolder, holdsDatabase } from "./held-folder.ts";
import { openPglite } from "./pglite.ts";
import { makeCluster } from "./postgres/cluster.ts";
import { openPostgres } from "./postgres/postgres.ts";

/**
 * Makes a new embedded database, and lets `work` fill it. It takes its place when it is complete; what was there before is
 * kept beside it. Resolves with where, or null.
 * @throws StartError when there is a database already and `replace` is false, or when a Herald uses it.
 */
export async function rebuildFolder(
  folder: string,
  session: string,
  { replace, now, say }: { replace: boolean; now: Date; say: Say },
  work: (target: CopyTarget) => Promise<void>,
): Promise<string | null> {
  const held = await holdFolder(folder, say);
  try {
    if (holdsDatabase(folder) && !replace)
      throw new StartError(
        `There is a database in ${folder} already; nothing was changed. With --replace it is put aside, and the backup takes its place.`,
      );
    const { engine, unfinished, place } = await made(held, session, say);
    try {
      await engine.rebuild(work);
    } finally {
      await engine.close();
    }
    const aside = await putAside(held, now);
    await rename(unfinished, place);
    return aside;
  } finally {
    for (const place of [held.cluster, held.pglite])
      await rm(unfinishedOf(place), { recursive: true, force: true });
    held.closeToOthers();
    await held.release();
  }
}

const unfinishedOf = (place: string) => `${place}.unfinished`;

/** A new, empty database under a name that no Herald opens. */
async function made(
  { binaries, user, cluster, pglite }: HeldFolder,
  session: string,
  say: Say,
): Promise<{ engine: OpenEngine; unfinished: string; place: string }> {
  if (!("reason" in binaries)) {
    const unfinished = unfinishedOf(cluster);
    const failure = await makeCluster(unfinished, binaries, user);
    if (failure === null)
      return {
        engine: await openPostgres(unfinished, session, { binaries, user, say }),
        unfinished,
        place: cluster,
      };
  }
  const unfinished = unfinishedOf(pglite);
  await rm(unfinished, { recursive: true, force: true });
  return { engine: await openPglite(unfinished), unfinished, place: pglite };
}

/** Under names that no Herald opens. Resolves with the last of them. */
async function putAside({ cluster, pglite }: HeldFolder, now: Date): Promise<string | null> {
  const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
  let aside: string | null = null;
  for (const place of [pglite, cluster])
    if (existsSync(place)) {
      aside = `${place}.before-restore-${stamp}`;
      await rename(place, aside);
    }
  return aside;
}
