import { readFileSync } from "node:fs";
import { Api } from "grammy";
import type { Content } from "../src/content/content.ts";
import { render } from "../src/content/render.ts";
import { MOST_IN_FLIGHT } from "../src/delivery/pace/flight.ts";
import { send } from "../src/delivery/outbox/send-post.ts";

/** The text that all contenders send. */
export const CONTENT: Content = {
  kind: "text",
  text: "A post of the usual length, with a line or two of text.",
  buttons: [],
};
export const BOT_ID = 1_000_001;
export const TOKEN = `${BOT_ID}:BENCH`;
/** The admin; everyone else is numbered from 1. */
export const OWNER_ID = 2_000_000_000;

/** Calls in flight at once: Herald's own limit, so that all contenders have the same. */
export const IN_FLIGHT = MOST_IN_FLIGHT;

/** The task of a contender's process. People are the chats 1 to `count`. */
export interface Task {
  /** "prepare": create the schema and enqueue. "send": send everything that was enqueued, or what is left of it. */
  phase: "prepare" | "send";
  apiRoot: string;
  /** The address of the database, or of Redis. */
  store: string;
  count: number;
  /** Messages per second; null is as fast as it goes. */
  rate: number | null;
  /** A process is killed on the way, so what an earlier one left has to be sent, too. */
  killed: boolean;
}

/** One way of sending a post to many people. */
export interface Contender {
  /** Creates the schema and the queue; not measured. */
  setUp(task: Task): Promise<void>;
  /** Enqueues the whole audience; measured separately. */
  enqueue(task: Task): Promise<void>;
  /** Resolves when everything is sent and stored. Returns the chats that it reports as uncertain. */
  send(task: Task): Promise<number[]>;
  /** Cleans up a store that outlives the run; not measured. */
  tidy?(task: Task): Promise<void>;
}

/** The figures of a process. */
export interface Cost {
  ms: number;
  cpuMs: number;
  peakMb: number;
  uncertain: number[];
}

/** Runs one phase of a contender in this process, reports its cost to the parent, and exits. */
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

/** The sender of all contenders except Herald: grammY as it comes. Rejects unless the message was sent. */
export function createSender(apiRoot: string): (chatId: number) => Promise<void> {
  const api = new Api(TOKEN, { apiRoot }).raw;
  return async (chatId) => {
    const [call] = render(CONTENT, { chatId, campaignId: 1, seq: 1 });
    if (!call) throw new Error("a post without a call");
    const outcome = await send(api, call);
    if (outcome.type !== "sent") throw new Error(`a message was ${outcome.type}`);
  };
}

/** Limits calls to `most` at once; the others wait in order. */
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

/** On Linux, reads the kernel's peak: getrusage would include the parent's memory at the fork. */
export function peakMb(): number {
  try {
    const kb = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kb !== undefined) return Number(kb) / 1024;
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS / 1024;
}
