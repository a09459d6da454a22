import { expect, test } from "vitest";
import { broadcasts, cardOf, deliveryStates, ownerOf, register, until } from "../support/broadcast.ts";
import { copiesOf, numbersOn } from "../support/counts.ts";
import { freshLocation } from "../support/database.ts";
import { OWNER_ID, localTelegram } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { en, inState } from "../support/words.ts";

const POST = "Sent while somebody pulls the plug.";

test(
  "killed five times during 2,000 deliveries: nobody has it twice, nobody is lost",
  { timeout: 180_000 },
  async () => {
    const telegram = await localTelegram({ limits: "none" });
    telegram.latency = 20;
    const owner = ownerOf(telegram);
    const people = telegram.people(2000, { firstId: 100_000 });
    const database = await freshLocation();
    await register(
      database,
      people.map(({ id }) => id),
    );
    const variables = { ...environment(telegram, database), MESSAGES_PER_SECOND: "150" };

    let herald = spawnHerald(variables);
    await isUp(herald);
    await owner.sends("/stop");
    await owner.sees(en("stop-done"));
    await broadcasts(owner, POST);
    const copies = () => [...copiesOf(telegram, POST).entries()].filter(([chat]) => chat !== OWNER_ID);
    for (let kill = 1; kill <= 5; kill += 1) {
      await until(() => copies().length >= kill * 300, 60_000);
      await herald.kill9();
      herald = spawnHerald(variables);
      await isUp(herald);
    }
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 60_000);
    herald.signal("SIGTERM");
    expect(await herald.exited).toBe(0);

    const numbers = numbersOn(cardOf(owner)?.text ?? "");
    expect(copies().every(([, count]) => count === 1)).toBe(true);
    expect(numbers?.total).toBe(2000);
    const states = await deliveryStates(database);
    expect(states).toEqual({
      sent: numbers?.sent,
      ...(numbers?.uncertain && { uncertain: numbers.uncertain }),
    });
    // Whoever has no copy is among the uncertain, so nobody is lost without a word.
    expect(2000 - copies().length).toBeLessThanOrEqual(numbers?.uncertain ?? 0);
    // A kill leaves no more uncertain than is in hand: some 20 of a tenth of a second's claim, more on a busy machine.
    expect(numbers?.uncertain).toBeLessThanOrEqual(5 * 40);
    expect(cardOf(owner)?.text?.includes(en("card-uncertain-note"))).toBe(numbers?.uncertain !== 0);
  },
);
