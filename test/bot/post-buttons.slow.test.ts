import { Api } from "grammy";
import type { Message } from "grammy/types";
import { expect, test } from "vitest";
import type { Group } from "../../playground/people/group.ts";
import type { Person } from "../../playground/people/person.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { setOptedOut } from "../../src/audience/recipients.ts";
import { listTaps } from "../../src/campaign/votes/button-votes.ts";
import { withButtonIds } from "../../src/content/button-ids.ts";
import { campaigns } from "../../src/db/schema.ts";
import { type Ticket, keyboardOf } from "../../src/content/keyboard.ts";
import { homeScope } from "../../src/db/scope.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { isFinished } from "../support/engine.ts";
import { TOKEN } from "../support/herald.ts";
import { FIRST, type Scene, scene, shows } from "../support/scene.ts";
import { movableClock } from "../support/clock.ts";
import { seedCampaign } from "../support/seed.ts";
import { en, inOrder } from "../support/words.ts";

const POST = withButtonIds({
  kind: "text",
  text: "Do you like it?",
  buttons: [
    [
      { text: "👍", vote: true },
      { text: "👎", vote: true },
    ],
    [
      { text: "Details", answer: "Open from 9 to 6, and on Sundays." },
      { text: "Site", url: "https://example.com/" },
    ],
  ],
  versions: {
    de: {
      kind: "text",
      text: "Gefällt es dir?",
      buttons: [[{ text: "❤️", vote: true }], [{ text: "👎", vote: true }]],
    },
  },
});

const UP = /^👍/;
const DOWN = /^👎/;

/** Longer than a tap and an impatient second one are apart. */
const LATER_MS = 2_000;

interface Posted extends Scene {
  id: number;
  ann: Person;
  bob: Person;
  channel: Group;
  clock: ReturnType<typeof movableClock>;
}

/** Ann and Bob have the post, or a channel has it; the campaign is over. */
async function posted(to?: "channel"): Promise<Posted> {
  const clock = movableClock();
  const all = await scene(2, { clock });
  const { telegram, database, people } = all;
  const [ann, bob] = people.map((id) => telegram.person({ id, firstName: "P", languageCode: "en" }));
  if (!ann || !bob) throw new Error("nobody is there");
  const channel = telegram.group({ type: "channel", creator: all.owner });
  await until(() => all.herald.logged.some((line) => line.includes("a chat is noted")));
  const id = await within(database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    const campaign = await seedCampaign(scope, {
      state: "running",
      startedAt: new Date(),
      createdBy: all.owner.id,
      content: POST,
      audience: to ? { chats: [{ chatId: channel.id }] } : EVERYONE,
    });
    await isFinished(scope, campaign);
    return campaign.id;
  });
  return { ...all, id, ann, bob, channel, clock };
}

const countsOf = ({ database, id }: Posted) =>
  within(database, async ({ db }) => {
    const { votes, answers } = await listTaps(homeScope(db, BOT_ID), id);
    return Object.fromEntries([...votes, ...answers].filter(([, count]) => count !== 0));
  });

/** The bot sends a message with the buttons of the post, as a preview has them, or as a stranger could make them up. */
async function sendButtons(person: Person, { telegram }: Scene, ticket: Ticket): Promise<Message> {
  const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
  const keyboard = keyboardOf(POST.buttons, ticket);
  const { message_id } = await api.sendMessage(person.id, "Look", keyboard && { reply_markup: keyboard });
  return person.holds.find((message) => message.message_id === message_id)!;
}

const rowOf = (person: Person) => person.buttons()[0];

test("votes of two people count, move and are taken back, and their posts show how they stand", async () => {
  const all = await posted();
  const { ann, bob, clock } = all;
  expect(rowOf(ann)).toEqual(["👍", "👎"]);
  expect(await ann.taps(UP)).toEqual({ text: `${en("vote-counted", { choice: "👍" })} · 👍 1 · 👎 0` });
  await until(() => rowOf(ann)?.[0] === "👍 1");
  expect((await bob.taps(UP)).text).toBe(`${en("vote-counted", { choice: "👍" })} · 👍 2 · 👎 0`);
  await until(() => rowOf(bob)?.[0] === "👍 2");

  clock.advance(LATER_MS);
  expect((await bob.taps(DOWN)).text).toBe(`${en("vote-moved", { choice: "👎" })} · 👍 1 · 👎 1`);
  // Herald hears a moment after the person that its answer has arrived, and the next tap has to be later than that.
  await until(async () => {
    clock.advance(LATER_MS);
    return (await bob.taps(DOWN)).text === "👎 taken back · 👍 1 · 👎 0";
  });
  clock.advance(LATER_MS);
  await until(() => rowOf(bob)?.join() === "👍 1,👎");
  expect(await countsOf(all)).toEqual({ "👍": 1 });
  // The other buttons are as they were.
  expect(bob.buttons()[1]).toEqual(["Details", "Site"]);
  expect(await bob.taps("Site")).toEqual({ url: "https://example.com/" });
});

