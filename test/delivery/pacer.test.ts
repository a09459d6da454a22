import { setMaxListeners } from "node:events";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFlight } from "../../src/delivery/pace/flight.ts";
import { type Pacer, createPacer } from "../../src/delivery/pace/pacer.ts";
import type { Lane } from "../../src/delivery/pace/reply-queue.ts";
import { type ManualClock, manualClock } from "../support/clock.ts";

const never = new AbortController().signal;
setMaxListeners(0, never); // every pacer listens to it

/** Takes turns one after another, waiting `thinkMs` before each; notes when each came. */
async function takeTurns(
  clock: ManualClock,
  pacer: ReturnType<typeof createPacer>,
  thinks: readonly number[],
  came: number[],
): Promise<void> {
  for (const thinkMs of thinks) {
    if (thinkMs > 0) await clock.sleep(thinkMs);
    if (await pacer.turn(never)) came.push(clock.monotonic());
  }
}

/** The most turns that any window of one second holds. */
function mostInASecond(came: readonly number[], secondMs = 1_000): number {
  let most = 0;
  for (let first = 0, last = 0; last < came.length; last++) {
    while (came[last]! - came[first]! >= secondMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const gaps = (came: readonly number[]) => came.slice(1).map((at, index) => at - came[index]!);

describe("the rate", () => {
  test("whatever the load, no second holds more than the rate, a hundredth and one", async () => {
    const rate = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 61, max: 400 }));
    const thinks = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constant(0) },
        { weight: 2, arbitrary: fc.integer({ min: 1, max: 40 }) },
        { weight: 1, arbitrary: fc.integer({ min: 100, max: 4000 }) },
      ),
      { minLength: 20, maxLength: 300 },
    );
    const lateness = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(
        rate,
        fc.array(thinks, { minLength: 1, maxLength: 3 }),
        lateness,
        async (rate, loads, late) => {
          let sleeps = 0;
          const clock = manualClock(undefined, () => late[sleeps++ % late.length]!);
          const pacer = createPacer(clock, rate);
          const came: number[] = [];
          const all = loads.map((thinks) => takeTurns(clock, pacer, thinks, came));
          const count = loads.flat().length;
          for (let guard = 0; came.length < count && guard < 500; guard++) await clock.advance(2_000);
          await Promise.all(all);
          expect(came).toHaveLength(count);
          expect(mostInASecond(came)).toBeLessThanOrEqual(Math.ceil(rate * 1.01) + 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([1, 28, 30, 250])("a steady load at %i a second is evenly spaced", async (rate) => {
    const clock = manualClock();
    const came: number[] = [];
    const turns = takeTurns(clock, createPacer(clock, rate), Array(200).fill(0), came);
    await clock.advance(200_000 / rate);
    await turns;
    for (const gap of gaps(came)) expect(gap).toBeCloseTo(1000 / rate, 6);
  });

  test("at 1,000 a second, a few leave together, none before its time and none more than 4 ms after it", async () => {
    const clock = manualClock();
    const came: number[] = [];
    const turns = takeTurns(clock, createPacer(clock, 1_000), Array(200).fill(0), came);
    await clock.advance(300);
    await turns;
    const late = came.map((at, index) => at - came[0]! - index);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(4);
  });

  test("timers that wake a little late do not lower the rate", async () => {
    const clock = manualClock(undefined, () => 3);
    const came: number[] = [];
    const turns = takeTurns(clock, createPacer(clock, 100), Array(1000).fill(0), came);
    await clock.advance(11_000);
    await turns;
    expect(came.at(-1)! - came[0]!).toBeLessThan(10_050);
  });

  test.each([28, 100])("time lost in a stall at %i a second is not made up in a burst", async (rate) => {
    const clock = manualClock();
    const came: number[] = [];
    const thinks = [...Array<number>(10).fill(0), 5_000, ...Array<number>(rate).fill(0)];
    const turns = takeTurns(clock, createPacer(clock, rate), thinks, came);
    await clock.advance(8_000);
    await turns;
    const stalled = came[10]!;
    const after = came.filter((at) => at >= stalled && at < stalled + 200);
    // What was late by 10 ms at most may be made up, not the five seconds.
    expect(after.length).toBeLessThanOrEqual(Math.ceil((210 * rate) / 1000));
  });
});

test.each([
  ["every 20th turn comes 30 ms late", 20, 30],
  ["every 50th turn comes 60 ms late", 50, 60],
])("%s, and the rate over a minute stays", async (_, every, lateMs) => {
  let sleeps = 0;
  const clock = manualClock(undefined, () => (++sleeps % every === 0 ? lateMs : 0));
  const came: number[] = [];
  void takeTurns(clock, createPacer(clock, 28), Array(1_800).fill(0), came);
  await clock.advance(60_000);
  expect(came.length).toBeGreaterThan(28 * 60 * 0.985);
  expect(came.length).toBeLessThanOrEqual(28 * 60 + 1);
  expect(mostInASecond(came)).toBeLessThanOrEqual(30);
});

/** Sends for 20 s. Calls take 30 ms to Telegram and as long back, but none arrives within a stall. */
async function arrivals(stalls: readonly { at: number; ms: number }[]): Promise<number[]> {
  const clock = manualClock();
  const pacer = createPacer(clock, 28);
  const flight = createFlight(() => pacer.rate);
  const over = new AbortController();
  const arrived: number[] = [];
  void (async () => {
    for (;;) {
      await flight.room();
      if (!(await pacer.turn(over.signal))) return;
      flight.begin();
      const leftAt = clock.monotonic();
      const stall = stalls.find(({ at, ms }) => leftAt + 30 >= at && leftAt + 30 < at + ms);
      const arrivesAt = stall ? stall.at + stall.ms : leftAt + 30;
      arrived.push(arrivesAt);
      void (async () => {
        await clock.sleep(arrivesAt + 30 - leftAt);
        flight.end(clock.monotonic() - leftAt);
        pacer.answered(leftAt, 1);
      })();
    }
  })();
  await clock.advance(20_000);
  over.abort();
  return arrived.toSorted((a, b) => a - b);
}

describe("calls that are held up on their way", () => {
  test.each([80, 120, 200, 350, 600, 900])(
    "for %i ms: Telegram gets no more than 30 in any second, and soon the whole rate again",
    async (ms) => {
      const arrived = await arrivals([
        { at: 8_000, ms },
        { at: 14_000, ms },
      ]);
      expect(mostInASecond(arrived)).toBeLessThanOrEqual(30);
      expect(arrived.filter((at) => at >= 17_000 && at < 19_000).length).toBeGreaterThanOrEqual(55);
    },
  );

  test("from the first call on, when all connections are opened at the same time", async () => {
    expect(mostInASecond(await arrivals([{ at: 0, ms: 400 }]))).toBeLessThanOrEqual(30);
  });

  test.each([
    ["always take long", (count: number) => 400 + (count % 3) * 30],
    ["take now 60, now 240 ms", (count: number) => 60 + ((count * 7_919) % 60) ** 2 / 20],
  ])("answers that %s do not lower the rate", async (_, latencyOf) => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    let count = 0;
    void (async () => {
      while (await pacer.turn(never)) {
        count += 1;
        const leftAt = clock.monotonic();
        void clock.sleep(latencyOf(count)).then(() => pacer.answered(leftAt, 1));
      }
    })();
    await clock.advance(10_000);
    const before = count;
    await clock.advance(20_000);
    expect(count - before).toBeGreaterThanOrEqual(555);
  });
});

describe("a call of several messages", () => {
  test.each([1, 2, 10, 40])("takes as many slots as it makes messages: %i", async (weight) => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const came: number[] = [];
    const turns = (async () => {
      for (let turn = 0; turn < 20; turn += 1)
        if (await pacer.turn(never, weight)) came.push(clock.monotonic());
    })();
    await clock.advance((20 * 1_100 * weight) / 28 + 1_100);
    await turns;
    // The window may hold some up; it holds none up for longer than it is itself.
    for (const gap of gaps(came)) {
      expect(gap).toBeGreaterThanOrEqual((1_000 * weight) / 28 - 11);
      expect(gap).toBeLessThanOrEqual((1_000 * weight) / 28 + 1_050);
    }
    expect(came.at(-1)! - came[0]!).toBeLessThan(((19 * 1_000 * weight) / 28) * 1.1);
  });

  test("may take fractions of slots: at 40 a second, calls meant for 28 a second leave at 28", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 40);
    const came: number[] = [];
    const turns = (async () => {
      for (let turn = 0; turn < 57; turn += 1)
        if (await pacer.turn(never, 1, 40 / 28)) came.push(clock.monotonic());
    })();
    await clock.advance(4_000);
    await turns;
    for (const gap of gaps(came)) expect(gap).toBeCloseTo(1_000 / 28, 6);
  });

  test("never puts more messages into a second than Telegram accepts, whatever comes between", async () => {
    const weights = fc.array(fc.constantFrom(1, 1, 1, 2, 10), { minLength: 20, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(weights, async (all) => {
        const clock = manualClock();
        const pacer = createPacer(clock, 28);
        const came: number[] = [];
        const turns = (async () => {
          for (const weight of all)
            if (await pacer.turn(never, weight)) came.push(...Array<number>(weight).fill(clock.monotonic()));
        })();
        await clock.advance(60_000);
        await turns;
        expect(came).toHaveLength(all.reduce((sum, weight) => sum + weight, 0));
        expect(mostInASecond(came)).toBeLessThanOrEqual(30);
      }),
      { numRuns: 40 },
    );
  });

  test("finds room beside answers to a crowd, and they find room beside it", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const albums: number[] = [];
    let answered = 0;
    const over = new AbortController();
    const crowd = Array.from({ length: 50 }, async () => {
      while (!over.signal.aborted) {
        (await pacer.reply("crowd"))();
        answered += 1;
      }
    });
    const turns = (async () => {
      while (await pacer.turn(over.signal, 10)) albums.push(clock.monotonic());
    })();
    await clock.advance(30_000);
    over.abort();
    await clock.advance(10_000);
    await Promise.all([...crowd, turns]);
    expect(albums.length).toBeGreaterThanOrEqual(8);
    expect(Math.max(...gaps(albums))).toBeLessThan(4_000);
    expect(answered).toBeGreaterThan(180);
  });

  test("takes turns with lighter calls that ask all the time", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const over = new AbortController();
    const came = { 1: 0, 10: 0 };
    const asks = async (weight: 1 | 10) => {
      while (await pacer.turn(over.signal, weight)) came[weight] += 1;
    };
    const all = [asks(10), asks(1)];
    await clock.advance(30_000);
    over.abort();
    await clock.advance(1_000);
    await Promise.all(all);
    // 30 s at 28 a second would be 76 pairs of 11; two of them fit into a second's 30, not three.
    expect(came[10]).toBeGreaterThan(50);
    expect(Math.abs(came[10] - came[1])).toBeLessThanOrEqual(1);
  });
});

