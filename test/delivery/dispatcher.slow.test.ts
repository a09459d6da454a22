import { GrammyError } from "grammy";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { confirmDraft } from "../../src/campaign/confirm-draft.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import type { Db } from "../../src/db/connect.ts";
import type { Scope } from "../../src/db/scope.ts";
import type { TelegramDouble } from "../../src/delivery/engine-options.ts";
import { createEngine } from "../../src/delivery/engine.ts";
import { createLog } from "../../src/log.ts";
import { until } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { freshScope } from "../support/database.ts";
import { ownLease, testEvents } from "../support/events.ts";
import { atEnd } from "../support/herald.ts";
import { ADMIN, ADMIN_ID, countersOf, emptied, range, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

type Answer = (chatId: number, text: string) => Promise<{ message_id: number }>;

interface Engine {
  /** What left, in its order. */
  calls: { chatId: number; text: string; at: number; paid: boolean }[];
  poke(): void;
}

const log = createLog("silent");

/** An engine whose Telegram is a function. */
async function engine({
  rate = 200,
  answer = async () => ({ message_id: 1 }),
  paidAllowed = false,
  db = scope.db,
  clock = systemClock,
}: {
  clock?: Clock;
  db?: Db;
  rate?: number;
  answer?: Answer;
  paidAllowed?: boolean;
} = {}): Promise<Engine> {
  const calls: Engine["calls"] = [];
  const api = {
    sendMessage: async (payload: { chat_id: number; text: string }) => {
      calls.push({ chatId: payload.chat_id, text: payload.text, at: clock.now().getTime(), paid: paid.on });
      return answer(payload.chat_id, payload.text);
    },
    forwardMessage: async (payload: { chat_id: number }) => {
      calls.push({ chatId: payload.chat_id, text: "", at: clock.now().getTime(), paid: false });
      return answer(payload.chat_id, "");
    },
  } as unknown as TelegramDouble["api"];
  const { dispatcher, paid } = createEngine({
    scope: { ...scope, db },
    clock,
    log,
    events: testEvents(),
    telegram: { api, probe: async () => undefined },
    rate,
    leaveLabel: () => "Fewer such messages…",
    session: "test",
    exclusive: true,
    paidBroadcast: paidAllowed,
    lease: ownLease(),
  });
  await dispatcher.start();
  atEnd(() => dispatcher.stop());
  return { calls, poke: dispatcher.poke };
}

let posts = 0;

/** A campaign to everybody, confirmed for `startsAt`. */
async function scheduled(startsAt = new Date()): Promise<{ id: number; text: string }> {
  posts += 1;
  const text = `Post ${posts}`;
  const draft = await createDraft(scope, ADMIN, {
    content: { kind: "text", text, buttons: [] },
    audience: EVERYONE,
    originKey: text,
  });
  const { id } = await confirmDraft(scope, ADMIN, draft, startsAt);
  return { id, text };
}

const finished = ({ id }: { id: number }) =>
  until(async () => (await getCampaign(scope, id)).state === "finished");

function refusal(code: number, description: string, retryAfter?: number): GrammyError {
  return new GrammyError(
    "Call to 'sendMessage' failed!",
    {
      ok: false,
      error_code: code,
      description,
      parameters: retryAfter === undefined ? {} : { retry_after: retryAfter },
    },
    "sendMessage",
    {},
  );
}

describe("several campaigns", () => {
  test("advance together, and a small one is not stuck behind a large one", async () => {
    await seedPeople(scope, range(1, 400));
    const { calls, poke } = await engine();
    const large = await scheduled();
    poke();
    await until(() => calls.length > 40);
    await scope.db.execute("update recipients set status = 'blocked' where chat_id > 30");
    const small = await scheduled();
    const before = calls.length;
    poke();
    await finished(small);
    const meanwhile = calls.slice(before).filter(({ text }) => text === large.text);
    // 30 of one beside about 30 of the other, not behind 330.
    expect(meanwhile.length).toBeLessThan(120);
    await finished(large);
    expect(await countersOf(scope, small.id)).toEqual({ total: 30, sent: 30 });
  });

  test("share the rate evenly while all of them send", async () => {
    await seedPeople(scope, range(1, 200));
    const { calls, poke } = await engine();
    const campaigns = [await scheduled(), await scheduled(), await scheduled()];
    poke();
    await Promise.all(campaigns.map(finished));
    // On a busy machine, one may be frozen a second after the others.
    const order = calls.map(({ text }) => text);
    const lastToStart = Math.max(...campaigns.map(({ text }) => order.indexOf(text)));
    const firstToEnd = Math.min(...campaigns.map(({ text }) => order.lastIndexOf(text)));
    const together = order.slice(lastToStart, firstToEnd);
    expect(together.length).toBeGreaterThan(100);
    for (const campaign of campaigns) {
      const share = together.filter((text) => text === campaign.text).length / together.length;
      expect(share).toBeGreaterThan(0.2);
      expect(share).toBeLessThan(0.47);
    }
  });
});

test(
  "a campaign that is due because the clock was set starts within seconds",
  { timeout: 20_000 },
  async () => {
    await seedPeople(scope, [1]);
    const clock = movableClock();
    const { calls } = await engine({ clock });
    await scheduled(new Date(Date.now() + 3_600_000));
    clock.jump(3_600_000);
    await until(() => calls.length > 0, 12_000); // it looks at the clock every 5 s, at the database every 30
  },
);

test("a campaign scheduled for a moment between two checks starts at that moment", async () => {
  await seedPeople(scope, [1]);
  const { calls, poke } = await engine();
  for (const wait of [1_150, 1_480]) {
    const due = Date.now() + wait;
    const before = calls.length;
    await scheduled(new Date(due));
    poke();
    await until(() => calls.length > before);
    expect(calls.at(-1)!.at).toBeGreaterThanOrEqual(due);
    expect(calls.at(-1)!.at - due).toBeLessThan(400);
  }
});

/** A database on a disk that flushes slowly, as far as claims notice. */
function slowly(db: Db, ms: number): Db {
  return new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name !== "execute") return value.bind(target);
      return async (...given: unknown[]) => {
        await systemClock.sleep(ms);
        return value.apply(target, given);
      };
    },
  });
}

