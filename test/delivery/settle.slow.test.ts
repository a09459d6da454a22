import { eq } from "drizzle-orm";
import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refreshPerson, setStatus } from "../../src/audience/recipients.ts";
import { cancel } from "../../src/campaign/actions/cancel.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { deliveries, polls } from "../../src/db/schema.ts";
import { FAILURES_ALIKE } from "../../src/delivery/settle/breaker.ts";
import { claim } from "../../src/delivery/claim/claim.ts";
import type { Claimed } from "../../src/delivery/shared/claimed.ts";
import type { Outcome, RefusalClass } from "../../src/telegram/outcome.ts";
import { loadPausedUntil } from "../../src/delivery/pace/retry-after.ts";
import { rescue } from "../../src/delivery/upkeep/rescuer.ts";
import { settle } from "../../src/delivery/settle/settle.ts";
import { freshScope } from "../support/database.ts";
import {
  ADMIN,
  NOW,
  claimAll,
  countersOf,
  deliveriesOf,
  emptied,
  personOf,
  range,
  seedPeople,
  seedRunning,
  statusesOf,
  type Delivery,
} from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const sent: Outcome = { type: "sent", messageIds: [55] };
const stumbled: Outcome = { type: "stumbled", description: "Bad Gateway" };
const uncertain: Outcome = { type: "uncertain", description: "socket hang up" };
const refused = (refusal: RefusalClass, description = `Refused: ${refusal}`): Outcome => ({
  type: "refused",
  class: refusal,
  description,
});
const deferred = (waitMs: number): Outcome => ({
  type: "deferred",
  waitMs,
  description: "Too Many Requests",
});

/** The same outcome for all, or one after another in the order of the batch. */
function outcomes(batch: Claimed[], which: Outcome | Outcome[]) {
  return batch.map((delivery, index) => {
    const outcome = Array.isArray(which) ? which[index] : which;
    if (!outcome) throw new Error("more deliveries than outcomes");
    return { delivery, outcome };
  });
}

const half = () => 0.5;
const later = (ms: number) => new Date(NOW.getTime() + ms);

async function expectConsistent(id: number): Promise<void> {
  const counters = await countersOf(scope, id);
  const rows = await deliveriesOf(scope, id);
  const classed = ["blocked", "deactivated", "unreachable"];
  const counted: Record<string, number> = { total: rows.length };
  let left = 0;
  for (const { state, reason } of rows) {
    if (state === "pending" || state === "sending") left += 1;
    else {
      const counter = state === "failed" && classed.includes(reason ?? "") ? reason! : state;
      counted[counter] = (counted[counter] ?? 0) + 1;
    }
  }
  expect(counters).toEqual(counted);
  const { total = 0, ...parts } = counters;
  expect(Object.values(parts).reduce((sum, part) => sum + part, left)).toBe(total);

  // Whom it marked: a block or a lost account at once, an unknown chat only in a campaign that is proven.
  const { sent = 0, blocked = 0, deactivated = 0, unreachable = 0, failed = 0 } = counters;
  const proofs = sent + blocked + deactivated;
  const proven = proofs >= 5 && proofs > unreachable + failed;
  const statuses = await statusesOf(scope);
  for (const [index, { state, reason }] of rows.entries()) {
    const marks = state === "failed" && classed.includes(reason ?? "");
    // An unknown chat may be marked all the same: the campaign may have been proven for a while.
    const maybe = marks && reason === "unreachable" && !proven;
    const status = state === "skipped" || marks ? reason : "active";
    expect(maybe ? ["active", status] : [status]).toContain(statuses[index]);
  }
}

