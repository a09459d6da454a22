import { EventEmitter, once } from "node:events";
import { eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type postgres from "postgres";
import { type Db, query } from "../../src/db/connect.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { connect } from "../../src/db/server/server.ts";
import { senders } from "../../src/db/schema.ts";
import { type Lease, createLease } from "../../src/delivery/upkeep/lease.ts";
import { createLog } from "../../src/log.ts";
import { type ManualClock, manualClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { heard, testEvents } from "../support/events.ts";
import { emptied } from "../support/seed.ts";

let scope: Awaited<ReturnType<typeof freshScope>>;
const made: Lease[] = [];
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));
afterEach(async () => {
  for (const lease of made.splice(0)) await lease.release();
});

interface Process {
  lease: Lease;
  clock: ManualClock;
  logged: string[];
  regained: () => number;
}

/** A process with a clock of its own. */
function processNamed(holder: string, options: { exclusive?: boolean; scope?: Scope } = {}): Process {
  const clock = manualClock();
  const logged: string[] = [];
  const events = testEvents();
  const regained = heard(events, "leaseRegained");
  events.on("leaseTaken", () => void logged.push("taken"));
  const lease = createLease({
    scope: options.scope ?? scope,
    clock,
    log: createLog("info", { write: (line: string) => void logged.push(line) }),
    holder,
    exclusive: options.exclusive ?? false,
    events,
  });
  made.push(lease);
  return { lease, clock, logged, regained: () => regained.length };
}

/** What the database says: who, and for how many more seconds. */
async function stored(): Promise<{ holder: string | null; seconds: number }> {
  const [row] = await query<{ holder: string | null; seconds: number }>(
    scope.db,
    sql`select lease_holder as holder, extract(epoch from lease_until - clock_timestamp())::float8 as seconds
        from senders where bot_id = ${scope.botId}`,
  );
  if (!row) throw new Error("no bot");
  return row;
}

/** As if the holder had been silent for that long. */
const pass = (seconds: number) =>
  scope.db
    .update(senders)
    .set({ leaseUntil: sql`${senders.leaseUntil} - ${seconds}::float8 * interval '1 second'` })
    .where(eq(senders.botId, scope.botId));

/** Steps of `ms` until it holds: the database answers in real time, the process's own time is ours. */
async function advanceUntil(clock: ManualClock, ms: number, holds: () => boolean): Promise<void> {
  await vi.waitFor(async () => {
    await clock.advance(ms);
    expect(holds()).toBe(true);
  });
}

test("of two processes that start together, one holds the lease and the other stands by", async () => {
  const [one, two] = [processNamed("one"), processNamed("two")];
  const results: string[] = [];
  void one.lease.acquire().then((got) => results.push(`one ${got}`));
  void two.lease.acquire().then((got) => results.push(`two ${got}`));
  await vi.waitFor(() => expect(results).toHaveLength(1));
  await vi.waitFor(() => expect(one.logged.length + two.logged.length).toBe(1));
  const [holder, standby] = one.lease.held() ? [one, two] : [two, one];
  expect(holder.lease.held()).toBe(true);
  expect(standby.lease.held()).toBe(false);
  expect(standby.logged.join("")).toContain("standing by");
  for (let second = 0; second < 5; second++) await standby.clock.advance(1_000);
  expect(standby.lease.held()).toBe(false);
  expect(results).toHaveLength(1);
});

test("the database grants it for ten seconds, and the holder trusts it for eight", async () => {
  const one = processNamed("one");
  expect(await one.lease.acquire()).toBe(true);
  const { holder, seconds } = await stored();
  expect(holder).toBe("one");
  expect(seconds).toBeGreaterThan(8.5);
  expect(seconds).toBeLessThanOrEqual(10);
  // Its process is stopped (SIGSTOP, a laptop's lid): time passes and no renewal runs.
  const frozen = processNamed("two");
  frozen.clock.sleep = () => new Promise(() => undefined);
  await one.lease.release();
  expect(await frozen.lease.acquire()).toBe(true);
  await frozen.clock.advance(7_999);
  expect(frozen.lease.held()).toBe(true);
  await frozen.clock.advance(1);
  expect(frozen.lease.held()).toBe(false);
  made.splice(made.indexOf(frozen.lease), 1); // its loop never ends
});

test("a stand-by takes over when the lease has run out, not before", async () => {
  const [one, two] = [processNamed("one"), processNamed("two")];
  await one.lease.acquire();
  await pass(9); // before it looks for the first time: a lease that ends earlier than it did is another matter
  const second = two.lease.acquire();
  for (let tries = 0; tries < 3; tries++) {
    await two.clock.advance(1_000);
    await stored(); // the try before it has been answered
  }
  expect(two.lease.held()).toBe(false);
  await vi.waitFor(async () => expect((await stored()).seconds).toBeLessThan(0), 3_000);
  await advanceUntil(two.clock, 1_000, () => two.lease.held());
  expect(await second).toBe(true);
  expect((await stored()).holder).toBe("two");
});

