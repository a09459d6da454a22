import { readFileSync } from "node:fs";
import type { Content } from "../src/content/content.ts";
import { render } from "../src/content/render.ts";
import { MOST_IN_FLIGHT } from "../src/delivery/flight.ts";
import { createSendApi, send } from "../src/delivery/sender.ts";

/** What all contenders send. */
export const CONTENT: Content = {
  kind: "text",
  text: "A post of the usual length, with a line or two of text.",
  buttons: [],
};
export const BOT_ID = 1_000_001;
export const TOKEN = `${BOT_ID}:BENCH`;
/** The admin; everybody else is numbered from 1. */
export const OWNER_ID = 2_000_000_000;

/** Calls under way at once: what Herald allows itself, so that all contenders have the same. */
export const IN_FLIGHT = MOST_IN_FLIGHT;

/** What a contender's process is to do. People are the chats 1 to `count`. */
export interface Task {
  /** "prepare": schema and enqueueing. "send": everything that was enqueued, or what is left of it. */
  phase: "prepare" | "send";
  apiRoot: string;
  /** Address of the database, or of Redis. */
  store: string;
  count: number;
  /** Messages a second; null is as fast as it goes. */
  rate: number | null;
  /** An earlier process was killed in the middle, or will be: what it left is sent, too. */
  killed: boolean;
}

/** One way of sending a post to many people. */
export interface Contender {
  /** Makes schema and queue; not measured. */
  setUp(task: Task): Promise<void>;
  /** Hands the whole audience over; measured by itself. */
  enqueue(task: Task): Promise<void>;
  /** Resolves when everything is sent and written down. Returns chats of which it says that it does not know. */
  send(task: Task): Promise<number[]>;
  /** Leaves nothing behind in a store that outlives the run; not measured. */
  tidy?(task: Task): Promise<void>;
}

/** What a process came to. */
export interface Cost {
  ms: number;
  cpuMs: number;
  peakMb: number;
  uncertain: number[];
}

/** Runs one phase of a contender in this process, tells the parent what it cost, and ends. */
export async function contend(contender: Contender): Promise<void> {
  const task = JSON.parse(process.argv[2] ?? "") as Task;
  if (task.phase === "prepare") await contender.setUp(task);
  const began = performance.now();
  const before = process.cpuUsage();
  const uncertain = task.phase === "send" ? await contender.send(task) : [];
  if (task.phase === "prepare") await contender.enqueue(task);
  const { user, system } = process.cpuUsage(before);
  const cost: Cost = {
    ms: performance.now() - began,
    cpuMs: (user + system) / 1000,
    peakMb: peakMb(),
    uncertain,
  };
  if (task.phase === "send") await contender.tidy?.(task);
  process.send?.(cost, () => process.exit(0));
}

/** The one sender of all contenders but Herald, which calls the same functions by itself. Rejects unless it was sent. */
export function createSender(apiRoot: string): (chatId: number) => Promise<void> {
  const api = createSendApi(TOKEN, apiRoot).raw;
  return async (chatId) => {
    const [call] = render(CONTENT, { chatId, campaignId: 1, seq: 1 });
    if (!call) throw new Error("a post without a call");
    const outcome = await send(api, call);
    if (outcome.type !== "sent") throw new Error(`a message was ${outcome.type}`);
  };
}

/** At most `most` of the calls at once; the others wait in the order in which they came. */
export function bounded<T>(most: number, call: (value: T) => Promise<void>): (value: T) => Promise<void> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (value) => {
    if (busy >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else busy += 1;
    try {
      await call(value);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}

/** Everyone, in slices for bulk inserts. */
export function* slices(count: number, size: number): Generator<number[]> {
  for (let first = 1; first <= count; first += size)
    yield Array.from({ length: Math.min(size, count - first + 1) }, (_, index) => first + index);
}

export async function until(condition: () => boolean | Promise<boolean>, everyMs: number): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}

/** On Linux the kernel's own mark: getrusage would count what the parent had when it forked. */
export function peakMb(): number {
  try {
    const kb = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kb !== undefined) return Number(kb) / 1024;
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS / 1024;
}