test("who taps twenty times at once votes once", async () => {
  const all = await posted();
  const answers = await all.ann.tapsTimes(UP, 20);
  expect(new Set(answers.map(({ text }) => text))).toEqual(
    new Set([`${en("vote-counted", { choice: "👍" })} · 👍 1 · 👎 0`]),
  );
  expect(await countsOf(all)).toEqual({ "👍": 1 });
});

test("in a channel many vote under one post, which is edited now and then; each in their language", async () => {
  const all = await posted("channel");
  const { telegram, channel, clock } = all;
  const crowd = telegram.people(30, { firstId: 5_000 });
  await Promise.all(crowd.map((person, index) => person.taps(index % 3 ? UP : DOWN, { in: channel })));
  expect(await countsOf(all)).toEqual({ "👍": 20, "👎": 10 });
  clock.advance(10_000);
  await until(() => JSON.stringify(channel.holds.at(-1)?.reply_markup).includes('"👍 20"'));
  const edits = telegram.calls.filter(({ method }) => method === "editMessageReplyMarkup");
  expect(edits.length).toBeLessThanOrEqual(3);
  const vera = telegram.person({ id: 6_000, firstName: "Vera", languageCode: "ru" });
  expect((await vera.taps(UP, { in: channel })).text).toBe("👍 — голос учтён · 👍 21 · 👎 10");
});

test("in a channel nobody waits for other people's taps, nor for the answer to their own to arrive", async () => {
  const { telegram, ann, bob, channel } = await posted("channel");
  telegram.fault({ method: "answerCallbackQuery" }, { hang: 10_000 });
  await ann.taps(UP, { in: channel });
  const answers = Promise.all([ann.taps(DOWN, { in: channel }), bob.taps(UP, { in: channel })]);
  const hang = new Promise<null>((over) => setTimeout(over, 8_000, null));
  expect((await Promise.race([answers, hang]))?.[0].text).toMatch(
    en.opens("vote-moved", { choice: "👎 · " }),
  );
});

test("an answer is shown in an alert, and each look at it counts", async () => {
  const all = await posted();
  const { ann, bob } = all;
  const alert = { text: "Open from 9 to 6, and on Sundays.", show_alert: true };
  expect(await ann.taps("Details")).toMatchObject(alert);
  expect(await bob.taps("Details")).toMatchObject(alert);
  expect(await countsOf(all)).toEqual({ Details: 2 });
});

test("a preview answers and counts nothing, also in the middle of a dialog", async () => {
  const all = await posted();
  const { owner, id } = all;
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  const preview = await sendButtons(owner, all, { campaignId: id, seq: 0 });
  expect((await owner.taps(UP, { on: preview })).text).toBe(en("vote-preview"));
  expect(await owner.taps("Details", { on: preview })).toMatchObject({ show_alert: true });
  expect(await countsOf(all)).toEqual({});
  await owner.sends("Hello");
  await owner.sees(en.like("audience-ask"));
});

test("what a stranger makes up counts nothing and tells nothing", async () => {
  const all = await posted();
  const { telegram, ann, id } = all;
  const stan = telegram.person({ id: 50, firstName: "Stan", languageCode: "en", started: true });
  const gone = { text: "This button no longer works." };
  const seqs = [0, 1, 2, 3, 999_999_999, 9_999_999_999];
  const made = [
    ...seqs.map((seq) => ({ campaignId: id, seq })),
    { campaignId: 9_007_199_254_740_991, seq: 1 },
  ];
  for (const ticket of made) {
    const message = await sendButtons(stan, all, ticket);
    expect(await stan.taps(UP, { on: message })).toEqual(gone);
    expect(await stan.taps("Details", { on: message })).toEqual(gone);
  }
  // Nor does somebody on the list with the delivery of another, or with that of no campaign.
  const notAnns = ann.id === FIRST ? 2 : 1;
  const others = await sendButtons(ann, all, { campaignId: id, seq: notAnns });
  expect(await ann.taps(UP, { on: others })).toEqual(gone);
  const none = await sendButtons(ann, all, { campaignId: id + 1, seq: 1 });
  expect(await ann.taps(UP, { on: none })).toEqual(gone);
  expect(await countsOf(all)).toEqual({});
});

