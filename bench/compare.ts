import { type Cost, type Task, until } from "./contender.ts";
import { REDIS, settleDown, withDatabase } from "./databases.ts";
import { type TelegramProcess, start, startTelegramProcess } from "./processes.ts";
import { tap } from "./wire.ts";

export const CONTENDERS = ["bare", "herald", "graphile-worker", "pg-boss", "bullmq"] as const;
export type ContenderName = (typeof CONTENDERS)[number];

interface Prepared {
  telegram: TelegramProcess;
  /** The time to send everything. */
  task: Task;
  enqueued: Cost;
}

/** Runs `work` with a new database that holds the audience, and a local Telegram that knows it. Removes both afterwards. */
export async function prepared<T>(
  name: ContenderName,
  {
    count,
    rate = null,
    latencyMs = 0,
    killed = false,
  }: Partial<Task> & { count: number; latencyMs?: number },
  work: (prepared: Prepared) => Promise<T>,
): Promise<T> {
  return withDatabase(name, async (url) => {
    const store = name === "bullmq" ? REDIS : url;
    const telegram = await startTelegramProcess({ people: count, latencyMs });
    try {
      const task: Task = { phase: "send", apiRoot: telegram.apiRoot, store, count, rate, killed };
      const enqueued = await start(name, { ...task, phase: "prepare" }).result;
      await settleDown(url);
      return await work({ telegram, task, enqueued });
    } finally {
      await telegram.stop();
    }
  });
}

/** Messages per second: the highest rate that Telegram sells and that Herald can be set to. */
export const TOP_RATE = 1_000;

export interface Throughput {
  /** Messages per second from the first call to the last, as Telegram saw them. */
  perSecond: number;
  /** The same, including the time to enqueue. */
  perSecondWhole: number;
  /** CPU of the sending process, in ms per message. */
  cpuMs: number;
  /** The same, including the process that enqueued. */
  cpuMsWhole: number;
  peakMb: number;
}

export async function measureThroughput(name: ContenderName, count: number): Promise<Throughput> {
  return prepared(name, { count }, async ({ telegram, task, enqueued }) => {
    const cost = await start(name, task, true).result;
    const sending = await telegram.ask("sending");
    await mustBeOnce(name, telegram);
    const sendingMs = sending.lastAt - sending.firstAt;
    return {
      perSecond: sending.perSecond,
      perSecondWhole: (count / (sendingMs + enqueued.ms)) * 1000,
      cpuMs: cost.cpuMs / count,
      cpuMsWhole: (cost.cpuMs + enqueued.cpuMs) / count,
      peakMb: cost.peakMb,
    };
  });
}

/** Statements or commands per message, from the start of the sending process to its end. */
export async function countStatements(name: ContenderName, count: number): Promise<number | null> {
  if (name === "bare") return null;
  return prepared(name, { count }, async ({ telegram, task }) => {
    const wire = await tap(task.store);
    try {
      await start(name, { ...task, store: wire.store }).result;
    } finally {
      wire.close();
    }
    await mustBeOnce(name, telegram);
    return wire.asked / count;
  });
}

export interface Crashes {
  kills: number;
  /** Copies beyond the first. */
  duplicates: number;
  /** Chats that the contender itself reports as uncertain, and how many of them got their message. */
  uncertain: number;
  arrived: number;
  /** Chats that got nothing and are not reported as uncertain. */
  lost: number;
}

/**
 * Kills the process `kills` times on the way, and starts it again each time; the last process runs to the end. Herald
 * runs at its highest rate, because the number of calls in flight, and so of possibly uncertain ones, grows with the rate.
 */
export async function crash(name: ContenderName, count: number, kills: number): Promise<Crashes> {
  const rate = name === "herald" ? TOP_RATE : null;
  return prepared(name, { count, rate, killed: true }, async ({ telegram, task }) => {
    for (let kill = 1; kill <= kills; kill += 1) {
      const enough = (await telegram.ask("sentSoFar")) + Math.round(count / (kills + 1));
      const process = start(name, task);
      let ended = false;
      process.result.catch(() => undefined).finally(() => (ended = true));
      await until(async () => ended || (await telegram.ask("sentSoFar")) > enough, 20);
      if (ended) throw new Error(`${name} ended before it could be killed`);
      await process.kill9();
    }
    const { uncertain } = await start(name, task).result;
    const { surplus, missing } = await telegram.ask("copies");
    const told = new Set(uncertain);
    const lost = missing.filter((chatId) => !told.has(chatId)).length;
    const arrived = uncertain.length - (missing.length - lost);
    return { kills, duplicates: surplus, uncertain: uncertain.length, arrived, lost };
  });
}

/** The figures of a run that lost or repeated messages would be meaningless. */
async function mustBeOnce(name: ContenderName, telegram: TelegramProcess): Promise<void> {
  const { surplus, missing } = await telegram.ask("copies");
  if (surplus > 0 || missing.length > 0)
    throw new Error(`${name} repeated ${surplus} messages and lost ${missing.length}`);
}