describe("what an outcome leaves behind", () => {
  test.each<[string, Outcome, object, object, string]>([
    ["sent", sent, { state: "sent", attempts: 1, messageId: 55, reason: null }, { sent: 1 }, "active"],
    [
      "blocked",
      refused("blocked"),
      { state: "failed", attempts: 1, reason: "blocked", description: "Refused: blocked" },
      { blocked: 1 },
      "blocked",
    ],
    [
      "deactivated",
      refused("deactivated"),
      { state: "failed", attempts: 1, reason: "deactivated" },
      { deactivated: 1 },
      "deactivated",
    ],
    [
      "unreachable",
      refused("unreachable"),
      { state: "failed", attempts: 1, reason: "unreachable" },
      { unreachable: 1 },
      "active",
    ],
    [
      "chat-lost",
      refused("chat-lost"),
      { state: "failed", attempts: 1, reason: "chat-lost" },
      { failed: 1 },
      "unreachable",
    ],
    ...(["personal", "no-rights", "topic-closed", "no-stars", "other"] as const).map(
      (refusal): [string, Outcome, object, object, string] => [
        refusal,
        refused(refusal),
        { state: "failed", attempts: 1, reason: refusal, description: `Refused: ${refusal}` },
        { failed: 1 },
        "active",
      ],
    ),
    ["content", refused("content"), { state: "pending", attempts: 1, reason: null }, {}, "active"],
    ["unauthorized", refused("unauthorized"), { state: "pending", attempts: 0, reason: null }, {}, "active"],
    ["deferred", deferred(3000), { state: "pending", attempts: 0, notBefore: null }, {}, "active"],
    ["withheld", { type: "withheld" }, { state: "pending", attempts: 0, notBefore: null }, {}, "active"],
    [
      "stumbled",
      stumbled,
      { state: "pending", attempts: 1, notBefore: later(1_500), description: "Bad Gateway" },
      {},
      "active",
    ],
    [
      "uncertain",
      uncertain,
      { state: "uncertain", attempts: 1, reason: "uncertain", description: "socket hang up" },
      { uncertain: 1 },
      "active",
    ],
  ])("%s", async (_, outcome, delivery, counters, status) => {
    const id = await seedRunning(scope, [100]);
    await settle(scope, outcomes(await claimAll(scope, id), outcome), NOW, { random: half });
    const [row] = await deliveriesOf(scope, id);
    expect(row).toMatchObject({ chatId: 100, ...delivery });
    expect(row?.settledAt === null).toBe(row?.state === "pending");
    expect(await countersOf(scope, id)).toEqual({ total: 1, ...counters });
    expect((await personOf(scope, 100))?.status).toBe(status);
  });

  test("a group that became a supergroup keeps its row and its delivery under the new id", async () => {
    const id = await seedRunning(scope, [100, 200]);
    const batch = await claimAll(scope, id);
    await settle(scope, outcomes(batch, [{ type: "migrated", toChatId: -1_001_234_567_890 }, sent]), NOW);
    expect(await deliveriesOf(scope, id)).toMatchObject([
      { chatId: -1_001_234_567_890, state: "pending" },
      { chatId: 200, state: "sent" },
    ]);
    expect(await personOf(scope, 100)).toBeUndefined();
    expect(await claimAll(scope, id)).toMatchObject([{ chatId: -1_001_234_567_890 }]);
  });

  test("a group whose new id is already known causes no conflict", async () => {
    const id = await seedRunning(scope, [100, 200]);
    const batch = await claimAll(scope, id);
    await settle(scope, outcomes(batch, [{ type: "migrated", toChatId: 200 }, sent]), NOW);
    expect(await deliveriesOf(scope, id)).toMatchObject([{ chatId: 200 }, { chatId: 200 }]);
    expect(await personOf(scope, 200)).toBeDefined();
  });

  test("an outcome that arrives after the campaign was paused or cancelled still counts", async () => {
    const id = await seedRunning(scope, range(1, 4));
    const [one, two, three, four] = await claimAll(scope, id);
    await settle(scope, outcomes([one!], sent), NOW);
    await pause(scope, ADMIN, id);
    await settle(scope, outcomes([two!], uncertain), NOW);
    await cancel(scope, ADMIN, id, NOW);
    expect(await settle(scope, outcomes([three!, four!], [sent, refused("content")]), NOW)).toEqual([]);
    expect(await getCampaign(scope, id)).toMatchObject({ state: "cancelled", sent: 2, uncertain: 1 });
  });

  test("another bot's rows are not changed", async () => {
    const id = await seedRunning(scope, [1]);
    const batch = await claimAll(scope, id);
    const other = homeScope(scope.db, scope.botId + 1);
    await seedPeople(other, [1]);
    await settle(other, outcomes(batch, refused("blocked")), NOW);
    expect(await deliveriesOf(scope, id)).toMatchObject([{ state: "sending" }]);
    expect((await personOf(scope, 1))?.status).toBe("active");
    await settle(scope, outcomes(batch, refused("blocked")), NOW);
    expect((await personOf(other, 1))?.status).toBe("active");
  });
});

