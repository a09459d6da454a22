import pLimit from "p-limit";

/**
 * Runs `work` on each item, at most `limit` at a time, and resolves with the results in the order of the items. After a
 * failure it starts nothing more, waits for the calls under way, and rejects.
 */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const limited = pLimit({ concurrency: limit, rejectOnClear: true });
  const calls = items.map((item) =>
    limited(work, item).catch((error: unknown) => {
      limited.clearQueue();
      throw error;
    }),
  );
  await Promise.allSettled(calls);
  return Promise.all(calls);
}
