import { type Cost, type Task, until } from "./contender.ts";
import { REDIS, settleDown, withDatabase } from "./databases.ts";
import { type TelegramProcess, start, startTelegramProcess } from "./processes.ts";
import { tap } from "./wire.ts";

export const CONTENDERS = ["bare", "herald", "graphile-worker", "pg-boss", "bullmq"] as const;
export type ContenderName = (typeof CONTENDERS)[number];

interface Prepared {
  telegram: TelegramProcess;
  /** To send everything. */
  task: Task;
  enqueued: Cost;
}

/** A new database, the whole audience in it, and a local Telegram that knows everyone. Nothing is left of them after. */
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

/** Messages a second: the most that Telegram sells, and that Herald can be set to. */
export const TOP_RATE = 1_000;

export interface Throughput {
  /** Messages a second from the first call to the last, as Telegram saw them. */
  perSecond: number;
  /** The same when the time of enqueueing counts. */
  perSecondWhole: number;
  /** CPU of the sending process, ms a message. */
  cpuMs: number;
  /** With that of the process that enqueued. */
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

/** Statements or commands a message, from the start of the sending process to its end. */
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
  /** Chats of which it says itself that it does not know, and how many of them had got their message. */
  uncertain: number;
  arrived: number;
  /** Chats that got nothing and are not among those. */
  lost: number;
}

/**
 * Killed so many times on the way, each time started again; the last process runs to the end. Herald goes at the
 * highest rate that can be set: what it has in hand, and so may have to report as uncertain, grows with the rate.
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

/** A figure of a run that lost or repeated something would mean nothing. */
async function mustBeOnce(name: ContenderName, telegram: TelegramProcess): Promise<void> {
  const { surplus, missing } = await telegram.ask("copies");
  if (surplus > 0 || missing.length > 0)
    throw new Error(`${name} repeated ${surplus} messages and lost ${missing.length}`);
}