describe("the numbers", () => {
  const anyOutcome: fc.Arbitrary<Outcome> = fc.oneof(
    { weight: 5, arbitrary: fc.constant(sent) },
    {
      weight: 10,
      arbitrary: fc
        .constantFrom<RefusalClass[]>(
          "blocked",
          "deactivated",
          "unreachable",
          "unreachable",
          "personal",
          "no-rights",
          "other",
        )
        .map((refusal) => refused(refusal)),
    },
    { weight: 2, arbitrary: fc.constant(stumbled) },
    { weight: 2, arbitrary: fc.constant(uncertain) },
    { weight: 2, arbitrary: fc.constantFrom<Outcome[]>(deferred(1000), { type: "withheld" }) },
    { weight: 1, arbitrary: fc.constantFrom(refused("content"), refused("unauthorized")) },
  );
  // Long runs alike, so that campaigns also pause for errors and are proven late.
  const round = fc.record({
    size: fc.integer({ min: 1, max: 30 }),
    outcomes: fc.oneof(
      fc.array(anyOutcome, { minLength: 1, maxLength: 30 }),
      fc.constant([refused("unreachable")]),
      fc.constant([refused("other"), refused("unreachable")]),
    ),
    resumes: fc.boolean(),
  });

  test("whatever happens, they add up to the total and agree with the deliveries", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 8 }), async (rounds) => {
        await emptied(scope);
        const id = await seedRunning(scope, range(1, 80));
        let now = NOW;
        for (const { size, outcomes, resumes } of rounds) {
          now = new Date(now.getTime() + 400_000);
          const { batch } = await claim(scope, id, size, now);
          const settlements = batch.map((delivery, index) => ({
            delivery,
            outcome: outcomes[index % outcomes.length]!,
          }));
          await settle(scope, settlements, now);
          await expectConsistent(id);
          if (!resumes || (await getCampaign(scope, id)).state !== "paused") continue;
          await resume(scope, ADMIN, id);
          await expectConsistent(id);
        }
      }),
      { numRuns: 25 },
    );
    expect.hasAssertions();
  });

  test("five hundred outcomes are written at once", async () => {
    const id = await seedRunning(scope, range(1, 500));
    const batch = await claimAll(scope, id);
    const mixed = batch.map((_, index) => [sent, refused("blocked"), uncertain, stumbled][index % 4]!);
    const began = performance.now();
    await settle(scope, outcomes(batch, mixed), NOW);
    // One statement a message would take seconds.
    expect(performance.now() - began).toBeLessThan(1_500);
    expect(await countersOf(scope, id)).toEqual({ total: 500, sent: 125, blocked: 125, uncertain: 125 });
    expect((await statusesOf(scope)).filter((status) => status === "blocked")).toHaveLength(125);
  });

  test("a batch of two campaigns counts separately for each", async () => {
    const one = await seedRunning(scope, range(1, 3));
    const two = await seedRunning(scope, []);
    await settle(
      scope,
      [
        ...outcomes(await claimAll(scope, two), [sent, refused("blocked"), uncertain]),
        ...outcomes(await claimAll(scope, one), [sent, sent, refused("other")]),
      ],
      NOW,
    );
    expect(await countersOf(scope, one)).toEqual({ total: 3, sent: 2, failed: 1 });
    expect(await countersOf(scope, two)).toEqual({ total: 3, sent: 1, blocked: 1, uncertain: 1 });
  });

  test("concurrent settles lose no count", async () => {
    const one = await seedRunning(scope, range(1, 60));
    const two = await seedRunning(scope, []);
    const [a, b] = [await claimAll(scope, one), await claimAll(scope, two)];
    const batches = range(0, 5).map((part) => [
      ...a.slice(part * 10, part * 10 + 10),
      ...b.slice(part * 10, part * 10 + 10),
    ]);
    await Promise.all(
      batches.map((batch, index) =>
        settle(scope, outcomes(index % 2 === 0 ? batch : batch.toReversed(), sent), NOW),
      ),
    );
    expect(await countersOf(scope, one)).toEqual({ total: 60, sent: 60 });
    expect(await countersOf(scope, two)).toEqual({ total: 60, sent: 60 });
  });
});

const sentPoll = (pollId: string): Outcome => ({ type: "sent", messageIds: [5], pollId });

describe("the polls of deliveries", () => {
  test("are stored with their campaign and version, once, however often they are settled", async () => {
    const [one, two] = [await seedRunning(scope, range(1, 3)), await seedRunning(scope, range(4, 6))];
    const [first, ...rest] = await claimAll(scope, one);
    if (!first) throw new Error("nothing was claimed");
    const batch = [
      { delivery: { ...first, version: "ru" }, outcome: sentPoll("11") },
      ...outcomes(rest, [sentPoll("12"), sent]),
      // Forwards of one poll.
      ...outcomes(await claimAll(scope, two), sentPoll("13")),
    ];
    for (let times = 0; times < 2; times += 1) await settle(scope, batch, NOW);
    const rows = await scope.db.select().from(polls).orderBy(polls.pollId);
    expect(rows.map(({ pollId, campaignId, version }) => [pollId, campaignId, version])).toEqual([
      ["11", one, "ru"],
      ["12", one, null],
      ["13", two, null],
    ]);
    expect(await countersOf(scope, one)).toEqual({ total: 3, sent: 3 });
  });

  test("of a delivery that became uncertain meanwhile are known when the answer arrives late", async () => {
    const id = await seedRunning(scope, [1]);
    const [delivery] = await claimAll(scope, id);
    if (!delivery) throw new Error("nothing was claimed");
    await settle(scope, [{ delivery, outcome: uncertain }], NOW);
    await settle(scope, [{ delivery, outcome: sentPoll("11") }], NOW);
    expect(await scope.db.$count(polls)).toBe(1);
  });
});

