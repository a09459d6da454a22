import { expect, test } from "vitest";
import { broadcasts, cardOf, copiesOf, ownerOf, register, until } from "../support/broadcast.ts";
import { emptyLocation } from "../support/database.ts";
import { localTelegram, running } from "../support/herald.ts";

const POST = "While a crowd comes in.";

test(
  "a crowd that starts the bot during a broadcast is answered, the admin too, and Telegram is not flooded",
  // Bot and Telegram share this process and its stalls; on a busy machine a call may arrive too close to the next.
  { timeout: 60_000, retry: 1 },
  async () => {
    const telegram = await localTelegram();
    const owner = ownerOf(telegram);
    telegram.people(200, { firstId: 100_000 });
    const newcomers = telegram.people(60, { firstId: 200_000 });
    const database = await emptyLocation();
    await register(
      database,
      Array.from({ length: 200 }, (_, index) => 100_000 + index),
    );
    await running(telegram, { database });
    await broadcasts(owner, POST);
    await until(() => copiesOf(telegram, POST).size > 30);
    for (const person of newcomers) await person.sends("/start");
    const asked = performance.now();
    await owner.sends("/campaigns");
    await owner.sees("Campaigns · Running");
    // Behind the newcomers' replies, of which Telegram takes 30 a second.
    expect(performance.now() - asked).toBeLessThan(4_000);
    await until(() => newcomers.every(({ id }) => telegram.received(id).length === 1), 10_000);
    await until(() => cardOf(owner)?.text?.includes("finished") ?? false, 30_000);
    // None on an idle machine; on a busy one calls may arrive more closely than they left, and the first 429 makes only
    // its own chat wait. Without the shared budget it was 600.
    expect(telegram.tooMany).toBeLessThanOrEqual(15);
    expect(telegram.worstSecond()).toBeLessThanOrEqual(30);
    // The newcomers are not in it: the audience was frozen before they came.
    const copies = [...copiesOf(telegram, POST)].filter(([chat]) => chat >= 100_000);
    expect(copies.map(([, count]) => count)).toEqual(Array(200).fill(1));
  },
);
