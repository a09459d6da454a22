import type { Update } from "grammy/types";
import { beforeEach, expect, test } from "vitest";
import { createQueueSource } from "../../src/bot/updates/queue-source.ts";
import { systemClock } from "../../src/clock.ts";
import { queueUpdates } from "../../src/db/queued-updates.ts";
import { queuedUpdates } from "../../src/db/schema.ts";
import { createLog } from "../../src/log.ts";
import { createUpdateSeal } from "../../src/telegram/update-seal.ts";
import { until } from "../support/broadcast.ts";
import { freshScope, truncated } from "../support/database.ts";
import { TOKEN } from "../support/herald.ts";
import { range } from "../support/seed.ts";

const scope = await freshScope();
const seal = createUpdateSeal(TOKEN);

beforeEach(() => truncated(scope.db));

const sealed = (updateId: number, of = seal) => ({
  botId: scope.botId,
  updateId,
  body: of.seal(scope.botId, updateId, JSON.stringify({ update_id: updateId })),
});

const post = (...ids: number[]) =>
  queueUpdates(
    scope,
    ids.map((id) => sealed(id)),
    new Set(),
  );

/** A process that begins to handle the bot's updates; what it logs is kept. */
function begins() {
  const stopping = new AbortController();
  const logged: string[] = [];
  const source = createQueueSource({
    own: scope,
    seal,
    clock: systemClock,
    log: createLog("info", { write: (line: string) => void logged.push(line) }),
    lease: { held: () => true },
    stop: stopping.signal,
  });
  return {
    ...source,
    logged,
    stop: () => stopping.abort(),
    ids: async (limit = 100) => (await source.take(limit)).map(({ update_id: id }) => id),
  };
}

const update = (id: number): Update => ({ update_id: id });
const left = async () =>
  (await scope.db.select().from(queuedUpdates)).map(({ updateId }) => updateId).toSorted((a, b) => a - b);

test("updates come in the order of their ids, each once, also one with a lower id that is posted late", async () => {
  await post(12, 11);
  const source = begins();
  expect(await source.ids()).toEqual([11, 12]);
  await post(10, 13);
  expect(await source.ids(1)).toEqual([10]);
  expect(await source.ids()).toEqual([13]);
  expect(await source.ids()).toEqual([]);
  for (const id of range(10, 13)) source.handled(update(id));
  await source.end();
  expect(await left()).toEqual([]);
});

test("what was posted before is not stored again, neither while it is handled nor afterwards", async () => {
  await post(1, 2);
  const source = begins();
  expect(await source.ids()).toEqual([1, 2]);
  source.handled(update(1));
  await until(async () => (await left()).length === 1);
  await post(1, 2, 3);
  expect(await source.ids()).toEqual([3]);
});

test("what was in work when a process ended is handled by the next, and what had been handled is not", async () => {
  await post(1, 2, 3);
  const killed = begins();
  expect(await killed.ids(2)).toEqual([1, 2]);
  killed.handled(update(1));
  await until(async () => (await left()).length === 2);
  expect(await begins().ids()).toEqual([2, 3]);
});

test("an update that is in work at each end is handled alone, then given up; those beside it are handled", async () => {
  await post(1, 2, 3);
  expect(await begins().ids()).toEqual([1, 2, 3]);
  expect(await begins().ids()).toEqual([1, 2, 3]);
  await post(4);
  const third = begins();
  expect(await third.ids()).toEqual([1]);
  // The next waits for the end of the one before.
  let next: number[] | null = null;
  void third.ids().then((ids) => (next = ids));
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(next).toBeNull();
  third.handled(update(1));
  await until(() => next !== null);
  expect(next).toEqual([2]);
  // 2 ends the process once more.
  const fourth = begins();
  expect(await fourth.ids()).toEqual([3]);
  expect(fourth.logged.join("")).toContain("an update is given up");
  fourth.handled(update(3));
  expect(await fourth.ids()).toEqual([4]);
  fourth.handled(update(4));
  await fourth.end();
  expect(await left()).toEqual([]);
});

test("what was stored under another token of the home is told of and leaves the queue", async () => {
  await queueUpdates(scope, [sealed(1, createUpdateSeal(`${scope.botId}:other`)), sealed(2)], new Set());
  const source = begins();
  expect(await source.ids()).toEqual([2]);
  expect(source.logged.join("")).toContain("stored under another token");
  await until(async () => (await left()).join() === "2");
});

test("a nudge ends the wait for the next update, and a stop ends it without one", async () => {
  const source = begins();
  const waiting = source.supply(10, new AbortController().signal as never);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await post(1);
  source.nudge();
  expect(await waiting).toEqual([update(1)]);
  const last = source.supply(10, new AbortController().signal as never);
  source.stop();
  expect(await last).toEqual([]);
});
