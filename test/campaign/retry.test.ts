import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setOptedOut, setStatus } from "../../src/audience/recipients.ts";
import { pauseBecause } from "../../src/campaign/engine-moves.ts";
import { resume } from "../../src/campaign/actions/resume.ts";
import { retry } from "../../src/campaign/actions/retry.ts";
import { countRetryable, getCampaign, getWithDetails } from "../../src/campaign/queries.ts";
import { secondsTaken } from "../../src/campaign/progress.ts";
import type { Scope } from "../../src/db/scope.ts";
import { audit, campaigns, deliveries } from "../../src/db/schema.ts";
import type { DeliveryState } from "../../src/db/states.ts";
import { settle } from "../../src/delivery/settle/settle.ts";
import { freshScope } from "../support/database.ts";
import {
  ADMIN,
  ADMIN_ID,
  NOW,
  claimAll,
  countersOf,
  deliveriesOf,
  emptied,
  seedCampaign,
  seedPeople,
} from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

type Row = [chatId: number, state: DeliveryState, reason?: string];

/** A campaign with these deliveries, its counters taken from them. Their people are seeded, all active. */
async function campaignWith(state: "finished" | "running", rows: Row[]): Promise<number> {
  await seedPeople(
    scope,
    rows.map(([chatId]) => chatId),
  );
  const classes = ["blocked", "deactivated", "unreachable"];
  const counters: Record<string, number> = {};
  for (const [, state, reason] of rows) {
    if (state === "pending") continue;
    const counter = state === "failed" && classes.includes(reason ?? "") ? reason! : state;
    counters[counter] = (counters[counter] ?? 0) + 1;
  }
  const { id } = await seedCampaign(scope, {
    state,
    startedAt: NOW,
    frozenAt: NOW,
    finishedAt: state === "finished" ? NOW : null,
    total: rows.length,
    ...counters,
  });
  await scope.db.insert(deliveries).values(
    rows.map(([chatId, state, reason], index) => ({
      botId: scope.botId,
      campaignId: id,
      seq: index + 1,
      chatId,
      state,
      attempts: 3,
      reason: reason ?? null,
      description: reason ? `Refused: ${reason}` : null,
      settledAt: NOW,
    })),
  );
  return id;
}

const statesOf = async (id: number) => (await deliveriesOf(scope, id)).map(({ state }) => state);

describe("retry failed", () => {
  test("keeps the day on which it started, and counts the time in between as no sending", async () => {
    const id = await campaignWith("finished", [[1, "failed", "other"]]);
    const startedAt = new Date(Date.now() - 3 * 86_400_000);
    const finishedAt = new Date(startedAt.getTime() + 120_000);
    await scope.db.update(campaigns).set({ startedAt, finishedAt });
    const retried = await retry(scope, ADMIN, id, "failed");
    expect(retried.startedAt).toEqual(startedAt);
    const end = new Date(Date.now() + 60_000);
    expect(Math.abs(secondsTaken({ ...retried, finishedAt: end }) - 180)).toBeLessThan(30);
  });

  test("sends again only to those who can be reached now, as if for the first time", async () => {
    const id = await campaignWith("finished", [
      [1, "sent"],
      [2, "failed", "blocked"],
      [3, "failed", "blocked"], // unblocked since
      [4, "failed", "other"],
      [5, "failed", "unavailable"], // opted out since
      [6, "failed", "unreachable"],
      [7, "uncertain", "uncertain"],
      [8, "skipped", "opted-out"],
    ]);
    await setStatus(scope, 2, "blocked");
    await setOptedOut(scope, 5, true);
    await setStatus(scope, 6, "unreachable");

    expect(await countRetryable(scope, id)).toBe(2);
    const campaign = await retry(scope, ADMIN, id, "failed");
    expect(campaign).toMatchObject({ state: "running", finishedAt: null });
    expect(await countersOf(scope, id)).toEqual({
      total: 8,
      sent: 1,
      blocked: 1,
      failed: 1,
      unreachable: 1,
      uncertain: 1,
      skipped: 1,
    });
    expect((await deliveriesOf(scope, id))[3]).toMatchObject({
      state: "pending",
      attempts: 0,
      reason: null,
      description: null,
      settledAt: null,
    });
    expect((await claimAll(scope, id)).map(({ chatId }) => chatId)).toEqual([3, 4]);
    expect(await countRetryable(scope, id)).toBe(0);
    expect(await scope.db.select().from(audit)).toMatchObject([
      { action: "campaign.retried", actorId: ADMIN_ID, subject: id },
    ]);
  });

  test("is refused when nobody can be reached, and nothing changes", async () => {
    const id = await campaignWith("finished", [
      [1, "failed", "blocked"],
      [2, "uncertain", "uncertain"],
    ]);
    await setStatus(scope, 1, "blocked");
    const before = await getCampaign(scope, id);
    await expect(retry(scope, ADMIN, id, "failed")).rejects.toMatchObject({
      code: "nobody",
      details: { id },
    });
    expect(await getCampaign(scope, id)).toEqual(before);
    expect(await statesOf(id)).toEqual(["failed", "uncertain"]);
    expect(await scope.db.select().from(audit)).toEqual([]);
  });
});

