import type { Context } from "grammy";
import { expect, test } from "vitest";
import { turnstile } from "../../src/bot/updates/turnstile.ts";

const ADMIN = 1;

/** Updates that are in work until the test ends them. */
function working() {
  const pass = turnstile({ adminChats: new Set([ADMIN]) });
  const inside: { from: number; end: (error?: Error) => void }[] = [];
  const come = (from: number) =>
    pass(
      { from: { id: from } } as Context,
      () =>
        new Promise<void>((resolve, reject) => {
          inside.push({ from, end: (error) => (error ? reject(error) : resolve()) });
        }),
    ) as Promise<void>;
  return { inside, come };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("of a crowd a few are let in at a time, in their order; an admin passes by", async () => {
  const { inside, come } = working();
  for (let person = 100; person < 130; person += 1) void come(person);
  await settled();
  const few = inside.length;
  expect(few).toBeLessThan(10);
  void come(ADMIN);
  await settled();
  expect(inside.map(({ from }) => from)).toEqual([
    ...Array.from({ length: few }, (_, index) => 100 + index),
    ADMIN,
  ]);
  for (let done = 0; done < inside.length; done += 1) {
    inside[done]?.end();
    await settled();
  }
  expect(inside.filter(({ from }) => from !== ADMIN).map(({ from }) => from)).toEqual(
    Array.from({ length: 30 }, (_, index) => 100 + index),
  );
});

test("an update that fails makes room for the next, and the failure is passed on", async () => {
  const { inside, come } = working();
  const all = Array.from({ length: 20 }, (_, index) => come(100 + index));
  const outcomes = Promise.allSettled(all);
  for (let done = 0; done < 20; done += 1) {
    await settled();
    inside[done]?.end(new Error("broken"));
  }
  expect((await outcomes).map(({ status }) => status)).toEqual(Array(20).fill("rejected"));
});