describe("settling a batch again, because the database's answer was lost", () => {
  test("changes nothing", async () => {
    const id = await seedRunning(scope, range(1, 9));
    const batch = outcomes(await claimAll(scope, id), [
      sent,
      refused("blocked"),
      refused("unreachable"),
      refused("other"),
      uncertain,
      stumbled,
      deferred(5_000),
      { type: "withheld" },
      { type: "migrated", toChatId: -1009 },
    ]);
    await settle(scope, batch, NOW, { random: half });
    const before = [await deliveriesOf(scope, id), await getCampaign(scope, id), await statusesOf(scope)];
    expect(await settle(scope, batch, NOW, { random: half })).toEqual([]);
    expect([await deliveriesOf(scope, id), await getCampaign(scope, id), await statusesOf(scope)]).toEqual(
      before,
    );
  });

  // `state = 'sending'` does not tell this claim from the next one. Settling is tried again after 500 ms; by then
  // the dispatcher may have claimed and sent anew, and throwing the row back to pending would send it twice.
  test.each<[string, Outcome]>([
    ["withheld", { type: "withheld" }],
    ["deferred", deferred(0)],
    ["stumbled", stumbled],
  ])("leaves alone what was claimed anew after it was %s", async (_, outcome) => {
    const id = await seedRunning(scope, [1]);
    const batch = outcomes(await claimAll(scope, id), outcome);
    await settle(scope, batch, NOW);
    expect(await claimAll(scope, id, later(600_000))).toHaveLength(1);
    await settle(scope, batch, NOW);
    expect(await deliveriesOf(scope, id)).toMatchObject([{ state: "sending" }]);
  });
});

describe("recipients who cannot be reached", () => {
  test("nobody is marked before it is proven that bot and list belong together, and then everyone is", async () => {
    const id = await seedRunning(scope, range(1, 14));
    const batch = await claimAll(scope, id);
    await settle(scope, outcomes(batch.slice(0, 4), refused("unreachable")), NOW);
    // One who was reached proves nothing: the owner is on most lists.
    await settle(scope, outcomes(batch.slice(4, 5), sent), NOW);
    expect(await statusesOf(scope)).toEqual(Array(14).fill("active"));
    await settle(scope, outcomes(batch.slice(5, 9), sent), NOW);
    expect((await statusesOf(scope)).slice(0, 4)).toEqual(Array(4).fill("unreachable"));
    await settle(scope, outcomes(batch.slice(9, 12), sent), NOW);
    await settle(scope, outcomes(batch.slice(12, 13), refused("unreachable")), NOW);
    expect((await statusesOf(scope)).slice(4)).toEqual([...Array(8).fill("active"), "unreachable", "active"]);
  });

  test.each(["blocked", "deactivated"] as const)(
    "a %s recipient proves as much as a delivery",
    async (refusal) => {
      const id = await seedRunning(scope, range(1, 6));
      const [one, ...rest] = await claimAll(scope, id);
      await settle(scope, outcomes([one!], refused("unreachable")), NOW);
      await settle(scope, outcomes(rest, refused(refusal)), NOW);
      expect(await statusesOf(scope)).toEqual(["unreachable", ...Array(5).fill(refusal)]);
    },
  );

  test("an uncertain delivery proves nothing", async () => {
    const id = await seedRunning(scope, [1, 2]);
    await settle(scope, outcomes(await claimAll(scope, id), [refused("unreachable"), uncertain]), NOW);
    expect(await statusesOf(scope)).toEqual(["active", "active"]);
  });

  test("another campaign's success proves nothing here", async () => {
    const one = await seedRunning(scope, [1]);
    const two = await seedRunning(scope, []);
    await settle(scope, outcomes(await claimAll(scope, one), sent), NOW);
    await settle(scope, outcomes(await claimAll(scope, two), refused("unreachable")), NOW);
    expect(await statusesOf(scope)).toEqual(["active"]);
  });

  test("people who changed anything since they failed are not marked by the catch-up", async () => {
    const id = await seedRunning(scope, range(1, 7));
    const batch = await claimAll(scope, id);
    await settle(scope, outcomes(batch.slice(0, 2), refused("unreachable")), NOW);
    await refreshPerson(scope, { id: 1, first_name: "New name", language_code: "en" });
    await settle(scope, outcomes(batch.slice(2), sent), NOW);
    expect((await statusesOf(scope)).slice(0, 2)).toEqual(["active", "unreachable"]);
  });

  test("people who were marked by the catch-up and came back are not marked again by later batches", async () => {
    const id = await seedRunning(scope, range(1, 8));
    const batch = await claimAll(scope, id);
    const mixed = [refused("unreachable"), ...Array.from({ length: 6 }, () => sent)];
    await settle(scope, outcomes(batch.slice(0, 7), mixed), NOW);
    expect((await statusesOf(scope))[0]).toBe("unreachable");
    await setStatus(scope, 1, "active");
    await settle(scope, outcomes(batch.slice(7), sent), NOW);
    expect((await statusesOf(scope))[0]).toBe("active");
  });

  test("people who unblocked the bot since they failed are not marked by the catch-up", async () => {
    const id = await seedRunning(scope, range(1, 7));
    const [one, ...rest] = await claimAll(scope, id);
    await settle(scope, outcomes([one!], refused("unreachable")), NOW);
    await setStatus(scope, 1, "active");
    await settle(scope, outcomes(rest, sent), NOW);
    expect(await statusesOf(scope)).toEqual(Array(7).fill("active"));
  });
});

