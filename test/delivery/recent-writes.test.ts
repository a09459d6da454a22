import { beforeEach, expect, test } from "vitest";
import { type RecentWrites, createRecentWrites } from "../../src/delivery/recovery/recent-writes.ts";
import type { Settlement } from "../../src/delivery/shared/settlement.ts";
import { type ManualClock, manualClock } from "../support/clock.ts";

let clock: ManualClock;
let writes: RecentWrites;

beforeEach(() => {
  clock = manualClock();
  writes = createRecentWrites(clock);
});

function settlement(
  chatId: number,
  more: Partial<Settlement["delivery"]>,
  outcome: Settlement["outcome"],
): Settlement {
  const delivery = {
    campaignId: 7,
    seq: chatId,
    chatId,
    threadId: null,
    attempts: 0,
    claims: 1,
    callsDone: 0,
  };
  return {
    delivery: { ...delivery, messageIds: [], version: null, contentRevision: 3, person: null, ...more },
    outcome,
  };
}

test("what was settled is remembered as it was, but for the person", () => {
  const person = { language: "en", firstName: "Ann", lastName: null, username: null };
  const settled = [
    settlement(1, {}, { type: "sent", messageIds: [11] }),
    settlement(2, { version: "ru", messageIds: [21], callsDone: 1 }, { type: "sent", messageIds: [22, 23] }),
    settlement(-3, { threadId: 5 }, { type: "sent", messageIds: [31], pollId: "99" }),
    settlement(4, { contentRevision: null }, { type: "sent", messageIds: [41], asked: 2 }),
    settlement(5, {}, { type: "deferred", waitMs: 1_000, description: "wait", until: new Date(0) }),
    settlement(6, { attempts: 2 }, { type: "refused", class: "blocked", description: "blocked" }),
  ];
  writes.settled([...settled, settlement(7, { person }, { type: "withheld" })]);
  expect([...writes.recall().keys()]).toEqual([...settled, settlement(7, {}, { type: "withheld" })]);
});

test("a minute after the last write, what the database confirms is forgotten", async () => {
  writes.settled([settlement(1, {}, { type: "sent", messageIds: [11] })]);
  await clock.advance(50_000);
  writes.settled([settlement(2, {}, { type: "sent", messageIds: [21] })]);
  await clock.advance(50_000);
  expect(writes.isUnconfirmed).toBe(false);
  writes.confirmed();
  expect(writes.recall().size).toBe(1);
  await clock.advance(11_000);
  expect(writes.isUnconfirmed).toBe(true);
  writes.confirmed();
  expect(writes.recall().size).toBe(0);
  expect(writes.isUnconfirmed).toBe(false);
});
