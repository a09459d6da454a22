import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { deliveries, senders } from "../../src/db/schema.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { localTelegram } from "../support/herald.ts";
import { type Child, environment, isUp, spawnHerald } from "../support/process.ts";
import { copies, registerSenders, sendersOf, startCampaigns } from "../support/fleet.ts";

const BOTS = 10;
const PEOPLE = 500;
const RATE = 20;

const processOf = (child: Child) => `herald ${child.pid} `;

test(
  "two processes share ten bots; one is killed in the middle: all ten send within 15 s, and nobody gets anything twice",
  { timeout: 180_000 },
  async () => {
    const telegram = await localTelegram({ limits: "none" });
    const database = await freshLocation();
    const bots = sendersOf(telegram, BOTS, PEOPLE);
    await registerSenders(database, bots);
    const start = (): Child =>
      spawnHerald({
        ...environment(telegram, database),
        EXTRA_BOT_TOKENS: bots.map(({ token }) => token).join(","),
        MESSAGES_PER_SECOND: String(RATE),
      });
    const holders = () =>
      within(database, async ({ db }) => {
        const rows = await db.select().from(senders).where(eq(senders.homeId, BOT_ID));
        return rows.filter(({ botId }) => botId !== BOT_ID).map(({ leaseHolder }) => leaseHolder ?? "");
      });
    const held = async (child: Child) =>
      (await holders()).filter((holder) => holder.startsWith(processOf(child))).length;

    const first = start();
    await isUp(first);
    await until(async () => (await held(first)) === BOTS, 30_000);
    const second = start();
    await until(async () => (await held(first)) === 5 && (await held(second)) === 5, 30_000);

    await startCampaigns(database, bots);
    const sent = () => bots.map((bot) => copies(telegram, bot).people);
    await until(() => sent().every((count) => count >= 60), 30_000);
    await first.kill9();
    const killedAt = performance.now();
    const before = sent();
    await until(() => sent().every((count, index) => count > (before[index] ?? 0) + 5), 20_000);
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    expect(await held(second)).toBe(BOTS);

    // What was in flight when the process died may or may not have arrived, and is not sent again.
    const settled = async () =>
      within(database, async ({ db }) => {
        const rows = await db.select({ state: deliveries.state, botId: deliveries.botId }).from(deliveries);
        return rows.filter(({ state }) => state === "sent" || state === "uncertain");
      });
    await until(async () => (await settled()).length === BOTS * PEOPLE, 60_000);
    for (const bot of bots) {
      const { people, most } = copies(telegram, bot);
      expect(most).toBe(1);
      const uncertain = (await settled()).filter(
        ({ botId, state }) => botId === bot.botId && state === "uncertain",
      ).length;
      expect(people).toBeGreaterThanOrEqual(PEOPLE - uncertain);
      expect(uncertain).toBeLessThanOrEqual(RATE);
    }
    second.signal("SIGTERM");
    expect(await second.exited).toBe(0);
    expect((await holders()).filter(Boolean)).toEqual([]);
  },
);