test.each(["failed", "uncertain"] as const)(
  "retry %s is refused once the deliveries are dropped, and nothing changes",
  async (which) => {
    const id = await campaignWith("finished", [
      [1, "failed", "other"],
      [2, "uncertain", "uncertain"],
    ]);
    const detailsDroppedAt = new Date(NOW.getTime() + 90 * 86_400_000);
    await scope.db.update(campaigns).set({ detailsDroppedAt });
    const before = await getCampaign(scope, id);
    await expect(retry(scope, ADMIN, id, which)).rejects.toMatchObject({
      code: "details-gone",
      details: { id, days: 90 },
    });
    await expect(getWithDetails(scope, id)).rejects.toMatchObject({ code: "details-gone" });
    expect(await getCampaign(scope, id)).toEqual(before);
    expect(await statesOf(id)).toEqual(["failed", "uncertain"]);
  },
);

describe("retry uncertain", () => {
  test("sends again to those of whom it is not known, to nobody else", async () => {
    const id = await campaignWith("finished", [
      [1, "sent"],
      [2, "uncertain", "uncertain"],
      [3, "uncertain", "uncertain"],
      [4, "failed", "other"],
    ]);
    await setStatus(scope, 3, "blocked");
    await retry(scope, ADMIN, id, "uncertain");
    expect(await statesOf(id)).toEqual(["sent", "pending", "uncertain", "failed"]);
    expect(await countersOf(scope, id)).toEqual({ total: 4, sent: 1, uncertain: 1, failed: 1 });
  });
});

describe("resuming", () => {
  const rows: Row[] = [
    [1, "failed", "unreachable"],
    [2, "failed", "other"],
    [3, "failed", "personal"],
    [4, "failed", "blocked"],
    [5, "failed", "deactivated"],
    [6, "uncertain", "uncertain"],
    [7, "pending"],
  ];

  test("after errors: those who failed are tried again, lost ones and uncertain ones are not", async () => {
    const id = await campaignWith("running", rows);
    await pauseBecause(scope, id, "errors", "chat not found");
    const campaign = await resume(scope, ADMIN, id);
    expect(campaign).toMatchObject({ state: "running", errorsWaived: true, unreachable: 0, failed: 0 });
    expect(await statesOf(id)).toEqual([
      "pending",
      "pending",
      "pending",
      "failed",
      "failed",
      "uncertain",
      "pending",
    ]);
    expect(await countersOf(scope, id)).toEqual({ total: 7, blocked: 1, deactivated: 1, uncertain: 1 });
  });

  test.each(["admin", "content", "incomplete", "unauthorized"] as const)(
    "after a pause for %s nobody is tried again",
    async (reason) => {
      const id = await campaignWith("running", rows);
      const [before, counted] = [await statesOf(id), await countersOf(scope, id)];
      await pauseBecause(scope, id, reason, "");
      expect((await resume(scope, ADMIN, id)).errorsWaived).toBe(false);
      expect([await statesOf(id), await countersOf(scope, id)]).toEqual([before, counted]);
    },
  );

  test("beside a settle of what was in flight loses no count", async () => {
    const many = Array.from({ length: 40 }, (_, index): Row => [index + 1, "failed", "other"]);
    const pending = Array.from({ length: 40 }, (_, index): Row => [index + 101, "pending"]);
    const id = await campaignWith("running", [...many, ...pending]);
    const batch = await claimAll(scope, id);
    await pauseBecause(scope, id, "errors", "");
    const settles = [0, 10, 20, 30].map((from) =>
      settle(
        scope,
        batch
          .slice(from, from + 10)
          .map((delivery) => ({ delivery, outcome: { type: "sent" as const, messageIds: [1] } })),
        NOW,
      ),
    );
    await Promise.all([...settles, resume(scope, ADMIN, id)]);
    expect(await countersOf(scope, id)).toEqual({ total: 80, sent: 40 });
  });
});
