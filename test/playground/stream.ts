import { setTimeout as sleep } from "node:timers/promises";
import type { Events } from "../../playground/shared/protocol.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { onTestFinished } from "vitest";

/** A page that listens, as a browser would. */
export interface Page {
  /** The names of all events so far. */
  readonly names: string[];
  /** What came besides events so far: comments, and `retry`. */
  readonly fields: string[];
  /** The next event of this name, that matches; each is handed out once. */
  next<Name extends keyof Events>(
    name: Name,
    matches?: (value: Events[Name]) => boolean,
  ): Promise<Events[Name]>;
  /** Resolves when the playground has ended the stream. */
  readonly ended: Promise<void>;
  leave(): void;
}

const PATIENCE_MS = 5000;

/** Opens the stream of events for a chat, and leaves it after the test. */
export async function pageOn(telegram: Telegram, chat?: number | string): Promise<Page> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const query = chat === undefined ? "" : `?chat=${chat}`;
  const response = await fetch(`${telegram.apiRoot}/playground/events${query}`, {
    signal: controller.signal,
  });
  if (response.body === null) throw new Error("The stream has no body");
  const names: string[] = [];
  const fields: string[] = [];
  const events: { name: string; data: string }[] = [];
  const take = (block: string) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    if (name === undefined || data === undefined) return void fields.push(block);
    names.push(name);
    events.push({ name, data });
  };
  const read = async (body: AsyncIterable<Uint8Array>) => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const part of body) {
      const blocks = (rest + decoder.decode(part, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      blocks.forEach(take);
    }
  };
  const ended = read(response.body).catch(() => undefined);
  return {
    names,
    fields,
    ended,
    async next(wanted, matches = () => true) {
      const end = Date.now() + PATIENCE_MS;
      while (Date.now() < end) {
        for (const [index, { name, data }] of events.entries()) {
          if (name !== wanted) continue;
          const value = JSON.parse(data) as Events[typeof wanted];
          if (!matches(value)) continue;
          events.splice(index, 1);
          return value;
        }
        await sleep(5);
      }
      throw new Error(`No event ${wanted} like that came; there were ${names.join(", ")}`);
    },
    leave: () => controller.abort(),
  };
}

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`It never became so: ${String(isSo)}`);
    await sleep(5);
  }
}
