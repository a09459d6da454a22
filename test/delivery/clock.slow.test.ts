import { describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import { contradictionsIn } from "../support/books.ts";
import { broadcasts, cardOf, until } from "../support/broadcast.ts";
import { numbersOn } from "../support/counts.ts";
import { movableClock } from "../support/clock.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { copiesAmongPeople, scene, shows, standsAside, toPeople, stage } from "../support/scene.ts";
import { en, inOrder, inState } from "../support/words.ts";

const POST = "Whatever the clock says.";
const HOUR = 3_600_000;

describe("the clock set by an hour in the middle of a broadcast: nobody gets it twice, nobody is left out", () => {
  test.each([
    ["forwards", HOUR],
    ["backwards", -HOUR],
  ])("%s, with some waiting for their next try", { timeout: 60_000 }, async (_title, ms) => {
    const clock = movableClock();
    const { telegram, owner, database, herald, people } = await scene(150, { clock });
    telegram.fault({ ...toPeople, after: 20, times: 5 }, { error: ERRORS.restarting });
    await broadcasts(owner, { photo: true, caption: "Sent at the same time." });
    await broadcasts(owner, POST);
    await until(() => copiesAmongPeople(telegram, POST).length > 60);
    clock.jump(ms);
    for (const id of [1, 2]) {
      await shows(owner, inState("finished"), id, 20_000);
      expect(numbersOn(cardOf(owner, id)?.text ?? "")).toMatchObject({ sent: 150, failed: 0, uncertain: 0 });
    }
    await herald.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
  });
});

describe("the clock set by an hour while Telegram asks for a pause of 4 s: the pause is as long as Telegram asked for", () => {
  test.each([
    ["forwards", HOUR],
    ["backwards", -HOUR],
  ])("%s", { timeout: 60_000 }, async (_title, ms) => {
    const clock = movableClock();
    const { telegram, owner, database, herald, people } = await scene(100, { clock });
    telegram.fault({ ...toPeople, after: 20 }, { error: tooManyRequests(4) });
    await broadcasts(owner, POST);
    await until(() => herald.logged.some((line) => line.includes("asks to wait")));
    const asked = performance.now();
    clock.jump(ms);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = copiesAmongPeople(telegram, POST).length;
    await until(() => copiesAmongPeople(telegram, POST).length > before, 15_000);
    expect(performance.now() - asked).toBeGreaterThan(3_500);
    await shows(owner, inState("finished"));
    expect(numbersOn(cardOf(owner)?.text ?? "")).toMatchObject({ sent: 100, failed: 0, uncertain: 0 });
    await herald.stop();
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
  });
});

test(
  "the clock of the whole process set forwards and back, timers included: it goes on, and the next campaign starts at once",
  { timeout: 60_000 },
  async () => {
    const { telegram, owner, database, people } = await stage(150);
    const variables = { ...environment(telegram, database), MESSAGES_PER_SECOND: "60" };
    const herald = spawnHerald(variables, { sabotaged: true });
    await isUp(herald);
    await standsAside(owner);
    await broadcasts(owner, POST);
    const reaches = (count: number) => until(() => copiesAmongPeople(telegram, POST).length >= count);
    await reaches(30);
    await herald.sabotage({ setClockBy: HOUR });
    await reaches(70);
    await herald.sabotage({ setClockBy: -2 * HOUR });
    await shows(owner, inOrder(inState("finished"), en.line("card-sent", { count: 150 })));

    await broadcasts(owner, "The next one.");
    await shows(owner, inOrder(inState("finished"), en.line("card-sent", { count: 150 })), 2);
    herald.signal("SIGTERM");
    expect(await herald.exited).toBe(0);
    expect(await contradictionsIn(database, telegram, { audience: people })).toEqual([]);
  },
);
