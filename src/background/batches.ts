/** So many batches may wait while the work takes long, such as while a database hangs. */
const MOST_BATCHES = 10;

/**
 * Does `work` for many callers at once: items that are added while it runs form the next batch. So many callers share one
 * database connection and one commit, and a single caller does not wait. A batch has at most `most` items; a call is
 * rejected if ten batches already wait.
 */
export function createBatches<Item>(
  most: number,
  work: (items: readonly Item[]) => Promise<void>,
): (item: Item) => Promise<void> {
  const waiting: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isWorking = false;

  async function run(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, most);
      await work(batch.map(({ item }) => item)).then(
        () => batch.forEach(({ resolve }) => resolve()),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      );
    }
    isWorking = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= MOST_BATCHES * most) return reject(new Error("too much waits already"));
      waiting.push({ item, resolve, reject });
      if (!isWorking) void run();
    });
}
