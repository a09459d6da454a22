import { and, asc, eq, isNotNull } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { addCodesTo } from "../../src/campaign/actions/change-codes.ts";
import {
  beginStepChange,
  putStep,
  removeStep,
  retimeStep,
} from "../../src/campaign/actions/change-newcomers.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { findingsOf } from "../../src/campaign/findings.ts";
import { holdRestored } from "../../src/campaign/hold-restored.ts";
import { type LiveStep, listSteps } from "../../src/campaign/live-steps.ts";
import { listToReturn, returnCodes } from "../../src/campaign/return-codes.ts";
import { codes, deliveries } from "../../src/db/schema.ts";
import type { Scope } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { DAY, HOUR, at, hours, newcomersOf, seeded } from "../support/newcomers.ts";
import { ADMIN, NOW, emptied, range } from "../support/seed.ts";

/* Steps of the series for newcomers whose post says {code}. */

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const { adds, drafted, feeder, sends, join, got } = newcomersOf(() => scope);
const TEXT = "Your code: {code}";

/** A step with so many codes. */
async function addsWithCodes(count: number, after = hours(1)): Promise<LiveStep> {
  const draft = await drafted({ after }, TEXT);
  await addCodesTo(scope, ADMIN, draft.id, { pattern: "NEW-######", count });
  return putStep(scope, ADMIN, { id: draft.id, revision: draft.revision + 1 }, NOW);
}

/** Who has which code. */
async function given(): Promise<Map<number, string>> {
  const rows = await scope.db
    .select({ userId: codes.userId, code: codes.code })
    .from(codes)
    .where(and(eq(codes.homeId, scope.homeId), isNotNull(codes.userId)))
    .orderBy(asc(codes.place));
  // A person with two codes would be missed by a map.
  expect(new Set(rows.map(({ userId }) => userId)).size).toBe(rows.length);
  return new Map(rows.map(({ userId, code }) => [userId ?? 0, code]));
}

const stepNow = async (id: number) => (await listSteps(scope)).find((one) => one.id === id);

test("each newcomer gets a code when they are added; a step without codes is refused", async () => {
  const bare = await drafted({ after: hours(1) }, TEXT);
  await expect(putStep(scope, ADMIN, bare, NOW)).rejects.toMatchObject({ code: "unsendable" });
  expect((await findingsOf(scope, bare))[0]).toMatchObject({ level: "error", type: "no-codes" });
  const step = await addsWithCodes(3);
  await join([2, 1].map((chatId) => ({ chatId, joinedAt: at(HOUR + 10 - chatId) })));
  await join([{ chatId: 3, joinedAt: at(20 * HOUR) }]);
  await feeder().feed(at(3 * HOUR));
  expect(await got(step.id)).toEqual([2, 1]);
  expect([...(await given()).keys()]).toEqual([2, 1]);
});

test("too few codes: the first get theirs, the step pauses with the number, and days later the others get it", async () => {
  const step = await addsWithCodes(5);
  const later = await adds({ after: hours(2) }, NOW);
  await join(range(1, 12).map((chatId) => ({ chatId, joinedAt: at(chatId) })));
  const { feed, paused } = feeder();
  await feed(at(90 * 60_000));
  expect(await got(step.id)).toEqual(range(1, 5));
  // Those who have a code are sent to first.
  expect(await stepNow(step.id)).toMatchObject({ state: "running" });
  await sends(at(90 * 60_000));
  await feed(at(91 * 60_000));
  expect(await stepNow(step.id)).toMatchObject({ state: "paused", pauseReason: "codes", pauseDetail: "7" });
  expect(paused).toEqual([step.id]);
  // Another plan loses nobody either.
  await retimeStep(scope, ADMIN, step.id, { after: hours(1) });

  // Nobody overtakes: the later step goes only to those who have the first one.
  await join([{ chatId: 13, joinedAt: at(70 * HOUR) }]);
  await feed(at(3 * HOUR));
  expect(await got(later.id)).toEqual(range(1, 5));
  await sends(at(3 * HOUR));
  // Resumed without new codes, it pauses again.
  await resume(scope, ADMIN, step.id);
  await sends(at(71 * HOUR));
  await feed(at(72 * HOUR));
  expect(await stepNow(step.id)).toMatchObject({ state: "paused", pauseReason: "codes", pauseDetail: "8" });
  await addCodesTo(scope, ADMIN, step.id, { pattern: "MORE-######", count: 20 });
  await resume(scope, ADMIN, step.id);
  await sends(at(72 * HOUR));
  await feed(at(73 * HOUR));
  expect(await got(step.id)).toEqual(range(1, 13));
  expect([...(await given()).keys()]).toEqual(range(1, 13));
  await sends(at(73 * HOUR));
  // From now on, a day late is too late again.
  await join([{ chatId: 14, joinedAt: at(74 * HOUR) }]);
  await feed(at(74 * HOUR + 5 * DAY));
  expect(await got(step.id)).toEqual(range(1, 13));
  expect((await stepNow(step.id))?.step).not.toHaveProperty("lacksCodesSince");
});