test("a slow disk does not slow the rate down: more is claimed ahead", async () => {
  await seedPeople(scope, range(1, 200));
  const { calls, poke } = await engine({ rate: 40, db: slowly(scope.db, 200) });
  const campaign = await scheduled();
  poke();
  await finished(campaign);
  const seconds = (calls.at(-1)!.at - calls.at(-121)!.at) / 1_000;
  expect(calls).toHaveLength(200);
  // Two at a time, it would be 12 s.
  expect(seconds).toBeLessThan(120 / 36);
});

test("after Pause, deliveries that are already claimed do not leave either", async () => {
  await seedPeople(scope, range(1, 60));
  const { calls, poke } = await engine({ rate: 20 });
  const { id } = await scheduled();
  poke();
  await until(() => calls.length > 5);
  await scope.db.execute(`update campaigns set state = 'paused', pause_reason = 'admin' where id = ${id}`);
  poke();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const paused = calls.length;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(calls.length).toBe(paused);
  expect(await countersOf(scope, id)).toEqual({ total: 60, sent: paused });
});

describe("429", () => {
  test("in a group delays only that group", async () => {
    await seedPeople(scope, range(1, 40));
    const { calls, poke } = await engine({
      answer: async (chatId) => {
        if (chatId === -7 && calls.filter((call) => call.chatId === -7).length === 1)
          throw refusal(429, "Too Many Requests: retry after 2", 2);
        return { message_id: 1 };
      },
    });
    const campaign = await scheduled();
    // Campaigns to groups come later; a delivery to one is what the engine sees of them.
    await scope.db.execute("update recipients set chat_id = -7 where chat_id = 1");
    poke();
    await finished(campaign);
    const [first, second] = calls.filter(({ chatId }) => chatId === -7);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(2_000);
    expect(calls.filter(({ chatId, at }) => chatId > 0 && at - first!.at < 1_500)).toHaveLength(39);
  });
});

test("without Stars the campaign continues at the free rate, nobody fails, and the next campaign tries to pay again", async () => {
  await seedPeople(scope, range(1, 60));
  let stars = 10;
  const { calls, poke } = await engine({
    rate: 200,
    paidAllowed: true,
    answer: async () => {
      if (!calls.at(-1)!.paid) return { message_id: 1 };
      stars -= 1;
      if (stars < 0) throw refusal(400, "Bad Request: BALANCE_TOO_LOW");
      return { message_id: 1 };
    },
  });
  const campaign = await scheduled();
  poke();
  await finished(campaign);
  expect(await countersOf(scope, campaign.id)).toEqual({ total: 60, sent: 60 });
  const free = calls.filter(({ paid }) => !paid);
  expect(free.length).toBe(50);
  const seconds = (free.at(-1)!.at - free[0]!.at) / 1_000;
  expect(seconds).toBeGreaterThan((free.length - 1) / 28 - 0.3);

  stars = 1_000;
  const next = await scheduled();
  poke();
  await finished(next);
  expect(calls.filter(({ text, paid }) => text === next.text && paid)).toHaveLength(60);
});

test("posts that cannot be paid for keep to the free rate while paid broadcasting is on", async () => {
  await seedPeople(scope, range(1, 40));
  const { calls, poke } = await engine({ rate: 1_000, paidAllowed: true });
  const draft = await createDraft(scope, ADMIN, {
    content: {
      kind: "text",
      text: "As it is",
      buttons: [],
      options: { forward: true },
      source: { chatId: ADMIN_ID, messageIds: [1] },
    },
    audience: EVERYONE,
    originKey: "forward",
  });
  const forward = await confirmDraft(scope, ADMIN, draft, new Date());
  poke();
  await finished(forward);
  const seconds = (calls.at(-1)!.at - calls[0]!.at) / 1_000;
  expect(calls).toHaveLength(40);
  expect(seconds).toBeGreaterThan(39 / 30);
  const text = await scheduled();
  poke();
  await finished(text);
  const paid = calls.slice(40);
  expect((paid.at(-1)!.at - paid[0]!.at) / 1_000).toBeLessThan(seconds);
});
