import { Logger, type WorkerUtils, makeWorkerUtils, run } from "graphile-worker";
import postgres from "postgres";
import { IN_FLIGHT, contend, createSender, slices, until } from "../contender.ts";

const QUIET = new Logger(() => () => undefined);

/*
 * One job per message. Batching follows its own performance test, https://worker.graphile.org/docs/performance: it
 * fetches 500 jobs at once, and completes them in batches.
 */
const SETTINGS = {
  logger: QUIET,
  concurrentJobs: IN_FLIGHT,
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};

await contend({
  async setUp({ store }) {
    await withUtils(store, (utils) => utils.migrate());
  },
  async enqueue({ store, count }) {
    await withUtils(store, async (utils) => {
      for (const ids of slices(count, 10_000))
        await utils.addJobs(ids.map((chatId) => ({ identifier: "send", payload: { chatId } })));
    });
  },
  async send({ apiRoot, store, count, killed }) {
    if (killed) await unlock(store);
    const sendTo = createSender(apiRoot);
    let handled = 0;
    const runner = await run({
      preset: { worker: { ...SETTINGS, connectionString: store } },
      noHandleSignals: true,
      taskList: {
        async send(payload) {
          await sendTo((payload as { chatId: number }).chatId);
          handled += 1;
        },
      },
    });
    await until(() => (killed ? isEmpty(store) : handled >= count), killed ? 500 : 20);
    await runner.stop();
    return [];
  },
});

async function withUtils(store: string, work: (utils: WorkerUtils) => Promise<unknown>): Promise<void> {
  const utils = await makeWorkerUtils({ connectionString: store, logger: QUIET });
  try {
    await work(utils);
  } finally {
    await utils.release();
  }
}

/** By default, it picks up a dead worker's locked jobs after four hours; an operator may do so at once. */
async function unlock(store: string): Promise<void> {
  const dead = await query(
    store,
    "select distinct locked_by from graphile_worker._private_jobs where locked_by is not null",
  );
  await withUtils(store, (utils) => utils.forceUnlockWorkers(dead.map((row) => String(row["locked_by"]))));
}

async function isEmpty(store: string): Promise<boolean> {
  return (await query(store, "select from graphile_worker._private_jobs limit 1")).length === 0;
}

async function query(store: string, statement: string): Promise<postgres.Row[]> {
  const client = postgres(store, { max: 1 });
  try {
    return await client.unsafe(statement);
  } finally {
    await client.end();
  }
}