const from = (clock: ManualClock, ms: number) => new Date(clock.now().getTime() + ms);

describe("a pause that Telegram asks for", () => {
  test("no call leaves until it ends; a shorter one does not end a longer", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 10);
    const end = from(clock, 30_000);
    pacer.pauseUntil(end);
    pacer.pauseUntil(from(clock, 1_000));
    for (const at of [0, 1_500, 28_499]) {
      await clock.advance(at);
      expect(await pacer.turn(never)).toBe(false);
      expect(pacer.pausedUntil()).toEqual(end);
    }
    await clock.advance(1);
    expect(await pacer.turn(never)).toBe(true);
    expect(pacer.pausedUntil()).toBeNull();
  });

  test("a longer one prolongs it", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 10);
    pacer.pauseUntil(from(clock, 1_000));
    pacer.pauseUntil(from(clock, 2_000));
    await clock.advance(1_500);
    expect(await pacer.turn(never)).toBe(false);
  });

  test("it ends the wait of calls that are waiting for their turn", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 1);
    expect(await pacer.turn(never)).toBe(true);
    const waiting = [pacer.turn(never), pacer.turn(never)];
    await clock.advance(500);
    pacer.pauseUntil(from(clock, 60_000));
    await clock.advance(1_000);
    expect(await Promise.all(waiting)).toEqual([false, false]);
  });

  test("what waited for its end does not leave in a burst", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    pacer.pauseUntil(from(clock, 60_000));
    await clock.advance(60_000);
    const came: number[] = [];
    const turns = takeTurns(clock, pacer, Array(56).fill(0), came);
    await clock.advance(2_000);
    await turns;
    expect(mostInASecond(came)).toBeLessThanOrEqual(29);
  });
});

