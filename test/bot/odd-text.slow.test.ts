import { Api } from "grammy";
import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Post } from "../../playground/people/post.ts";
import { noteTopic } from "../../src/audience/chats.ts";
import { findPerson } from "../../src/audience/recipients.ts";
import type { At } from "../../src/bot/features/compose/dialog/at.ts";
import { getDraft } from "../../src/campaign/queries.ts";
import { homeScope } from "../../src/db/scope.ts";
import { storable } from "../../src/storable.ts";
import { composes, until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { TOKEN } from "../support/herald.ts";
import { type Scene, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const HALF = "\ud83d";
/** What nobody types, and what may come all the same: NUL, other control characters, halves of an emoji. */
const ODD = ["\0", `${HALF}x\0\u0001\b\u001B[2J\u007F\u0085\uDFFF`];
const WRONG = /Something went wrong|got mixed up/;

/** Taps a button of the draft as if it stood on an old card: those work at any time. */
async function tapsOf({ telegram, owner }: Scene, data: string): Promise<void> {
  const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
  const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: data }]] };
  const { message_id } = await api.sendMessage(owner.id, "An old card", { reply_markup });
  await owner.taps("Go", { on: message_id });
}

/** Sends it, and waits for an answer. */
async function isAnswered(person: Person, post: Post, options = {}): Promise<void> {
  await person.sends(post, options);
  await person.sees(/./);
}

/** What the log calls an error, and what the owner was told went wrong. */
const troubleOf = ({ herald, owner }: Scene) => [
  ...herald.logged.filter((line) => /"level":"(error|fatal)"/.test(line)),
  ...owner.holds.flatMap(({ text = "" }) => (WRONG.test(text) ? [text] : [])),
];

test("whatever is typed in whichever step of the composer is answered", async () => {
  const all = await scene(3, { config: { confirmTypedFrom: 1 } });
  const { telegram, owner, database, herald } = all;
  const forum = telegram.group({ title: `Forum ${ODD[1]}`, isForum: true, creator: owner });
  await until(() => herald.logged.some((line) => line.includes("a chat is noted")));
  await within(database, ({ db }) => noteTopic(homeScope(db, BOT_ID), forum.id, 5, { name: "Offers" }));
  await composes(owner, "Hello");
  /** The data of a draft's button that leads to each step; the draft that it is of is #1, or #2, an album. */
  const steps: Record<Exclude<At["expects"], "nothing" | "source" | "delay">, string[]> = {
    zone: ["d:1:when:"],
    moment: ["d:1:zone:Europe/Berlin", "d:1:when:"],
    post: ["d:1:edit:"],
    buttons: ["d:1:buttons:"],
    below: ["d:2:below:default"],
    effect: ["d:1:effect:"],
    version: ["d:1:versions:"],
    chats: ["d:1:chats:"],
    topics: [`d:1:topics:${forum.id}.0`],
    lifetime: ["d:1:after:"],
    repeat: ["d:1:repeat:"],
    monthday: ["d:1:month:"],
    hour: ["d:1:rule:d"],
    ends: ["d:1:rule:d.600", "d:1:ends:"],
    hours: ["d:1:hours:"],
    filter: ["d:1:filter:"],
    exclude: ["d:1:exclude:"],
    first: ["d:1:firstask:"],
    chance: ["d:1:chanceask:"],
    segmentname: ["d:1:filter:", "d:1:condition:+seen:<7d", "d:1:saveas:"],
    codes: ["d:1:codes:"],
    label: ["d:1:back:"],
    number: ["d:1:once:", "d:1:now:", "d:1:people:", "d:1:all:.on", "d:1:send:"],
  };
  for (const [step, ways] of Object.entries(steps))
    for (const text of ODD) {
      if (step === "below") {
        await owner.sends("/broadcast");
        await owner.sees(en("post-ask"));
        await owner.sendsAlbum([{ photo: true, caption: text }, { photo: true }]);
        await owner.sees(en.like("audience-ask"));
        const id = /#(\d+)/.exec(owner.holds.at(-1)?.text ?? "")?.[1];
        await tapsOf(all, `d:${id}:below:default`);
      } else for (const data of ways) await tapsOf(all, data);
      await isAnswered(owner, text);
    }
  for (const data of ["d:1:now:", "d:1:when:"]) await tapsOf(all, data);
  await owner.sends("tomorrow\0 at 9:00\u001F");
  await owner.sees(/09:00 · Europe\/Berlin/);
  expect(troubleOf(all)).toEqual([]);
});

