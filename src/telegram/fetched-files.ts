import type { FetchFile, FetchedFile, Fetching } from "./fetch-file.ts";

/** Files that several bots upload, one after the other or at the same time: each is fetched once. */
export interface FetchedFiles {
  /** The file stays open until `work` is done. Resolves with the failure if it cannot be fetched. */
  use<T>(fileId: string, work: (file: FetchedFile) => Promise<T>): Promise<T | Unfetched>;
  /** Closes what nobody uses any longer. */
  close(): Promise<void>;
}

export type Unfetched = Exclude<Fetching, { type: "fetched" }>;

/** The posts of several bots are previewed one after the other. Each file takes up to 50 MiB of the disk meanwhile. */
const KEPT_MS = 60_000;
const MOST_KEPT = 4;

interface Entry {
  fetching: Promise<Fetching>;
  users: number;
  timer: NodeJS.Timeout | null;
}

export function createFetchedFiles(fetchFile: FetchFile, keptMs = KEPT_MS): FetchedFiles {
  const entries = new Map<string, Entry>();

  async function drop(fileId: string, entry: Entry): Promise<void> {
    if (entries.get(fileId) === entry) entries.delete(fileId);
    if (entry.timer) clearTimeout(entry.timer);
    const fetching = await entry.fetching;
    if (fetching.type === "fetched") await fetching.file.close();
  }

  /** Closes the oldest of those that are only kept. */
  async function makeRoom(): Promise<void> {
    const kept = [...entries].filter(([, { users }]) => users === 0);
    for (const [fileId, entry] of kept.slice(0, Math.max(0, kept.length - MOST_KEPT)))
      await drop(fileId, entry);
  }

  return {
    async use(fileId, work) {
      const entry = entries.get(fileId) ?? { fetching: fetchFile(fileId), users: 0, timer: null };
      entries.set(fileId, entry);
      if (entry.timer) clearTimeout(entry.timer);
      entry.timer = null;
      entry.users += 1;
      try {
        const fetching = await entry.fetching;
        return fetching.type === "fetched" ? await work(fetching.file) : fetching;
      } finally {
        entry.users -= 1;
        if (entry.users === 0) await retire(fileId, entry);
      }
    },
    async close() {
      for (const [fileId, entry] of entries) if (entry.users === 0) await drop(fileId, entry);
    },
  };

  async function retire(fileId: string, entry: Entry): Promise<void> {
    const isFetched = await entry.fetching.then(
      ({ type }) => type === "fetched",
      () => false,
    );
    if (entry.users > 0) return;
    // A failure is not kept: the next one tries again.
    if (!isFetched) return void entries.delete(fileId);
    entry.timer = setTimeout(() => void drop(fileId, entry), keptMs);
    entry.timer.unref();
    await makeRoom();
  }
}