describe("a 429", () => {
  test("makes campaigns pause and cuts the rate by a fifth, which grows back by one a second every 30 s", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 30);
    expect(pacer.tooFast(5_000, clock.monotonic())).toEqual(from(clock, 5_000));
    expect(await pacer.turn(never)).toBe(false);
    expect(pacer.lastWait).toEqual({ at: clock.now(), seconds: 5 });
    expect(pacer.rate).toBe(24);
    await clock.advance(5_000);
    expect(await pacer.turn(never)).toBe(true);
    const rates = [];
    for (let step = 0; step < 8; step++) {
      await clock.advance(30_000);
      rates.push(pacer.rate);
    }
    expect(rates).toEqual([25, 26, 27, 28, 29, 30, 30, 30]);
  });

  test("counts once, however many calls had left before it", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 100);
    const leftAt = clock.monotonic();
    await clock.advance(50);
    for (let call = 0; call < 20; call++) pacer.tooFast(3_000, leftAt);
    expect(pacer.rate).toBe(80);
    await clock.advance(3_000);
    pacer.tooFast(1_000, leftAt); // Telegram held this one back for long
    expect(pacer.rate).toBe(80);
    await clock.advance(1_500);
    pacer.tooFast(1_000, clock.monotonic());
    expect(pacer.rate).toBe(64);
  });

  test("never cuts the rate to nothing", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 2);
    for (let round = 0; round < 20; round++) {
      pacer.tooFast(1_000, clock.monotonic());
      await clock.advance(1_100);
    }
    expect(pacer.rate).toBe(1);
  });

  test("that asks for hours is waited for to its end, even if the clock is set meanwhile", async () => {
    for (const jump of [-3_600_000, 3_600_000]) {
      const clock = manualClock();
      const pacer = createPacer(clock, 28);
      pacer.tooFast(2_282_000, clock.monotonic());
      await clock.advance(1_000_000);
      clock.jump(jump);
      expect(pacer.pausedUntil()).toEqual(from(clock, 1_282_000));
      await clock.advance(1_281_999);
      expect(await pacer.turn(never)).toBe(false);
      await clock.advance(1);
      expect(await pacer.turn(never)).toBe(true);
    }
  });
});

