import { desc } from "drizzle-orm";
import { expect, test } from "vitest";
import { deliveries, sentEdits } from "../../src/db/schema.ts";
import { composes, ownerOf, register, until, within } from "../support/broadcast.ts";
import { freshLocation } from "../support/database.ts";
import { localTelegram } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { en } from "../support/words.ts";

const PEOPLE = 10_000;
/** So many have deleted the message when their turn comes. */
const DELETED = PEOPLE / 20;

test(
  "10,000 people, an edit while it is sent, killed twice, 5 % deleted: all others end with the new text, none with a third",
  { timeout: 300_000 },
  async () => {
    const telegram = await localTelegram({ limits: "none" });
    telegram.latency = 5;
    const owner = ownerOf(telegram);
    const people = telegram.people(PEOPLE, { firstId: 100_000 });
    const database = await freshLocation();
    await register(
      database,
      people.map(({ id }) => id),
    );
    const variables = { ...environment(telegram, database), MESSAGES_PER_SECOND: "600" };
    let herald = spawnHerald(variables);
    await isUp(herald);
    await owner.sends("/stop");
    await owner.sees(en("stop-done"));
    await composes(owner, "The old text");
    await owner.taps(en("button-send-now"));
    await owner.taps(en.opens("button-yes-send"));
    const having = (words: string) =>
      people.filter(({ id }) => telegram.messages(id).some(({ text }) => text === words)).length;

    await until(() => having("The old text") >= PEOPLE * 0.4, 60_000);
    const deleted = people.filter(({ id }) => telegram.messages(id).length > 0).slice(0, DELETED);
    for (const person of deleted) await person.deletes(telegram.messages(person.id)[0]!);

    await owner.sends("/edit 1");
    await owner.sees(en.like("change-title"));
    await owner.taps(en("button-edit-post"));
    await owner.sends("The new text");
    await owner.sees(en.like("change-note-sent"));
    await owner.taps(en.opens("button-edit-everywhere"));
    await owner.taps(en.opens("button-yes-edit-sent"));
    for (const share of [0.25, 0.6]) {
      await until(() => having("The new text") >= PEOPLE * share, 90_000);
      await herald.kill9();
      herald = spawnHerald(variables);
      await isUp(herald);
    }
    const last = () =>
      within(database, async ({ db }) => {
        const [edit] = await db.select().from(sentEdits).orderBy(desc(sentEdits.number)).limit(1);
        return edit!;
      });
    await until(async () => (await last()).state === "finished", 120_000);
    const open = async () =>
      within(database, async ({ db }) =>
        (await db.select({ state: deliveries.state }).from(deliveries)).filter(
          ({ state }) => state === "pending" || state === "sending",
        ),
      );
    await until(async () => (await open()).length === 0, 60_000);
    herald.signal("SIGTERM");
    expect(await herald.exited).toBe(0);

    // What a kill left uncertain was sent with the new text, or never arrived.
    const uncertain = await within(database, async ({ db }) =>
      (await db.select().from(deliveries))
        .filter(({ state }) => state === "uncertain")
        .map(({ chatId }) => chatId),
    );
    const maybe = new Set(uncertain);
    const gone = new Set(deleted.map(({ id }) => id));
    const seen = people.map(({ id }) => [id, telegram.messages(id).map(({ text }) => text)] as const);
    const isAbsent = (id: number, texts: readonly unknown[]) =>
      gone.has(id) || (maybe.has(id) && texts.length === 0);
    expect(seen).toEqual(seen.map(([id, texts]) => [id, isAbsent(id, texts) ? [] : ["The new text"]]));
    expect((await last()).gone).toBe(DELETED);
  },
);