test("and so is every kind of post, with its text as Telegram would clean it", async () => {
  const all = await scene(1);
  const { owner, database } = all;
  const odd = `a\0b ${HALF} c\u0001`;
  const posts: Post[] = [
    odd,
    { photo: true, caption: odd },
    { document: { file_name: odd }, caption: odd },
    { audio: { file_name: odd, title: odd, performer: odd } },
    { poll: { question: odd, options: [odd, "Other"] } },
    { contact: { phone_number: "1", first_name: odd } },
    { venue: { location: { latitude: 1, longitude: 1 }, title: odd, address: odd } },
  ];
  for (const post of posts) {
    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await isAnswered(owner, post);
  }
  const { content } = await within(database, ({ db }) => getDraft(homeScope(db, BOT_ID), 1));
  expect(content).toMatchObject({ kind: "text", text: "a b \uFFFD c " });
  expect(troubleOf(all)).toEqual([]);
});

test("entities stay on their words", async () => {
  const all = await scene(1);
  const { owner, people, telegram } = all;
  const bold = { type: "bold", offset: 4, length: 4 } as const;
  await composes(owner, { text: `\0\u0001 ${HALF}bold`, entities: [bold] });
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inState("finished"));
  const received = telegram.received(people[0]!).at(-1);
  const entity = received?.entities?.[0];
  expect(received?.text?.slice(entity?.offset, (entity?.offset ?? 0) + (entity?.length ?? 0))).toBe("bold");
});

test("a person with this name joins, gets the post under it, and holds up nobody", async () => {
  const all = await scene(2);
  const { telegram, owner, database, people } = all;
  const nil = telegram.person({ id: 500, firstName: `Nil\0${HALF}`, lastName: "\u0007", languageCode: "en" });
  await nil.sends("/start payload\0\u0001");
  await nil.sees("Nil");
  await composes(owner, "Hello {first_name|friend}");
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, en.like("card-sent", { count: 3 }));
  expect([...people, 500].map((id) => telegram.received(id).at(-1)?.text)).toEqual([
    "Hello P",
    "Hello P",
    "Hello Nil \uFFFD",
  ]);
  const known = await within(database, ({ db }) => findPerson(homeScope(db, BOT_ID), 500));
  expect(known).toMatchObject({ firstName: "Nil \uFFFD", lastName: null });
  expect(troubleOf(all)).toEqual([]);
});

test("commands, the other dialogs, names of chats and topics, and made-up buttons", async () => {
  const all = await scene(1);
  const { telegram, owner, herald } = all;
  const team = telegram.group({ title: `Team ${ODD[1]}`, isForum: true, creator: owner });
  await until(() => herald.logged.some((line) => line.includes("a chat is noted")));
  // Said after that line is logged; later it would be taken for the answer to a command.
  await owner.sees(en.like("chat-can-post"));
  for (const text of ODD) {
    for (const command of ["/campaigns", "/campaign", "/pause", "/language", "/timezone", "/calendar"])
      await isAnswered(owner, `${command} ${text}`);
    for (const [command, button, asked] of [
      ["/admins", en("admins-add"), en("admins-ask")],
      ["/settings", en("settings-other"), en.like("settings-hours-ask")],
    ] as const) {
      await owner.sends(command);
      await owner.sees(/./);
      await owner.taps(button);
      await owner.sees(asked);
      await isAnswered(owner, text);
      const hidden = { type: "hidden_user", sender_user_name: text, date: 1 };
      await isAnswered(owner, text, { forward_origin: hidden });
      await owner.sends("/cancel");
      await owner.sees(en("dialog-left"));
    }
    await isAnswered(owner, text);
    await team.createsTopic(owner, text);
    for (const data of ["b:1:1:", "c:1:", "d:1:", "z:", "campaigns:", "admins:remove:", "overdue:1."]) {
      await tapsOf(all, `${data}${text.replaceAll(/\p{Surrogate}/gu, "")}`);
      // A button of a screen that names nothing has the screen drawn anew.
      if (/^(?:campaigns|admins):/.test(data)) await owner.sees(/./);
    }
  }
  await composes(owner, "Hello");
  await owner.taps(en("button-audience"));
  await owner.taps(en("audience-to-chats"));
  await until(() =>
    owner
      .buttons()
      .flat()
      .some((label) => label.startsWith("Team ")),
  );
  expect(troubleOf(all)).toEqual([]);
});

test("a text without any of it stays as it is", () => {
  const text = "Привет 👍🏽 line\r\n\ttab ‍ é ﷽";
  expect(storable(text)).toBe(text);
});