test("a lower top applies at once, and so does a higher one", async () => {
  const clock = manualClock();
  const pacer = createPacer(clock, 100);
  pacer.setTop(28);
  expect(pacer.rate).toBe(28);
  const came: number[] = [];
  const turns = takeTurns(clock, pacer, Array(30).fill(0), came);
  await clock.advance(2_000);
  await turns;
  for (const gap of gaps(came).slice(1)) expect(gap).toBeCloseTo(1000 / 28, 6);
  pacer.setTop(100);
  expect(pacer.rate).toBe(100);
});

test("a stop ends the wait for a turn, and no turn comes after it", async () => {
  const clock = manualClock();
  const pacer = createPacer(clock, 1);
  const stop = new AbortController();
  await pacer.turn(stop.signal);
  const waiting = pacer.turn(stop.signal);
  stop.abort();
  expect(await waiting).toBe(false);
  expect(await pacer.turn(stop.signal)).toBe(false);
  expect(clock.sleeping).toBe(0);
});

/** An answer that Telegram answers `travelMs` after it left. Resolves when it has left. */
async function replies(
  clock: ManualClock,
  pacer: Pacer,
  lane: Lane,
  travelMs = 60,
  weight = 1,
): Promise<void> {
  const arrived = await pacer.reply(lane, weight);
  void clock.sleep(travelMs).then(arrived);
}

