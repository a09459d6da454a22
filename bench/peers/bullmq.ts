import { Queue, Worker } from "bullmq";
import { IN_FLIGHT, contend, createSender, slices, until } from "../contender.ts";

const NAME = "send";
/** Redis is shared, so all of the bench's keys have this prefix. */
const PREFIX = "herald-bench";

/* A job a message, on Redis. */
await contend({
  async setUp({ store }) {
    await withQueue(store, (queue) => queue.obliterate({ force: true }));
  },
  async enqueue({ store, count }) {
    await withQueue(store, async (queue) => {
      for (const ids of slices(count, 5_000))
        await queue.addBulk(
          ids.map((chatId) => ({ name: NAME, data: { chatId }, opts: { removeOnComplete: true } })),
        );
    });
  },
  async send({ apiRoot, store, count, killed }) {
    const sendTo = createSender(apiRoot);
    let handled = 0;
    const worker = new Worker<{ chatId: number }>(
      NAME,
      async ({ data }) => {
        await sendTo(data.chatId);
        handled += 1;
      },
      {
        connection: { url: store },
        prefix: PREFIX,
        concurrency: IN_FLIGHT,
        // By default, it picks up a dead worker's jobs after 30 to 60 seconds.
        ...(killed && { lockDuration: 4_000, stalledInterval: 2_000 }),
      },
    );
    worker.on("error", (error) => process.stderr.write(`BullMQ: ${error.message}\n`));
    if (killed) await withQueue(store, (queue) => until(() => isEmpty(queue), 500));
    else await until(() => handled >= count, 20);
    await worker.close();
    return [];
  },
  async tidy({ store }) {
    await withQueue(store, (queue) => queue.obliterate({ force: true }));
  },
});

async function isEmpty(queue: Queue): Promise<boolean> {
  return (await queue.getJobCountByTypes("waiting", "active", "delayed")) === 0;
}

async function withQueue(store: string, work: (queue: Queue) => Promise<void>): Promise<void> {
  const queue = new Queue(NAME, { connection: { url: store }, prefix: PREFIX });
  try {
    await work(queue);
  } finally {
    await queue.close();
  }
}