test("a stand-by that is nudged looks at once, and one that was nudged while it looked looks again", async () => {
  const [one, two] = [processNamed("one"), processNamed("two")];
  await one.lease.acquire();
  const second = two.lease.acquire();
  await vi.waitFor(() => expect(two.clock.sleeping).toBe(1));
  two.lease.nudge(); // for nothing
  await vi.waitFor(() => expect(two.clock.sleeping).toBe(1));
  expect(two.lease.held()).toBe(false);
  await one.lease.release();
  two.lease.nudge();
  two.lease.nudge();
  expect(await second).toBe(true);
  expect((await stored()).holder).toBe("two");
});

test("a process that gives the lease back nudges the others, if it held it", async () => {
  const sent: unknown[] = [];
  const nudges = { send: async (...[, botId, what]: unknown[]) => void sent.push([botId, what]) };
  const [one, two] = ["one", "two"].map((name) => processNamed(name, { scope: { ...scope, nudges } }));
  await one!.lease.acquire();
  void two!.lease.acquire();
  await vi.waitFor(() => expect(two!.clock.sleeping).toBe(1));
  await two!.lease.release();
  expect(sent).toEqual([]);
  await one!.lease.release();
  expect(sent).toEqual([[scope.botId, "lease"]]);
});

/** How a statement ends that is under way. */
const endOfOne = (own: postgres.Sql) => own`select pg_sleep(60)`.catch((error: unknown) => error);

const ROLE = `herald_test_${process.pid}`;

describe("the connections of a holder on the server", () => {
  const opened: postgres.Sql[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((client) => client.end({ timeout: 0 })));
  });

  /** One connection of a process. */
  function clientOf(holder: string): postgres.Sql {
    if (scope.location.type !== "server") throw new Error("there is no server");
    const client = connect(scope.location.url, 1, holder);
    opened.push(client);
    return client;
  }

  test("are ended when its lease has run out, so that their locks do not hold up the stand-by", async () => {
    const [one, two] = [processNamed("one"), processNamed("two")];
    await one.lease.acquire();
    await pass(11);
    const own = clientOf("one");
    await own`begin`;
    await own`update senders set quiet_until = null where bot_id = ${scope.botId}`;
    const end = endOfOne(own);
    expect(await two.lease.acquire()).toBe(true);
    expect(await end).toMatchObject({ code: "CONNECTION_CLOSED" });
  });

  test("cannot be ended by a user without the privilege: the lease is taken anyway", async () => {
    await scope.db.execute(sql`revoke execute on function pg_terminate_backend(int, bigint) from public`);
    await scope.db.execute(sql.raw(`create role ${ROLE}`));
    await scope.db.execute(sql.raw(`grant all on senders to ${ROLE}`));
    const client = clientOf("one");
    await client.unsafe(`set role ${ROLE}`);
    const one = processNamed("one", { scope: { ...scope, db: drizzle(client) as unknown as Db } });
    expect(await one.lease.acquire()).toBe(true);
    expect(one.logged.join()).toContain("could not be ended");
    await one.lease.release();
    await scope.db.execute(sql.raw(`drop owned by ${ROLE}; drop role ${ROLE}`));
  });

  test("are left alone while it lasts, and those of another bot's holder always are", async () => {
    const [one, two, other] = [
      processNamed("one"),
      processNamed("two"),
      processNamed("other", { scope: homeScope(scope.db, scope.botId + 1) }),
    ];
    await one.lease.acquire();
    await other.lease.acquire();
    await scope.db
      .update(senders)
      .set({ leaseUntil: sql`now()` })
      .where(eq(senders.botId, scope.botId + 1));
    let ends = 0;
    for (const holder of ["one", "other"]) void endOfOne(clientOf(holder)).then(() => (ends += 1));
    void two.lease.acquire();
    await vi.waitFor(() => expect(two.logged.join()).toContain("standing by"));
    expect(ends).toBe(0);
  });
});

test("renewals keep it for as long as the process lives", async () => {
  const one = processNamed("one");
  await one.lease.acquire();
  for (let renewal = 0; renewal < 6; renewal++) {
    await pass(5);
    await one.clock.advance(2_500);
    await vi.waitFor(async () => expect((await stored()).seconds).toBeGreaterThan(8));
    expect(one.lease.held()).toBe(true);
  }
});

test("a process that lost it to another sends nothing, says so, and does not take it back by itself", async () => {
  const [one, two] = [processNamed("one"), processNamed("two")];
  await one.lease.acquire();
  await pass(11);
  expect(await two.lease.acquire()).toBe(true);
  await advanceUntil(one.clock, 2_500, () => one.logged.some((line) => line.includes("lease lost")));
  expect(one.lease.held()).toBe(false);
  expect(one.logged.filter((line) => line === "taken")).toHaveLength(1);
  await two.lease.release();
  await one.clock.advance(10_000);
  expect(one.lease.held()).toBe(false);
  expect(one.regained()).toBe(0);
});