test("the last of several unanswered sends, although Telegram answers other calls, pauses all running campaigns", async () => {
  const [one, two] = [await seedRunning(scope, range(1, 3)), await seedRunning(scope, range(4, 6))];
  const [delivery] = await claimAll(scope, one);
  const paused = await settle(scope, [{ delivery: delivery!, outcome: uncertain, hopeless: true }], NOW);
  expect(paused).toMatchObject(
    [one, two].map((id) => ({ id, state: "paused", pauseReason: "errors", pauseDetail: "socket hang up" })),
  );
});

describe("equal failures at the start", () => {
  test.each(["unreachable", "other"] as const)(
    `${FAILURES_ALIKE} %s pause the campaign, name what Telegram said, and mark nobody`,
    async (refusal) => {
      const id = await seedRunning(scope, range(1, 30));
      const batch = await claimAll(scope, id);
      const said = "Bad Request: chat not found";
      const one = outcomes(batch.slice(0, FAILURES_ALIKE - 1), refused(refusal, said));
      expect(await settle(scope, one, NOW)).toEqual([]);
      expect((await getCampaign(scope, id)).state).toBe("running");
      const two = outcomes(batch.slice(FAILURES_ALIKE - 1, FAILURES_ALIKE), refused(refusal, said));
      expect(await settle(scope, two, NOW)).toMatchObject([{ id, state: "paused" }]);
      expect(await getCampaign(scope, id)).toMatchObject({
        state: "paused",
        pauseReason: "errors",
        pauseDetail: said,
      });
      expect(new Set(await statusesOf(scope))).toEqual(new Set(["active"]));
    },
  );

  test("many people who do not accept voice messages are not a fault of the post: no pause, whatever their share", async () => {
    const id = await seedRunning(scope, range(1, 600));
    const said = "Bad Request: user restricted receiving of voice note messages";
    expect(await settle(scope, outcomes(await claimAll(scope, id), refused("personal", said)), NOW)).toEqual(
      [],
    );
    expect(await getCampaign(scope, id)).toMatchObject({ state: "running", failed: 600 });
    expect(new Set(await statusesOf(scope))).toEqual(new Set(["active"]));
  });

  test("but 20 others who fail in addition to a few of them pause it", async () => {
    const id = await seedRunning(scope, range(1, 60));
    const batch = await claimAll(scope, id);
    const mixed = batch.map((_, index) => refused(index === 0 ? "personal" : "unreachable"));
    expect(await settle(scope, outcomes(batch, mixed), NOW)).toMatchObject([{ id, pauseReason: "errors" }]);
  });

  test.each<[string, Outcome]>([
    ["sent", sent],
    ["blocked", refused("blocked")],
    ["deactivated", refused("deactivated")],
  ])(
    "more than one in twenty that were %s show that the fault is the recipients': no pause",
    async (_, proof) => {
      const id = await seedRunning(scope, range(1, 60));
      const batch = await claimAll(scope, id);
      await settle(scope, outcomes(batch.slice(0, 4), proof), NOW);
      expect(await settle(scope, outcomes(batch.slice(4), refused("other")), NOW)).toEqual([]);
      expect((await getCampaign(scope, id)).state).toBe("running");
    },
  );

  test("reaching the owner, who is on most lists, does not prevent the pause", async () => {
    const id = await seedRunning(scope, range(1, 60));
    const [owner, ...rest] = await claimAll(scope, id);
    await settle(scope, outcomes([owner!], sent), NOW);
    const said = "Bad Request: chat not found";
    expect(await settle(scope, outcomes(rest.slice(0, 20), refused("unreachable", said)), NOW)).toMatchObject(
      [{ id, state: "paused", pauseReason: "errors", pauseDetail: said }],
    );
    expect(new Set(await statusesOf(scope))).toEqual(new Set(["active"]));
  });

  test("the proof may come in the same batch", async () => {
    const id = await seedRunning(scope, range(1, 40));
    const batch = await claimAll(scope, id);
    const mixed = batch.map((_, index) => (index >= 19 ? sent : refused("unreachable")));
    expect(await settle(scope, outcomes(batch, mixed), NOW)).toEqual([]);
    expect((await statusesOf(scope)).filter((status) => status === "unreachable")).toHaveLength(19);
  });

  test("once an admin has resumed, they no longer pause it", async () => {
    const id = await seedRunning(scope, range(1, 60));
    const batch = (await claim(scope, id, 25, NOW)).batch;
    await settle(scope, outcomes(batch, refused("unreachable")), NOW);
    await resume(scope, ADMIN, id);
    expect(await countersOf(scope, id)).toEqual({ total: 60 });
    expect(await settle(scope, outcomes(await claimAll(scope, id), refused("unreachable")), NOW)).toEqual([]);
    expect(await countersOf(scope, id)).toEqual({ total: 60, unreachable: 60 });
    expect(new Set(await statusesOf(scope))).toEqual(new Set(["active"]));
  });

  // There is no refusal of Telegram's to quote.
  test("if they failed because Telegram could not be reached, the pause says so", async () => {
    const id = await seedRunning(scope, range(1, FAILURES_ALIKE));
    const batch = (await claimAll(scope, id)).map((delivery) => ({ ...delivery, attempts: 100 }));
    await settle(scope, outcomes(batch, stumbled), NOW);
    expect(await getCampaign(scope, id)).toMatchObject({ pauseReason: "errors", pauseDetail: "Bad Gateway" });
  });
});

