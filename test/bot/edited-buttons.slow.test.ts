import { Api } from "grammy";
import type { InlineKeyboardButton, Message } from "grammy/types";
import { eq, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { ERRORS } from "../../playground/server/faults.ts";
import type { Person } from "../../playground/people/person.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { listTaps, vote } from "../../src/campaign/votes/button-votes.ts";
import { homeScope } from "../../src/db/scope.ts";
import { homes, campaigns } from "../../src/db/schema.ts";
import { cardOf, composes, until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { migrateRows } from "../support/first-builds.ts";
import { TOKEN } from "../support/herald.ts";
import { FIRST, type Scene, idOf, scene, shows } from "../support/scene.ts";
import { NOW, seedCampaign } from "../support/seed.ts";
import { en, inOrder, inState } from "../support/words.ts";

/** Longer than a tap and an impatient second one are apart. */
const LATER_MS = 2_000;

interface Halted extends Scene {
  ann: Person;
  bob: Person;
  clock: ReturnType<typeof movableClock>;
}

/** Ann has the post with these buttons; for Bob Telegram refused it, and the campaign is paused. */
async function halted(buttons: string): Promise<Halted> {
  const clock = movableClock();
  const all = await scene(2, { clock });
  const { telegram, owner, people } = all;
  const [ann, bob] = people.map((id) => telegram.person({ id, firstName: "P", languageCode: "en" }));
  if (!ann || !bob) throw new Error("nobody is there");
  await composes(owner, "Do you like it?");
  await types(owner, buttons);
  telegram.fault({ method: "sendMessage", chat: (id) => id === FIRST + 1 }, { error: ERRORS.cantParse });
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inState("paused"));
  await until(() => ann.buttons().length > 0);
  return { ...all, ann, bob, clock };
}

/** On the review: other buttons are typed, those of the default version. */
async function types(owner: Person, buttons: string): Promise<void> {
  await owner.taps(en("button-buttons"));
  const { text } = await owner.sees(/^(Send me the buttons|Buttons for which version)/);
  if (text?.startsWith("Buttons for")) await owner.taps(en("version-default"));
  await owner.sees(en("buttons-ask"));
  await owner.sends(buttons);
  await owner.sees(en.opens("card-title", { id: 1 }));
}

/** `Edit` of the paused campaign, other buttons, `Save changes`. */
async function edits(owner: Person, buttons: string | null): Promise<void> {
  await owner.taps(en("button-edit"), { on: idOf(owner) });
  await owner.sees(en("change-title", { id: 1 }));
  if (buttons === null) {
    await owner.taps(en("button-buttons"));
    await owner.taps(en("button-remove-buttons"));
    await owner.sees(en("change-title", { id: 1 }));
  } else await types(owner, buttons);
  await owner.taps(en("button-save"));
  await owner.sees(en.opens("card-title", { id: 1, state: en("state-paused") }));
}

const countsOf = ({ database }: Scene) =>
  within(database, async ({ db }) => {
    const { votes, answers } = await listTaps(homeScope(db, BOT_ID), 1);
    return Object.fromEntries([...votes, ...answers].filter(([, count]) => count !== 0));
  });

describe("after an edit on the way", () => {
  test("an old message goes on counting and answering what it shows, a new one what that one shows", async () => {
    const all = await halted("👍 | 👎\n? Hours - From 9 to 6");
    const { owner, ann, bob, clock } = all;
    await edits(owner, "👎 | 👍\n? Hours - From 10 to 5");
    expect((await ann.taps(/^👍/)).text).toBe(`${en("vote-counted", { choice: "👍" })} · 👍 1 · 👎 0`);
    await until(() => ann.buttons()[0]?.join() === "👍 1,👎");
    expect((await ann.taps("Hours")).text).toBe("From 9 to 6");

    await owner.taps(en("button-resume"), { on: idOf(owner) });
    await shows(owner, inState("finished"));
    await until(() => bob.buttons()[0]?.join() === "👎,👍");
    expect((await bob.taps(/^👍/)).text).toBe(`${en("vote-counted", { choice: "👍" })} · 👎 0 · 👍 2`);
    expect((await bob.taps("Hours")).text).toBe("From 10 to 5");
    clock.advance(LATER_MS);
    expect((await ann.taps(/^👎/)).text).toBe(`${en("vote-moved", { choice: "👎" })} · 👍 1 · 👎 1`);
    expect(await countsOf(all)).toEqual({ "👍": 1, "👎": 1, Hours: 2 });
    clock.advance(10_000);
    await shows(
      owner,
      inOrder(
        en.line("card-votes", { buttons: "👎 1 · 👍 1" }),
        en.line("card-taps", { buttons: "Hours 2" }),
      ),
    );
  });

  test("what the post no longer has is still counted, under the old message and on the card", async () => {
    const all = await halted("👍 | 👎");
    const { owner, ann, clock } = all;
    await edits(owner, "❤️ | 👎");
    expect((await ann.taps(/^👍/)).text).toBe(`${en("vote-counted", { choice: "👍" })} · 👍 1 · 👎 0`);
    clock.advance(10_000);
    await shows(owner, en.like("card-votes", { buttons: "❤️ 0 · 👎 0 · 👍 1" }));
    await edits(owner, null);
    clock.advance(LATER_MS);
    expect((await ann.taps(/^👎/)).text).toBe(`${en("vote-moved", { choice: "👎" })} · 👍 0 · 👎 1`);
    expect(await countsOf(all)).toEqual({ "👎": 1 });
    clock.advance(10_000);
    await shows(owner, en.like("card-votes", { buttons: "👎 1" }));
  });

  test("one that comes back after it was away is counted with what it was", async () => {
    const all = await halted("👍 | 👎");
    const { owner, ann, bob } = all;
    await edits(owner, "👎");
    await edits(owner, "👍 | ❤️");
    expect((await ann.taps(/^👍/)).text).toBe(`${en("vote-counted", { choice: "👍" })} · 👍 1 · 👎 0`);
    await owner.taps(en("button-resume"), { on: idOf(owner) });
    await until(() => bob.buttons()[0]?.join() === "👍,❤️");
    expect((await bob.taps(/^👍/)).text).toBe(`${en("vote-counted", { choice: "👍" })} · 👍 2 · ❤️ 0`);
  });
});

/** A paused campaign as those wrote it, and their messages in the chats of Ann, who is German, and Bob. */
async function ofFirstBuilds(buttons: object[][]) {
  const clock = movableClock();
  const all = await scene(2, { clock });
  const { telegram, owner, database, people } = all;
  const [ann, bob] = people.map((id) => telegram.person({ id, firstName: "P", languageCode: "en" }));
  if (!ann || !bob) throw new Error("nobody is there");
  await within(database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    const de = { kind: "text", text: "Gefällt es dir?", buttons: [[{ text: "❤️", vote: true }]] };
    const fr = { kind: "text", text: "Ça te plaît ?" };
    const content = { kind: "text", text: "Do you like it?", buttons, versions: { de, fr } };
    await seedCampaign(scope, {
      id: 1,
      state: "paused",
      pauseReason: "admin",
      startedAt: NOW,
      frozenAt: NOW,
      createdBy: owner.id,
      audience: EVERYONE,
      detailsDroppedAt: null,
    });
    await db
      .update(campaigns)
      .set({ content: sql`${JSON.stringify(content)}::jsonb` })
      .where(eq(campaigns.id, 1));
    await db
      .insert(homes)
      .values({ homeId: BOT_ID, lastCampaign: 1 })
      .onConflictDoUpdate({ target: homes.homeId, set: { lastCampaign: 1 } });
    await vote(scope, 1, 77, "👍");
    await migrateRows(db, "button_ids");
    for (const [index, chatId] of people.entries())
      await db.execute(
        `insert into deliveries (bot_id, campaign_id, seq, chat_id, state) values (${BOT_ID}, 1, ${index + 1}, ${chatId}, 'sent')`,
      );
    await db.update(campaigns).set({ total: 2, sent: 2 }).where(eq(campaigns.id, 1));
  });
  const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
  const has = async (person: Person, language: string, labels: string[][]): Promise<Message> => {
    let place = 0;
    const seq = person === ann ? 1 : 2;
    const inline_keyboard = labels.map((row) =>
      row.map((text): InlineKeyboardButton => ({
        text,
        callback_data: `b:1:${seq}:${language}:${place++}`,
      })),
    );
    const { message_id } = await api.sendMessage(person.id, "Do you like it?", {
      reply_markup: { inline_keyboard },
    });
    return person.holds.find((message) => message.message_id === message_id)!;
  };
  await owner.sends("/campaign 1");
  await until(() => cardOf(owner) !== undefined);
  return { ...all, ann, bob, clock, has };
}