/** The database, as long as it can be reached. */
function reaching(isReachable: () => boolean): Scope {
  const db = new Proxy(scope.db, {
    get(target, name, receiver) {
      if (!isReachable()) throw new Error("connection refused");
      const value: unknown = Reflect.get(target, name, receiver);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { ...scope, db };
}

async function standsBy(own: Scope = scope): Promise<{ two: Process; got: Promise<boolean> }> {
  const two = processNamed("two", { scope: own });
  const got = two.lease.acquire();
  await vi.waitFor(() => expect(two.logged.join()).toContain("standing by"));
  return { two, got };
}

/** It has looked so often, a second apart. */
async function looks(two: Process, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await vi.waitFor(() => expect(two.clock.sleeping).toBe(1));
    await two.clock.advance(1_000);
  }
  await vi.waitFor(() => expect(two.lease.held() || two.clock.sleeping === 1).toBe(true));
}

describe("a stand-by leaves the holder ten seconds to come back", () => {
  test("when the database was away", async () => {
    const one = processNamed("one");
    await one.lease.acquire();
    await pass(11);
    let reachable = false;
    const { two, got } = await standsBy(reaching(() => reachable));
    reachable = true;
    await looks(two, 9);
    expect((await stored()).holder).toBe("one");
    await advanceUntil(two.clock, 1_000, () => two.lease.held());
    expect(await got).toBe(true);
  });

  test("when the database went back to a state in which the lease ends earlier", async () => {
    const one = processNamed("one");
    await one.lease.acquire();
    const { two } = await standsBy();
    await pass(11);
    await looks(two, 9);
    expect((await stored()).holder).toBe("one");
    await one.clock.advance(2_500); // its renewal
    await vi.waitFor(async () => expect((await stored()).seconds).toBeGreaterThan(9));
    await looks(two, 2);
    expect(one.lease.held()).toBe(true);
  });
});

test("while the database does not answer, it is held to its end, and again once the database answers", async () => {
  let reachable = true;
  const one = processNamed("one", { scope: reaching(() => reachable) });
  await one.lease.acquire();
  reachable = false;
  await one.clock.advance(7_500);
  expect(one.lease.held()).toBe(true);
  expect(one.logged).toEqual([]);
  await one.clock.advance(2_500);
  expect(one.lease.held()).toBe(false);
  expect(one.logged.join("")).toContain("lease lost");
  reachable = true;
  await advanceUntil(one.clock, 2_500, () => one.lease.held());
  expect(one.regained()).toBe(1);
});

test("while a renewal hangs, it is held to its end and no longer, and the loss is logged", async () => {
  const net = new EventEmitter();
  let before: Promise<unknown> = Promise.resolve();
  const db = new Proxy(scope.db, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (name !== "execute" || typeof value !== "function") return value;
      return (...statement: unknown[]) => before.then(() => value.apply(target, statement));
    },
  });
  const one = processNamed("one", { scope: { ...scope, db } });
  await one.lease.acquire();
  before = once(net, "back");
  await one.clock.advance(7_999);
  expect(one.lease.held()).toBe(true);
  expect(one.logged).toEqual([]);
  await one.clock.advance(1);
  expect(one.lease.held()).toBe(false);
  expect(one.lease.lost).toEqual({ at: one.clock.now(), backAt: null });
  await one.clock.advance(60_000);
  expect(one.logged.filter((line) => line.includes("lease lost"))).toHaveLength(1);
  net.emit("back");
  await advanceUntil(one.clock, 2_500, () => one.lease.held());
  expect(one.regained()).toBe(1);
});

describe("release", () => {
  test("lets a stand-by take over at once", async () => {
    const [one, two] = [processNamed("one"), processNamed("two")];
    await one.lease.acquire();
    await one.lease.release();
    expect(one.lease.held()).toBe(false);
    expect((await stored()).holder).toBeNull();
    expect(await two.lease.acquire()).toBe(true);
  });

  test("does not take it from the process that holds it now", async () => {
    const [one, two] = [processNamed("one"), processNamed("two")];
    await one.lease.acquire();
    await pass(11);
    await two.lease.acquire();
    await one.lease.release();
    expect((await stored()).holder).toBe("two");
  });

  test("ends the wait of a stand-by", async () => {
    const [one, two] = [processNamed("one"), processNamed("two")];
    await one.lease.acquire();
    const waiting = two.lease.acquire();
    await vi.waitFor(() => expect(two.clock.sleeping).toBe(1));
    await two.lease.release();
    expect(await waiting).toBe(false);
    expect((await stored()).holder).toBe("one");
  });
});

test("a process with exclusive use of the database takes the lease of a dead one at once, for good", async () => {
  const dead = processNamed("dead");
  await dead.lease.acquire();
  const one = processNamed("one", { exclusive: true });
  expect(await one.lease.acquire()).toBe(true);
  await one.clock.advance(86_400_000);
  expect(one.lease.held()).toBe(true);
  expect(one.clock.sleeping).toBe(0);
});

test("each bot has its own lease", async () => {
  const other = homeScope(scope.db, scope.botId + 1);
  const [one, two] = [processNamed("one"), processNamed("two", { scope: other })];
  expect(await one.lease.acquire()).toBe(true);
  expect(await two.lease.acquire()).toBe(true);
});
