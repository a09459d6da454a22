import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Answers, TelegramTask } from "./telegram.ts";

/** The local Telegram, as the parent sees it. */
export interface LocalTelegram {
  apiRoot: string;
  ask<K extends keyof Answers>(
    name: K,
    ...args: Parameters<Answers[K]>
  ): Promise<Awaited<ReturnType<Answers[K]>>>;
  stop(): void;
}

export async function startTelegramProcess(task: TelegramTask): Promise<LocalTelegram> {
  const child = fork(fileURLToPath(new URL("telegram.ts", import.meta.url)), [JSON.stringify(task)]);
  const apiRoot = String(await said(child));
  return {
    apiRoot,
    async ask(name, ...args) {
      child.send({ name, args });
      return (await said(child)) as never;
    },
    stop: () => child.disconnect(),
  };
}

/** Its next message. */
async function said(child: ChildProcess): Promise<unknown> {
  const asked = new AbortController();
  const ways = [once(child, "message", asked), once(child, "exit", asked)];
  const [message] = (await Promise.race(ways)) as [unknown];
  for (const way of ways) way.catch(() => undefined); // the other one is given up
  asked.abort();
  if (typeof message !== "object" || message === null) throw new Error("the local Telegram ended");
  const { result, error } = message as { result?: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return result;
}
