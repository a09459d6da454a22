import { expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { PollGiven } from "../../playground/people/post.ts";
import { type Audience, EVERYONE } from "../../src/audience/segment/audience.ts";
import { listPollTotals } from "../../src/campaign/votes/poll-votes.ts";
import type { Content } from "../../src/content/content.ts";
import { homeScope } from "../../src/db/scope.ts";
import { broadcasts, cardOf, composes, until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { isFinished } from "../support/engine.ts";
import { running } from "../support/herald.ts";
import { type Scene, scene, shows } from "../support/scene.ts";
import { seedCampaign } from "../support/seed.ts";
import { en, inOrder, inState } from "../support/words.ts";

interface Polled extends Scene {
  /** Those who have the poll. */
  voters: Person[];
}

/** `count` people, and a campaign by the owner that has sent them a poll. */
async function polled(count: number, poll: PollGiven): Promise<Polled> {
  const all = await scene(count);
  await broadcasts(all.owner, { poll });
  await shows(all.owner, inState("finished"));
  return { ...all, voters: votersOf(all) };
}

function votersOf({ telegram, people }: Scene): Person[] {
  return people.map((id) => telegram.person({ id }));
}

async function votes(person: Person | undefined, ...options: number[]): Promise<void> {
  const message = person?.holds.findLast(({ poll }) => poll !== undefined);
  if (!person || !message) throw new Error("has no poll");
  await person.votes(message, options);
}

/** Asks for the card of a campaign until it shows these lines. */
async function cardSays({ owner }: Pick<Scene, "owner">, lines: string[], id = 1): Promise<void> {
  const wanted = lines.join("\n");
  const isThere = () => cardOf(owner, id)?.text?.includes(wanted) === true;
  for (let asked = 0; asked < 20 && !isThere(); asked += 1) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = cardOf(owner, id)?.message_id ?? 0;
    await owner.sends(`/campaign ${id}`);
    // First comes its title alone.
    await until(() => {
      const { message_id: shown = 0, text = "" } = cardOf(owner, id) ?? {};
      return shown > before && text.includes("\n");
    });
  }
  expect(cardOf(owner, id)?.text).toContain(wanted);
}

/** Sends a command and reads the files that come. */
async function filesAfter({ telegram, owner }: Scene, command: string, count = 1) {
  const before = owner.holds.length;
  const documents = () => owner.holds.slice(before).flatMap(({ document }) => (document ? [document] : []));
  await owner.sends(command);
  await until(() => documents().length === count);
  return Object.fromEntries(
    documents().map(({ file_name: name, file_id: id }) => [
      name ?? "",
      telegram.file(id).toString().trim().split("\n"),
    ]),
  );
}

test("20 people get 20 polls, and card, /stats and CSV agree on how they voted", async () => {
  const all = await polled(20, { question: "Lunch?", options: ["Soup", "Salad"] });
  const { owner, voters } = all;
  for (const person of voters.slice(0, 15)) await votes(person, 0);
  for (const person of voters.slice(0, 2)) await votes(person, 1);
  await votes(voters[14]);
  await cardSays(all, [
    en("card-poll", { count: 14 }),
    en("card-poll-option", { bar: "▓▓▓▓▓▓▓▓░░", share: 86, option: "Soup", count: 12 }),
    en("card-poll-option", { bar: "▓░░░░░░░░░", share: 14, option: "Salad", count: 2 }),
  ]);
  await owner.sends("/stats");
  await until(() =>
    owner.holds.some((one) => /Last polls\n#1 · 14 voted · Soup 86 %/.test(one.text ?? one.caption ?? "")),
  );
  expect(await filesAfter(all, "/results 1")).toEqual({
    "campaign-1-poll.csv": ["option,votes,percent,right", "Soup,12,86,", "Salad,2,14,"],
  });
});

test("the card follows votes by itself", async () => {
  const clock = movableClock();
  const all = await scene(1, { clock });
  await broadcasts(all.owner, { poll: { question: "Lunch?", options: ["Soup", "Salad"] } });
  await shows(all.owner, inState("finished"));
  await votes(votersOf(all)[0], 1);
  await until(async () => {
    const totals = await within(all.database, ({ db }) => listPollTotals(homeScope(db, BOT_ID), 1));
    return totals.length > 0;
  });
  clock.advance(11_000);
  await shows(all.owner, /Voted in the poll: 1\n.* 0 % · Soup · 0\n.* 100 % · Salad · 1/);
});

test("in a poll that is not anonymous the CSV names who answered what", async () => {
  const all = await polled(4, {
    question: "Which days?",
    options: ["Mon", "=Tue", "Wed"],
    is_anonymous: false,
    allows_multiple_answers: true,
  });
  const [first, second, third] = all.voters;
  await votes(first, 0, 1);
  await votes(second, 2);
  await votes(second, 1);
  await votes(third, 2);
  await votes(third);
  await cardSays(all, [
    en("card-poll", { count: 2 }),
    en("card-poll-option", { bar: "▓▓▓▓▓░░░░░", share: 50, option: "Mon", count: 1 }),
    en("card-poll-option", { bar: "▓▓▓▓▓▓▓▓▓▓", share: 100, option: "=Tue", count: 2 }),
  ]);
  const { "campaign-1-answers.csv": rows = [], ...others } = await filesAfter(all, "/results 1");
  expect(others).toEqual({});
  expect(rows[0]).toBe("user_id,name,username,version,answer,right,answered_at");
  expect(
    rows
      .slice(1)
      .map((row) => row.replace(/,[^,]*$/, ""))
      .toSorted(),
  ).toEqual([
    "100000,Person 100000,,,Mon; =Tue,",
    // No formula for a spreadsheet.
    "100001,Person 100001,,,'=Tue,",
  ]);
});

test("of a quiz it is said how many were right", async () => {
  const all = await polled(3, {
    question: "2 + 2?",
    options: ["3", "4"],
    type: "quiz",
    correct_option_ids: [1],
    is_anonymous: false,
  });
  await votes(all.voters[0], 1);
  await votes(all.voters[1], 0);
  await votes(all.voters[2], 1);
  await cardSays(all, [
    en("card-poll", { count: 3 }),
    "▓▓▓░░░░░░░ 33 % · 3 · 1",
    "▓▓▓▓▓▓░░░░ 67 % · ✅ 4 · 2",
    en("card-poll-right", { right: 2, judged: 3 }),
  ]);
  const { "campaign-1-answers.csv": rows = [] } = await filesAfter(all, "/results 1");
  expect(rows.slice(1).map((row) => row.split(",").slice(4, 6).join())).toEqual(
    expect.arrayContaining(["4,yes", "3,no", "4,yes"]),
  );
  await all.owner.sends("/stats");
  await until(() =>
    all.owner.holds.some((one) =>
      en.like("stats-quiz", { id: 1, count: 3, share: 67 }).test(one.text ?? one.caption ?? ""),
    ),
  );
});

/** Sends a campaign, and asks for its card. */
async function sent(all: Scene, content: Content, audience: Audience = EVERYONE): Promise<number> {
  const id = await within(all.database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    const campaign = await seedCampaign(scope, {
      state: "running",
      startedAt: new Date(),
      createdBy: all.owner.id,
      content,
      audience,
    });
    await isFinished(scope, campaign);
    return campaign.id;
  });
  await all.owner.sends(`/campaign ${id}`);
  await shows(all.owner, inState("finished"), id);
  return id;
}

const poll = (question: string, ...options: string[]) => ({
  kind: "poll" as const,
  poll: {
    question,
    options: options.map((text) => ({ text })),
    is_anonymous: true,
    type: "regular" as const,
  },
});

test("versions in several languages add up by the position of the option", async () => {
  const all = await scene(3);
  const voters = votersOf(all);
  await voters[2]?.sends("/language ru");
  await voters[2]?.sees("Русский");
  const id = await sent(all, {
    ...poll("Tea?", "Yes", "No"),
    buttons: [],
    versions: { ru: poll("Чай?", "Да", "Нет") },
  });
  await votes(voters[0], 0);
  await votes(voters[1], 1);
  await votes(voters[2], 0);
  expect(voters[2]?.holds.at(-1)?.poll?.question).toBe("Чай?");
  await cardSays(
    all,
    [
      en("card-poll", { count: 3 }),
      en("card-poll-option", { bar: "▓▓▓▓▓▓░░░░", share: 67, option: "Yes", count: 2 }),
      "▓▓▓░░░░░░░ 33 % · No · 1",
    ],
    id,
  );
});

test("a poll in a channel and one in a group add up, too", async () => {
  const all = await scene(3);
  const voters = votersOf(all);
  const channel = all.telegram.group({ type: "channel", creator: all.owner, members: voters });
  const group = all.telegram.group({ creator: all.owner, members: voters });
  await until(() => all.herald.logged.filter((line) => line.includes("a chat is noted")).length >= 2);
  const chats = [{ chatId: channel.id }, { chatId: group.id }];
  const id = await sent(all, { ...poll("Where?", "Here", "There"), buttons: [] }, { chats });
  for (const [room, option] of [
    [channel, 0],
    [group, 1],
  ] as const) {
    const message = all.telegram.messages(room.id).find((one) => one.poll);
    for (const voter of voters) if (message) await voter.votes(message, [option], { in: room });
  }
  await cardSays(
    all,
    [
      en("card-poll", { count: 6 }),
      en("card-poll-option", { bar: "▓▓▓▓▓░░░░░", share: 50, option: "Here", count: 3 }),
      en("card-poll-option", { bar: "▓▓▓▓▓░░░░░", share: 50, option: "There", count: 3 }),
    ],
    id,
  );
});

test("votes of a night when Herald was down are counted when it is back", async () => {
  const all = await polled(3, { question: "Lunch?", options: ["Soup", "Salad"] });
  await all.herald.stop();
  for (const person of all.voters) await votes(person, 1);
  await votes(all.voters[0], 0);
  await running(all.telegram, { database: all.database });
  await cardSays(all, [
    en("card-poll", { count: 3 }),
    en("card-poll-option", { bar: "▓▓▓░░░░░░░", share: 33, option: "Soup", count: 1 }),
    en("card-poll-option", { bar: "▓▓▓▓▓▓░░░░", share: 67, option: "Salad", count: 2 }),
  ]);
});

test("the votes of an admin under the preview are nobody's", async () => {
  const all = await scene(2);
  await composes(all.owner, { poll: { question: "Lunch?", options: ["Soup", "Salad"] } });
  const preview = all.owner.holds.findLast((message) => message.poll && message.from?.is_bot);
  if (preview) await all.owner.votes(preview, [0]);
  await all.owner.taps(en("button-send-now"));
  await all.owner.taps(en.opens("button-yes-send"));
  await shows(all.owner, inState("finished"));
  await votes(votersOf(all)[0], 1);
  await cardSays(all, [
    en("card-poll", { count: 1 }),
    en("card-poll-option", { bar: "░░░░░░░░░░", share: 0, option: "Soup", count: 0 }),
    en("card-poll-option", { bar: "▓▓▓▓▓▓▓▓▓▓", share: 100, option: "Salad", count: 1 }),
  ]);
});

test("the review says that each recipient gets a poll of their own, and that Forward shares one", async () => {
  const { owner } = await scene(2);
  await composes(owner, { poll: { question: "Lunch?", options: ["Soup", "Salad"] } });
  expect((await owner.sees(en.like("review-title"))).text).toContain(en("check-own-poll"));
  await owner.taps(en("button-options"));
  await owner.sees(en("options-note-forward"));
  await owner.taps(en("option-forward"));
  await owner.taps(en("button-back"));
  expect((await owner.sees(en.like("review-title"))).text).toContain(en("check-shared-poll"));
});

test("of a poll that was forwarded the card says where its results are", async () => {
  const { owner, telegram, people } = await scene(2);
  await composes(owner, { poll: { question: "Lunch?", options: ["Soup", "Salad"] } });
  await owner.taps(en("button-options"));
  await owner.sees(en.like("options-ask", { id: 1 }));
  await owner.taps(en("option-forward"));
  await owner.taps(en("button-back"));
  await owner.sees(en("review-options", { options: en("option-is-forward") }));
  await owner.taps(en("button-send-now"));
  await owner.taps(en.opens("button-yes-send"));
  await shows(owner, inOrder(inState("finished"), en.like("card-poll-forward")));
  const polls = new Set(people.map((id) => telegram.messages(id).find(({ poll }) => poll)?.poll?.id));
  expect(polls.size).toBe(1);
});

test("without a vote there are no results to send", async () => {
  const { owner } = await polled(1, { question: "Lunch?", options: ["Soup", "Salad"] });
  await owner.sends("/results 1");
  await owner.sees(en("results-none", { id: 1 }));
  expect(cardOf(owner)?.text).toContain("Voted in the poll: 0\n░░░░░░░░░░ 0 % · Soup · 0");
});