describe("messages of the first builds, whose buttons name a place", () => {
  const UP_AND_DOWN = [
    [
      { text: "👍", vote: true },
      { text: "👎", vote: true },
    ],
    [{ text: "Hours", answer: "From 9 to 6" }],
  ];

  test("count what they show, before an edit and after it, in every version", async () => {
    const all = await ofFirstBuilds(UP_AND_DOWN);
    const { owner, ann, bob, clock, has } = all;
    const german = await has(ann, "de", [["❤️"]]);
    const french = await has(bob, "fr", [["👍 1", "👎"], ["Hours"]]);
    expect((await ann.taps("❤️", { on: german })).text).toBe(
      `${en("vote-counted", { choice: "❤️" })} · ❤️ 1`,
    );
    expect((await bob.taps(/^👎/, { on: french })).text).toBe(
      `${en("vote-counted", { choice: "👎" })} · 👍 1 · 👎 1`,
    );
    await edits(owner, "👎 | 👍\n? Hours - From 10 to 5");
    clock.advance(LATER_MS);
    expect((await bob.taps(/^👍/, { on: french })).text).toBe(
      `${en("vote-moved", { choice: "👍" })} · 👍 2 · 👎 0`,
    );
    expect((await bob.taps("Hours", { on: french })).text).toBe("From 9 to 6");
    await until(() => bob.buttons(bob.holds.at(-1))[0]?.join() === "👍 2,👎");
    expect(await countsOf(all)).toEqual({ "👍": 2, "❤️": 1, Hours: 1 });
  });

  test("count what they show, too, when the edit was one of the first builds", async () => {
    // Stored is what the edit made of it.
    const all = await ofFirstBuilds([[...UP_AND_DOWN[0]!].toReversed()]);
    const { bob, has } = all;
    const old = await has(bob, "", [["👍 1", "👎"], ["Hours"]]);
    expect((await bob.taps(/^👍/, { on: old })).text).toBe(
      `${en("vote-counted", { choice: "👍" })} · 👍 2 · 👎 0`,
    );
    // What it answered is no longer known.
    expect((await bob.taps("Hours", { on: old })).text).toBe(en("post-button-gone"));
  });
});