/** So many people of whom each writes again as soon as they are answered; notes when each answer left. */
function crowdOf(count: number, clock: ManualClock, pacer: Pacer, over: AbortSignal, left: number[]): void {
  for (let person = 0; person < count; person += 1)
    void (async () => {
      while (!over.aborted) {
        await replies(clock, pacer, "crowd");
        left.push(clock.monotonic());
      }
    })();
}

describe("answers", () => {
  test("leave at once, and the campaign keeps its rate beside a few of them", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const came: number[] = [];
    void takeTurns(clock, pacer, Array(100).fill(0), came);
    await clock.advance(1_000);
    const asked = clock.monotonic();
    await replies(clock, pacer, "crowd");
    expect(clock.monotonic() - asked).toBe(0);
    await clock.advance(2_000);
    expect(came.length).toBeGreaterThanOrEqual(3 * 28 - 1);
  });

  test("and campaigns together never make more than 30 messages in any second, however long answers travel", async () => {
    const answer = fc.record({
      lane: fc.constantFrom<Lane>("admin", "crowd"),
      weight: fc.constantFrom(1, 1, 1, 1, 10),
      at: fc.nat(6_000),
      travelMs: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 200, max: 4_000 })),
      arrivesAfter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(5, 28, 29, 30),
        fc.boolean(),
        fc.array(answer, { minLength: 40, maxLength: 120 }),
        async (rate, sends, all) => {
          const clock = manualClock();
          const pacer = createPacer(clock, rate);
          const arrivals: number[] = [];
          if (sends) void takeTurns(clock, pacer, Array(200).fill(0), arrivals);
          const done = all.map(async ({ lane, weight, at, travelMs, arrivesAfter }) => {
            await clock.sleep(at);
            const arrived = await pacer.reply(lane, weight);
            arrivals.push(...Array<number>(weight).fill(clock.monotonic() + travelMs * arrivesAfter));
            await clock.sleep(travelMs);
            arrived();
          });
          await clock.advance(90_000);
          await Promise.all(done);
          // A campaign at 30 a second leaves no room for the last digit of a sum.
          const times = arrivals.map((at) => Math.round(at * 1_000) / 1_000).toSorted((a, b) => a - b);
          expect(mostInASecond(times, 999.99)).toBeLessThanOrEqual(30);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("keep their order, however many there are", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const order: number[] = [];
    for (let reply = 0; reply < 100; reply++)
      void replies(clock, pacer, "crowd").then(() => order.push(reply));
    await clock.advance(6_000);
    expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  test.each([1, 5, 28, 30])(
    "of a crowd that never stops writing leave a campaign at %i a second seven tenths of its rate",
    async (rate) => {
      const clock = manualClock();
      const pacer = createPacer(clock, rate);
      const over = new AbortController();
      const answered: number[] = [];
      const came: number[] = [];
      crowdOf(300, clock, pacer, over.signal, answered);
      await clock.advance(5_000); // the crowd is there first
      const began = clock.monotonic();
      void takeTurns(clock, pacer, Array(2_000).fill(0), came);
      await clock.advance(40_000);
      over.abort();
      expect(came.filter((at) => at < began + 40_000).length).toBeGreaterThanOrEqual(40 * rate * 0.7);
      expect(answered.filter((at) => at > began).length).toBeGreaterThan(5 * 40);
    },
  );

  test("nor do they after a 429, within what is left of the rate", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const over = new AbortController();
    const came: number[] = [];
    pacer.tooFast(1_000, clock.monotonic());
    await clock.advance(1_000);
    crowdOf(300, clock, pacer, over.signal, []);
    void takeTurns(clock, pacer, Array(2_000).fill(0), came);
    await clock.advance(25_000);
    over.abort();
    expect(came.length).toBeGreaterThanOrEqual(25 * 22.4 * 0.7);
  });

  test("to admins go before those to a crowd of a thousand and before the campaign", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const over = new AbortController();
    void takeTurns(clock, pacer, Array(2_000).fill(0), []);
    await clock.advance(2_000);
    crowdOf(1_000, clock, pacer, over.signal, []);
    const waits: number[] = [];
    for (let tap = 0; tap < 20; tap += 1) {
      await clock.advance(1_700);
      const asked = clock.monotonic();
      void replies(clock, pacer, "admin").then(() => waits.push(clock.monotonic() - asked));
    }
    await clock.advance(1_000);
    over.abort();
    expect(waits).toHaveLength(20);
    // A slot of the window becomes free every 35 ms.
    expect(Math.max(...waits)).toBeLessThan(200);
  });

  test("to an admin who never stops leave the campaign its seven tenths, too", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const came: number[] = [];
    void takeTurns(clock, pacer, Array(2_000).fill(0), came);
    for (let reply = 0; reply < 600; reply += 1) void replies(clock, pacer, "admin");
    await clock.advance(20_000);
    expect(came.length).toBeGreaterThanOrEqual(20 * 28 * 0.7);
  });

  test("have the whole rate while nothing is sent, except what is reserved for admins", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const over = new AbortController();
    const answered: number[] = [];
    crowdOf(300, clock, pacer, over.signal, answered);
    await clock.advance(10_000);
    over.abort();
    expect(answered.length).toBeGreaterThan(10 * 24);
  });

  test("and posts that cannot be paid for share the free rate beside paid ones, and campaigns keep seven tenths of it", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 100);
    const over = new AbortController();
    const free: number[] = [];
    const forwards: number[] = [];
    void (async () => {
      while (!over.signal.aborted) if (await pacer.turn(never, 1, 100 / 28)) forwards.push(clock.monotonic());
    })();
    await clock.advance(2_000);
    crowdOf(300, clock, pacer, over.signal, free);
    const began = clock.monotonic();
    await clock.advance(20_000);
    over.abort();
    expect(forwards.filter((at) => at >= began).length).toBeGreaterThanOrEqual(20 * 28 * 0.7);
    expect(free.length).toBeGreaterThan(5 * 20);
    expect(mostInASecond([...forwards, ...free].toSorted((a, b) => a - b))).toBeLessThanOrEqual(30);
  });

  test("to the crowd leave one by one, not in a burst", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    const left: number[] = [];
    for (let person = 0; person < 40; person += 1)
      void replies(clock, pacer, "crowd").then(() => left.push(clock.monotonic()));
    await clock.advance(3_000);
    expect(left).toHaveLength(40);
    for (const gap of gaps(left)) expect(gap).toBeGreaterThan(1_050 / 29);
  });

  test("that Telegram holds back for a minute do not hold up the campaign", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    for (let reply = 0; reply < 60; reply += 1) void replies(clock, pacer, "admin", 60_000);
    await clock.advance(1_000);
    const came: number[] = [];
    void takeTurns(clock, pacer, Array(2_000).fill(0), came);
    await clock.advance(30_000);
    expect(came.length).toBeGreaterThan(15 * 28);
  });

  test("to the crowd wait while Telegram asks for a pause; those to admins are tried", async () => {
    const clock = manualClock();
    const pacer = createPacer(clock, 28);
    pacer.tooFast(5_000, clock.monotonic());
    let person = false;
    void pacer.reply("crowd").then(() => (person = true));
    await replies(clock, pacer, "admin");
    await clock.advance(4_999);
    expect(person).toBe(false);
    await clock.advance(1);
    expect(person).toBe(true);
  });
});