test("a new post that says {code} gives those who wait a code, or is refused", async () => {
  const step = await adds({ after: hours(1) }, NOW);
  await join(range(1, 3).map((chatId) => ({ chatId, joinedAt: at(chatId) })));
  await feeder().feed(at(2 * HOUR));
  await pause(scope, ADMIN, step.id);
  const change = await beginStepChange(scope, ADMIN, step, "change");
  await addCodesTo(scope, ADMIN, change.id, ["A", "B"]);
  const draft = await editDraft(
    scope,
    ADMIN,
    { id: change.id, revision: change.revision + 1 },
    { content: { kind: "text", text: TEXT, buttons: [] } },
  );
  await expect(putStep(scope, ADMIN, draft, at(2 * HOUR))).rejects.toMatchObject({
    code: "codes-lacking",
    details: { lacking: 1 },
  });
  expect((await given()).size).toBe(0);
  await addCodesTo(scope, ADMIN, draft.id, ["C"]);
  await putStep(scope, ADMIN, draft, at(2 * HOUR));
  expect([...(await given())]).toEqual([
    [1, "A"],
    [2, "B"],
    [3, "C"],
  ]);
});

test("a removed step gives back the codes of those it did not reach; a restore passes over who waits", async () => {
  const step = await addsWithCodes(2);
  await join(range(1, 4).map((chatId) => ({ chatId, joinedAt: at(chatId) })));
  const { feed } = feeder();
  await feed(at(2 * HOUR));
  expect((await given()).size).toBe(2);
  await holdRestored(scope.db, at(2 * HOUR));
  expect((await stepNow(step.id))?.step).not.toHaveProperty("lacksCodesSince");
  await removeStep(scope, ADMIN, step.id, at(3 * HOUR));
  for (const campaign of await listToReturn(scope, at(DAY))) await returnCodes(scope, campaign);
  expect((await given()).size).toBe(0);
});

test("newcomers of days, two processes at once, shortages and edits: nobody without a code, none twice, nobody lost", async () => {
  const random = seeded(11);
  const PEOPLE = 600;
  const step = await addsWithCodes(80, hours(1));
  await join(range(1, PEOPLE).map((chatId) => ({ chatId, joinedAt: at(Math.floor(random() * 4 * DAY)) })));
  let [one, other] = [feeder(50), feeder(50)];
  let shortages = 0;
  for (let ms = 0; ms < 9 * DAY; ms += 3 * HOUR) {
    const now = at(ms);
    if (random() < 0.1) one = feeder(50);
    if (random() < 0.1) other = feeder(50);
    if (random() < 0.4) await Promise.allSettled([one.feed(now), other.feed(now)]);
    else await one.feed(now);
    if (random() < 0.8) await sends(now);
    const { state, pauseReason } = (await stepNow(step.id)) ?? step;
    if (state === "paused" && pauseReason === "codes" && random() < 0.1) {
      shortages += 1;
      await addCodesTo(scope, ADMIN, step.id, {
        pattern: "NEW-######",
        count: 60 + Math.floor(random() * 80),
      });
      await resume(scope, ADMIN, step.id);
    }
  }
  for (let ms = 9 * DAY; (await stepNow(step.id))?.state === "paused"; ms += HOUR) {
    await addCodesTo(scope, ADMIN, step.id, { pattern: "NEW-######", count: PEOPLE });
    await resume(scope, ADMIN, step.id);
    await one.feed(at(ms));
    await sends(at(ms));
  }
  expect(shortages).toBeGreaterThan(1);
  expect((await got(step.id)).toSorted((a, b) => a - b)).toEqual(range(1, PEOPLE));
  const have = await given();
  expect([...have.keys()].toSorted((a, b) => a - b)).toEqual(range(1, PEOPLE));
  expect(new Set(have.values()).size).toBe(PEOPLE);
  const states = await scope.db.selectDistinct({ state: deliveries.state }).from(deliveries);
  expect(states).toEqual([{ state: "sent" }]);
});
