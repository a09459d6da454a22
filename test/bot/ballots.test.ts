import type { Poll } from "grammy/types";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { createBallots } from "../../src/bot/features/votes/ballots.ts";
import { listPollTotals, notePolls } from "../../src/campaign/votes/poll-votes.ts";
import type { Scope } from "../../src/db/scope.ts";
import { createLog } from "../../src/log.ts";
import { until } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { emptied, range } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const CAMPAIGN = 5;

const poll = (id: string, votes: number, change: Partial<Poll> = {}): Poll => ({
  id,
  question: "Tea?",
  options: [{ persistent_id: "0", text: "Yes", voter_count: votes }],
  total_voter_count: votes,
  is_closed: false,
  is_anonymous: true,
  type: "regular",
  allows_multiple_answers: false,
  allows_revoting: true,
  members_only: false,
  ...change,
});

/** Ballots with a log, and a database that can be away. */
function box() {
  const stop = new AbortController();
  const clock = movableClock();
  const logged: string[] = [];
  const touched: number[] = [];
  const state = { away: false, transactions: 0 };
  const db = new Proxy(scope.db, {
    get(target, name) {
      if (name === "transaction") {
        state.transactions += 1;
        if (state.away) throw new Error("the database is away");
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const ballots = createBallots({
    own: { ...scope, db },
    clock,
    log: createLog("info", { write: (line: string) => void logged.push(line) }),
    engine: { touch: (id: number) => void touched.push(id) } as never,
    stop: stop.signal,
  });
  const end = async () => {
    stop.abort();
    await ballots.stop();
  };
  return { ballots, clock, logged, touched, state, end };
}

const sent = (...ids: string[]) =>
  notePolls(
    scope,
    ids.map((pollId) => ({ pollId, campaignId: CAMPAIGN, version: null })),
  );

async function yes(): Promise<number> {
  const totals = await listPollTotals(scope, CAMPAIGN);
  return totals.find(({ what }) => what === "option")?.count ?? 0;
}

test("a vote that comes before its delivery is settled counts once the poll is known", async () => {
  const { ballots, clock, end } = box();
  await ballots.hear({ poll: poll("1", 1) });
  await ballots.hear({ poll: poll("1", 2) });
  expect(await yes()).toBe(0);
  await sent("1");
  await until(async () => {
    clock.advance(1_000);
    return (await yes()) === 2;
  });
  await end();
});

test("so does one that comes last before Herald stops", async () => {
  const { ballots, end } = box();
  await ballots.hear({ poll: poll("1", 1) });
  await sent("1");
  await end();
  expect(await yes()).toBe(1);
});

test("a poll that is nobody's is given up after a minute", async () => {
  const { ballots, clock, state, end } = box();
  await ballots.hear({ poll: poll("preview", 1) });
  for (let second = 0; second < 65; second += 1) {
    clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await until(async () => {
    const before = state.transactions;
    clock.advance(2_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return state.transactions === before;
  });
  await sent("preview");
  await end();
  expect(await yes()).toBe(0);
});

test("while the database is away votes are kept, the last word of each poll", async () => {
  const { ballots, clock, logged, state, end } = box();
  await sent("1", "2");
  state.away = true;
  await ballots.hear({ poll: poll("1", 1) });
  await ballots.hear({ poll: poll("2", 1) });
  await ballots.hear({ poll: poll("1", 0) });
  state.away = false;
  await until(async () => {
    clock.advance(1_000);
    return (await yes()) === 1;
  });
  expect(logged.filter((line) => line.includes("cannot be written, trying on"))).toHaveLength(1);
  await end();
});

test("five thousand votes at once are a few transactions, and touch the card once", async () => {
  const { ballots, clock, touched, state, end } = box();
  const ids = range(1, 1_000).map(String);
  await sent(...ids);
  const heard = range(1, 5).flatMap((votes) => ids.map((id) => ballots.hear({ poll: poll(id, votes) })));
  await Promise.all(heard);
  expect(await yes()).toBe(5_000);
  expect(state.transactions).toBeLessThanOrEqual(4);
  clock.advance(11_000);
  await until(() => touched.length > 0);
  expect(touched).toEqual([CAMPAIGN]);
  await end();
});
