import { TOP_RATE, prepared } from "./compare.ts";
import { OWNER_ID, TOKEN } from "./contender.ts";
import { settleDown, withDatabase } from "./databases.ts";
import { type Due, type DueTask, PEOPLE_EACH } from "./due-task.ts";
import { openScope, seed } from "./engine.ts";
import { start, startHeraldProcess, startTelegramProcess } from "./processes.ts";

/** How long a call takes here: about as long as one to Telegram. */
export const LATENCY_MS = 60;

export interface Held {
  seconds: number;
  perSecond: number;
  slowest: number;
  fastest: number;
  /** CPU of the sending process, as a share of one core. */
  cpuShare: number;
  peakMb: number;
  mostAtOnce: number;
}

/** Holds Telegram's highest rate for this long. */
export async function holdRate(seconds: number): Promise<Held> {
  const options = { count: TOP_RATE * seconds, rate: TOP_RATE, latencyMs: LATENCY_MS };
  return prepared("herald", options, async ({ telegram, task }) => {
    const { cpuMs, peakMb } = await start("herald", task, true).result;
    const { perSecond, slowest, fastest, mostAtOnce, firstAt, lastAt } = await telegram.ask("sending");
    return { seconds, perSecond, slowest, fastest, cpuShare: cpuMs / (lastAt - firstAt), peakMb, mostAtOnce };
  });
}

/** For each campaign, the ms from the moment it was due to its first message. */
export async function measureDue(campaigns: number): Promise<number[]> {
  return withDatabase("due", async (store) => {
    const telegram = await startTelegramProcess({ people: campaigns * PEOPLE_EACH, latencyMs: LATENCY_MS });
    try {
      const task: DueTask = { apiRoot: telegram.apiRoot, store, campaigns };
      const due = await start<Due[]>("due", task).result;
      const firsts = await telegram.ask("firsts");
      return due.map(({ firstChat, dueAt }) => {
        const own = firsts.filter(([chatId]) => chatId >= firstChat && chatId < firstChat + PEOPLE_EACH);
        return Math.min(...own.map(([, at]) => at)) - dueAt;
      });
    } finally {
      await telegram.stop();
    }
  });
}

/** Enough people for a second and a half of sending per tap. */
const PEOPLE_A_TAP = 1_500;

/** For each tap on Pause, the ms until the last message, through all of Herald. */
export async function measurePause(taps: number): Promise<number[]> {
  return withDatabase("pause", async (url) => {
    const people = taps * PEOPLE_A_TAP;
    const { database, scope } = await openScope(url);
    await seed(scope, people);
    await database.close();
    await settleDown(url);
    const telegram = await startTelegramProcess({ people, latencyMs: LATENCY_MS });
    const variables = {
      BOT_TOKEN: TOKEN,
      OWNER_IDS: String(OWNER_ID),
      TELEGRAM_API_ROOT: telegram.apiRoot,
      DATABASE_URL: url,
      MESSAGES_PER_SECOND: String(TOP_RATE),
      CONFIRM_TYPED_FROM: "1000000",
      TIMEZONE: "UTC",
    };
    const herald = await startHeraldProcess(variables);
    try {
      return await telegram.ask("pauses", taps);
    } finally {
      await herald.kill9();
      await telegram.stop();
    }
  });
}