test("once who voted is forgotten, voting is over: the counts stay, answers are still shown", async () => {
  const all = await posted();
  const { owner, ann, bob, database, id, clock } = all;
  await ann.taps(UP);
  await ann.taps("Details");
  await within(database, ({ db }) => db.update(campaigns).set({ detailsDroppedAt: new Date() }));
  const over = { text: "Voting is over · 👍 1 · 👎 0" };
  expect(await bob.taps(DOWN)).toEqual(over);
  clock.advance(LATER_MS);
  expect(await ann.taps(UP)).toEqual(over);
  expect(await bob.taps("Details")).toMatchObject({ show_alert: true });
  expect(await countsOf(all)).toEqual({ "👍": 1, Details: 1 });
  const vera = all.telegram.person({ id: 6_000, firstName: "Vera", languageCode: "ru", started: true });
  const copy = await sendButtons(vera, all, { campaignId: id, seq: 1 });
  expect((await vera.taps(UP, { on: copy })).text).toBe("Голосование завершено · 👍 1 · 👎 0");
  // What a stranger makes up as a preview is none, and an admin's is one still.
  const made = await sendButtons(vera, all, { campaignId: id, seq: 0 });
  expect((await vera.taps(DOWN, { on: made })).text).toBe("Эта кнопка больше не работает.");
  const preview = await sendButtons(owner, all, { campaignId: id, seq: 0 });
  expect((await owner.taps(UP, { on: preview })).text).toBe(en("vote-preview"));
});

test("who left the list may vote, too, and a version has the buttons of its own", async () => {
  const all = await posted();
  const { ann, database, clock } = all;
  await within(database, ({ db }) => setOptedOut(homeScope(db, BOT_ID), ann.id, true));
  expect((await ann.taps(UP)).text).toBe(`${en("vote-counted", { choice: "👍" })} · 👍 1 · 👎 0`);
  clock.advance(LATER_MS);
  const api = new Api(TOKEN, { apiRoot: all.telegram.apiRoot });
  const german = POST.versions?.["de"]?.buttons ?? [];
  const keyboard = keyboardOf(german, { campaignId: all.id, seq: 1 });
  await api.sendMessage(ann.id, "Gefällt es dir?", keyboard && { reply_markup: keyboard });
  expect((await ann.taps("❤️")).text).toBe(`${en("vote-moved", { choice: "❤️" })} · ❤️ 1 · 👎 0`);
  clock.advance(LATER_MS);
  await until(() => ann.buttons().join("|") === "❤️ 1|👎");
});

test("the card shows votes and taps, and follows them", async () => {
  const all = await posted();
  const { owner, ann, bob, id, clock, telegram } = all;
  await ann.taps(UP);
  await ann.taps("Details");
  await owner.sends(`/campaign ${id}`);
  await shows(
    owner,
    inOrder(
      en.line("card-votes", { buttons: "👍 1 · 👎 0 · ❤️ 0" }),
      en.line("card-taps", { buttons: "Details 1" }),
    ),
    id,
  );
  for (const label of [UP, "Details", DOWN, "Details", UP, "Details"]) await bob.taps(label);
  clock.advance(10_000);
  await shows(
    owner,
    inOrder(
      en.line("card-votes", { buttons: "👍 2 · 👎 0 · ❤️ 0" }),
      en.line("card-taps", { buttons: "Details 4" }),
    ),
    id,
  );

  const edits = () => telegram.calls.filter(({ method }) => method === "editMessageText").length;
  const [before, since] = [edits(), clock.monotonic()];
  for (let times = 0; times < 30; times += 1) {
    await bob.taps(times % 2 ? UP : DOWN);
    clock.advance(1_000);
  }
  expect(edits() - before).toBeLessThanOrEqual((clock.monotonic() - since) / 10_000 + 1);
});