/** A campaign of whose 700 people 500 were reached; the others are claimed. */
async function afterFiveHundred() {
  const id = await seedRunning(scope, range(1, 700));
  await settle(scope, outcomes((await claim(scope, id, 500, NOW)).batch, sent), NOW);
  return { id, rest: await claimAll(scope, id) };
}

describe("more than one in five of the last 500", () => {
  const unheardOf = refused("other", "Bad Request: SOMETHING_NEW");

  test("failing for reasons that are not their own pause the campaign, with the last error as its reason", async () => {
    const { id, rest } = await afterFiveHundred();
    expect(await settle(scope, outcomes(rest.slice(0, 100), unheardOf), NOW)).toEqual([]);
    expect(await settle(scope, outcomes(rest.slice(100, 101), unheardOf), NOW)).toMatchObject([
      { id, state: "paused", pauseReason: "errors", pauseDetail: "Bad Request: SOMETHING_NEW" },
    ]);
  });

  test("uncertain deliveries count, too; those interrupted by a crash do not", async () => {
    const id = await seedRunning(scope, range(1, 400));
    const { batch } = await claim(scope, id, 250, NOW);
    await settle(scope, outcomes(batch.slice(0, 90), sent), NOW);
    expect(await rescue(scope, [])).toMatchObject([{ campaignId: id, count: 160 }]);
    const rest = await claimAll(scope, id);
    await settle(scope, outcomes(rest.slice(0, 100), uncertain), NOW);
    expect((await getCampaign(scope, id)).state).toBe("running");
    await settle(scope, outcomes(rest.slice(100, 101), uncertain), NOW);
    expect(await getCampaign(scope, id)).toMatchObject({
      pauseReason: "errors",
      pauseDetail: "socket hang up",
    });
  });

  test("at a high rate one outage leaves more than that and does not pause; further failures do", async () => {
    const { rest } = await afterFiveHundred();
    const one = await settle(scope, outcomes(rest.slice(0, 150), uncertain), NOW, { ofAnOutage: 150 });
    expect(one).toEqual([]);
    const two = await settle(scope, outcomes(rest.slice(150, 151), uncertain), NOW, { ofAnOutage: 150 });
    expect(two).toMatchObject([{ pauseReason: "errors", pauseDetail: "socket hang up" }]);
  });

  test.each(["blocked", "deactivated", "unreachable", "personal"] as const)(
    "that are %s pause nothing, because the fault is the recipients' own",
    async (refusal) => {
      const { id, rest } = await afterFiveHundred();
      expect(await settle(scope, outcomes(rest, refused(refusal)), NOW)).toEqual([]);
      expect((await getCampaign(scope, id)).state).toBe("running");
    },
  );

  test("those before the last 500 no longer count", async () => {
    const id = await seedRunning(scope, range(1, 700));
    const bad = (await claim(scope, id, 100, NOW)).batch;
    await settle(scope, outcomes((await claim(scope, id, 10, NOW)).batch, sent), NOW);
    await settle(scope, outcomes(bad, unheardOf), NOW);
    await settle(scope, outcomes((await claim(scope, id, 500, NOW)).batch, sent), NOW);
    expect(await settle(scope, outcomes((await claimAll(scope, id)).slice(0, 60), unheardOf), NOW)).toEqual(
      [],
    );
    expect((await getCampaign(scope, id)).state).toBe("running");
  });

  test("once an admin has resumed, they no longer pause it", async () => {
    const id = await seedRunning(scope, range(1, 600), { errorsWaived: true });
    await settle(scope, outcomes((await claim(scope, id, 300, NOW)).batch, sent), NOW);
    expect(await settle(scope, outcomes(await claimAll(scope, id), unheardOf), NOW)).toEqual([]);
  });
});

