import PgBoss from "pg-boss";
import { IN_FLIGHT, bounded, contend, createSender, slices, until } from "../contender.ts";

const QUEUE = "send";

/**
 * It fetches and completes whole batches. Several workers share the calls in flight, so that one fetches while another
 * sends. Smaller batches cost more statements; larger ones cause more duplicates after a crash.
 */
const BATCH = 500;
const WORKERS = 3;

/* A job a message. */
await contend({
  async setUp({ store, killed }) {
    const boss = await open(store);
    // By default, it picks up a dead worker's jobs after 15 minutes.
    await boss.createQueue(QUEUE, { name: QUEUE, ...(killed && { expireInSeconds: 5 }) });
    await close(boss);
  },
  async enqueue({ store, count }) {
    const boss = await open(store);
    for (const ids of slices(count, 10_000))
      await boss.insert(ids.map((chatId) => ({ name: QUEUE, data: { chatId } })));
    await close(boss);
  },
  async send({ apiRoot, store, count, killed }) {
    const boss = await open(store, killed);
    const sendTo = bounded(IN_FLIGHT, createSender(apiRoot));
    let handled = 0;
    const options = { batchSize: BATCH, pollingIntervalSeconds: 0.5, priority: false };
    for (let worker = 0; worker < WORKERS; worker += 1) {
      const id: string = await boss.work<{ chatId: number }>(QUEUE, options, async (jobs) => {
        await Promise.all(jobs.map(({ data }) => sendTo(data.chatId)));
        handled += jobs.length;
        // There are more jobs: without this, it would wait for the next poll.
        boss.notifyWorker(id);
      });
    }
    if (killed) await until(async () => (await boss.getQueueSize(QUEUE, { before: "completed" })) === 0, 500);
    else await until(() => handled >= count, 20);
    await close(boss);
    return [];
  },
});

async function open(store: string, killed = false): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: store,
    schedule: false,
    ...(killed && { maintenanceIntervalSeconds: 1 }),
  });
  boss.on("error", (error) => process.stderr.write(`pg-boss: ${error.message}\n`));
  return boss.start();
}

async function close(boss: PgBoss): Promise<void> {
  await boss.stop({ wait: true });
}
