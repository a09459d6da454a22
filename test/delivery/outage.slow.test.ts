import { expect, test } from "vitest";
import { contradictionsIn } from "../support/books.ts";
import { broadcasts, cardOf, until } from "../support/broadcast.ts";
import { copiesOf, numbersOn } from "../support/counts.ts";
import { gateTo } from "../support/gate.ts";
import { running } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { stage, standsAside } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const POST = "The database goes away for a while.";

test(
  "the database gone in the middle: sending stops, waits, and continues without a duplicate",
  { timeout: 180_000 },
  async () => {
    const goneMs = Number(process.env["DATABASE_GONE_MS"] ?? 15_000);
    const { telegram, owner, database } = await stage(300);
    const { door, behind } = await gateTo(database);
    const herald = await running(telegram, { database: behind, messagesPerSecond: 60 });
    await owner.sends("/stop");
    await owner.sees(en("stop-done"));
    await broadcasts(owner, POST);
    const copies = () => [...copiesOf(telegram, POST)].filter(([chat]) => chat >= 100_000);
    await until(() => copies().length > 100);

    await door.close();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const stalled = copies().length;
    await new Promise((resolve) => setTimeout(resolve, goneMs - 2_000));
    // At most what was claimed before the door closed has left.
    expect(copies().length).toBe(stalled);
    await owner.sends("/campaigns");
    await owner.sees(en("error-internal"));

    await door.reopen();
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 60_000);
    const numbers = numbersOn(cardOf(owner)?.text ?? "");
    expect(numbers).toMatchObject({ total: 300, failed: 0, left: 0 });
    expect(copies().every(([, count]) => count === 1)).toBe(true);
    // Nobody is lost: who has no copy stands as uncertain, at most a claim's worth.
    expect(300 - copies().length).toBeLessThanOrEqual(numbers?.uncertain ?? 0);
    expect(numbers?.uncertain).toBeLessThanOrEqual(6);
    expect(herald.crashes).toEqual([]);
  },
);

test(
  "a connection that breaks in the middle of a transaction does not end the process",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner, database, people } = await stage(100);
    const { door, behind } = await gateTo(database);
    const variables = { ...environment(telegram, behind), MESSAGES_PER_SECOND: "50" };
    const herald = spawnHerald(variables, { sabotaged: true });
    await isUp(herald);
    await standsAside(owner);
    await broadcasts(owner, POST);
    const held = herald.held();
    await herald.sabotage({ hold: 300, statement: "jsonb as rows[^]*update deliveries" });
    await held;
    door.cut();

    const finished = until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 30_000);
    await Promise.race([finished, herald.exited]);
    finished.catch(() => undefined);
    expect(herald.output()).not.toContain("TypeError");
    await finished;
    herald.signal("SIGTERM");
    expect(await herald.exited).toBe(0);
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
  },
);
