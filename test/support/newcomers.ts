import { and, asc, eq } from "drizzle-orm";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { putStep } from "../../src/campaign/actions/change-newcomers.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { finish } from "../../src/campaign/engine-moves.ts";
import { type LiveStep, listSteps } from "../../src/campaign/live-steps.ts";
import { type After, type Step, storedStep } from "../../src/campaign/step-plan.ts";
import { campaigns, deliveries, recipients } from "../../src/db/schema.ts";
import type { Scope } from "../../src/db/scope.ts";
import { createNewcomers } from "../../src/delivery/upkeep/newcomers.ts";
import { createLog } from "../../src/log.ts";
import { within } from "./broadcast.ts";
import { manualClock } from "./clock.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { ADMIN, NOW } from "./seed.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const ZONE = "Europe/Berlin";
export const at = (ms: number) => new Date(NOW.getTime() + ms);
export const hours = (count: number): After => ({ in: "hours", count });
export const days = (count: number, hour: number): After => ({
  in: "days",
  count,
  at: hour * 60,
  zone: ZONE,
});

let drafts = 0;

/** A series for newcomers, without what sends it. */
export function newcomersOf(scope: () => Scope) {
  const drafted = (plan: Omit<Step, "since">, text = "Hello") =>
    createDraft(scope(), ADMIN, {
      content: { kind: "text", text, buttons: [] },
      audience: EVERYONE,
      step: { ...plan, since: "" },
      originKey: `step-${(drafts += 1)}`,
    });

  return {
    drafted,

    /** Adds a step. */
    async adds(plan: Omit<Step, "since">, now: Date, text = "Hello"): Promise<LiveStep> {
      return putStep(scope(), ADMIN, await drafted(plan, text), now);
    },

    /** A process that feeds; `clock` is set by hand. */
    feeder(size = 2_000) {
      const clock = manualClock();
      const logged: string[] = [];
      const paused: number[] = [];
      const log = createLog("info", { write: (line: string) => void logged.push(line) });
      const newcomers = createNewcomers({
        scope: scope(),
        clock,
        log,
        lease: { held: () => true },
        size,
        onFed: () => {},
        onPaused: ({ id }) => void paused.push(id),
      });
      return {
        logged,
        paused,
        async feed(now: Date) {
          await clock.advance(now.getTime() - clock.now().getTime());
          return newcomers.feed();
        },
      };
    },

    /** What the engine does: sends to everyone who was added to a step that is not paused, and finishes it. */
    async sends(now: Date): Promise<void> {
      const { db, botId } = scope();
      const running = (await listSteps(scope())).filter(({ state }) => state === "running");
      for (const { id, total } of running) {
        await db
          .update(deliveries)
          .set({ state: "sent", settledAt: now })
          .where(
            and(eq(deliveries.botId, botId), eq(deliveries.campaignId, id), eq(deliveries.state, "pending")),
          );
        await db.update(campaigns).set({ sent: total }).where(eq(campaigns.id, id));
        await finish(scope(), id, now);
      }
    },

    async join(people: { chatId: number; joinedAt: Date; source?: string; tags?: string[] }[]) {
      const { db, botId } = scope();
      for (let from = 0; from < people.length; from += 2_000)
        await db
          .insert(recipients)
          .values(
            people.slice(from, from + 2_000).map((one) => ({ botId, createdAt: one.joinedAt, ...one })),
          );
    },

    /** Who was added to a step, in order. */
    async got(id: number): Promise<number[]> {
      const rows = await scope()
        .db.select({ chatId: deliveries.chatId })
        .from(deliveries)
        .where(eq(deliveries.campaignId, id))
        .orderBy(asc(deliveries.seq));
      return rows.map(({ chatId }) => chatId);
    },
  };
}

/** Makes it as if the series had begun with this step so many hours ago. */
export async function ageStep(database: DatabaseLocation, id: number, hoursAgo: number): Promise<void> {
  await within(database, async ({ db }) => {
    const ago = new Date(Date.now() - hoursAgo * HOUR);
    const [row] = await db.select({ step: campaigns.step }).from(campaigns).where(eq(campaigns.id, id));
    if (!row?.step) throw new Error("the step is gone");
    const step = { ...storedStep.parse(row.step, `campaign ${id}`), since: ago.toISOString() };
    await db
      .update(campaigns)
      .set({ step: storedStep.store(step), joinedCursor: ago })
      .where(eq(campaigns.id, id));
  });
}

/** Numbers from 0 to 1, the same at each run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