describe("an answer that arrives after another process took over", () => {
  test("turns uncertain into sent, and changes the counters with it", async () => {
    const id = await seedRunning(scope, range(1, 10));
    const batch = await claimAll(scope, id);
    await rescue(scope, []);
    expect(await countersOf(scope, id)).toEqual({ total: 10, uncertain: 10 });
    await settle(scope, outcomes(batch.slice(0, 4), sent), NOW);
    expect(await countersOf(scope, id)).toEqual({ total: 10, sent: 4, uncertain: 6 });
    await expectConsistent(id);
    await settle(scope, outcomes(batch.slice(0, 4), sent), NOW);
    expect(await countersOf(scope, id)).toEqual({ total: 10, sent: 4, uncertain: 6 });
  });

  test("does not affect a delivery that was claimed again meanwhile", async () => {
    const id = await seedRunning(scope, [1]);
    const batch = await claimAll(scope, id);
    await rescue(scope, []);
    await scope.db.update(deliveries).set({ state: "pending" }).where(eq(deliveries.campaignId, id));
    await claimAll(scope, id);
    await rescue(scope, []);
    await settle(scope, outcomes(batch, sent), NOW);
    expect(await deliveriesOf(scope, id)).toMatchObject([{ state: "uncertain", messageId: null }]);
  });
});

describe("refusals that are not the recipient's fault", () => {
  test("a refused post pauses its campaign and marks nobody", async () => {
    const id = await seedRunning(scope, range(1, 5));
    const other = await seedRunning(scope, []);
    const batch = await claimAll(scope, id);
    const said = "Bad Request: message text is empty";
    const paused = await settle(scope, outcomes(batch, refused("content", said)), NOW);
    expect(paused).toMatchObject([{ id, state: "paused", pauseReason: "content", pauseDetail: said }]);
    expect((await getCampaign(scope, other)).state).toBe("running");
    expect(await countersOf(scope, id)).toEqual({ total: 5 });
    expect(new Set(await statusesOf(scope))).toEqual(new Set(["active"]));
    await resume(scope, ADMIN, id);
    expect(await claimAll(scope, id)).toHaveLength(5);
  });

  test("a post that others have is refused again for one person after Resume: they fail, and the campaign continues", async () => {
    const id = await seedRunning(scope, [1, 2, 3]);
    const [one, two, three] = await claimAll(scope, id);
    await settle(scope, outcomes([one!], sent), NOW);
    expect(await settle(scope, outcomes([two!], refused("content")), NOW)).toHaveLength(1);
    await settle(scope, outcomes([three!], { type: "withheld" }), NOW);
    await resume(scope, ADMIN, id);
    const again = await claimAll(scope, id);
    expect(await settle(scope, outcomes(again, [refused("content"), sent]), NOW)).toEqual([]);
    expect(await countersOf(scope, id)).toEqual({ total: 3, sent: 2, failed: 1 });
  });

  test("a refused token pauses every running campaign of the bot, and each is reported once", async () => {
    const ids = [];
    for (let made = 0; made < 3; made++) ids.push(await seedRunning(scope, made === 0 ? [1, 2, 3] : []));
    const other = homeScope(scope.db, scope.botId + 1);
    const others = await seedRunning(other, [1]);
    await pause(scope, ADMIN, ids[2]!);
    const batch = await claimAll(scope, ids[0]!);
    const paused = await settle(scope, outcomes(batch, refused("unauthorized", "Unauthorized")), NOW);
    expect(paused.map(({ id, pauseReason }) => [id, pauseReason])).toEqual([
      [ids[0], "unauthorized"],
      [ids[1], "unauthorized"],
    ]);
    expect((await getCampaign(scope, ids[2]!)).pauseReason).toBe("admin");
    expect((await getCampaign(other, others)).state).toBe("running");
    expect(await countersOf(scope, ids[0]!)).toEqual({ total: 3 });
  });
});

/** Stumbles until it is given up: the waits between the attempts, in ms, and what is left of it. */
async function stumbling(random: () => number): Promise<{ id: number; waits: number[]; end: Delivery }> {
  const id = await seedRunning(scope, [1]);
  const waits: number[] = [];
  for (let now = NOW; ;) {
    await settle(scope, outcomes(await claimAll(scope, id, now), stumbled), now, { random });
    const [row] = await deliveriesOf(scope, id);
    if (!row?.notBefore) return { id, waits, end: row! };
    expect(await claimAll(scope, id, new Date(row.notBefore.getTime() - 1))).toEqual([]);
    waits.push(row.notBefore.getTime() - now.getTime());
    now = row.notBefore;
  }
}

describe("trying again", () => {
  test("the waits double from 2 s, never exceed 5 min, and end with `unavailable`", async () => {
    const { id, waits: longest, end } = await stumbling(() => 1);
    expect(longest.length).toBeGreaterThanOrEqual(5);
    expect(longest.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(longest).toEqual(longest.map((_, index) => Math.min(2_000 * 2 ** index, 300_000)));
    expect(end).toMatchObject({
      state: "failed",
      reason: "unavailable",
      description: "Bad Gateway",
      attempts: longest.length + 1,
    });
    expect(await countersOf(scope, id)).toEqual({ total: 1, failed: 1 });
    expect(await statusesOf(scope)).toEqual(["active"]);
  });

  test("the random part takes off at most half", async () => {
    const { waits: shortest } = await stumbling(() => 0);
    expect(shortest).toEqual(shortest.map((_, index) => Math.min(1_000 * 2 ** index, 150_000)));
  });

  test("it is given up after about ten minutes, not before", async () => {
    const { waits } = await stumbling(half);
    const minutes = waits.reduce((sum, ms) => sum + ms, 0) / 60_000;
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThan(16);
  });

  test("waiting as Telegram asks, or being withheld, never counts as an attempt", async () => {
    const id = await seedRunning(scope, [1]);
    const waits: Outcome[] = [deferred(1_000), { type: "withheld" }, { type: "unpaid" }];
    for (let round = 0; round < 12; round++)
      await settle(scope, outcomes(await claimAll(scope, id), waits[round % waits.length]!), NOW);
    expect(await deliveriesOf(scope, id)).toMatchObject([{ state: "pending", attempts: 0 }]);
  });

  test("a chat that has to wait alone is tried again after its wait, and the bot does not pause", async () => {
    const id = await seedRunning(scope, [1, 2]);
    const postponed: Outcome = { type: "postponed", waitMs: 40_000, description: "Too Many Requests" };
    await settle(scope, outcomes(await claimAll(scope, id), [postponed, sent]), NOW);
    expect(await loadPausedUntil(scope)).toBeNull();
    expect(await claimAll(scope, id, later(39_999))).toEqual([]);
    expect(await claimAll(scope, id, later(40_000))).toMatchObject([{ chatId: 1, attempts: 0 }]);
  });

  test("the longest pause that Telegram asks for is stored, and a shorter one does not end it", async () => {
    const id = await seedRunning(scope, [1, 2, 3]);
    await settle(
      scope,
      outcomes(await claimAll(scope, id), [deferred(5_000), deferred(60_000), deferred(1_000)]),
      NOW,
    );
    expect(await loadPausedUntil(scope)).toEqual(later(60_000));
    await settle(scope, outcomes(await claimAll(scope, id), deferred(3_000)), NOW);
    expect(await loadPausedUntil(scope)).toEqual(later(60_000));
    await settle(scope, outcomes(await claimAll(scope, id), deferred(3_000)), later(90_000));
    expect(await loadPausedUntil(scope)).toEqual(later(93_000));
  });
});

describe("characters that PostgreSQL's JSON and text do not accept", () => {
  // Settling is tried for ever, so one such description would stop all sending.
  const odd: [string, string, string][] = [
    ["NUL", "a\u0000b", "a b"],
    ["a backslash, u and four noughts, spelled out", "a\\u0000b", "a\\u0000b"],
    ["half an emoji", "a\ud83d b", "a\ufffd b"],
  ];
  test.each(odd)("%s in a refusal of one delivery", async (_, description, stored) => {
    const id = await seedRunning(scope, [1]);
    await settle(scope, outcomes(await claimAll(scope, id), refused("other", description)), NOW);
    expect((await deliveriesOf(scope, id))[0]?.description).toBe(stored);
  });

  test.each(odd)("%s in a refusal that pauses", async (_, description, stored) => {
    const id = await seedRunning(scope, [1]);
    await settle(scope, outcomes(await claimAll(scope, id), refused("content", description)), NOW);
    expect((await getCampaign(scope, id)).pauseDetail).toBe(stored);
  });
});

test("a deleted delivery does no harm", async () => {
  const id = await seedRunning(scope, [1, 2]);
  const batch = await claimAll(scope, id);
  await scope.db.delete(deliveries).where(eq(deliveries.seq, 1));
  await settle(scope, outcomes(batch, sent), NOW);
  expect(await countersOf(scope, id)).toEqual({ total: 2, sent: 1 });
});
