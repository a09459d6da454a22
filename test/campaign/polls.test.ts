import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { resultsOf } from "../../src/campaign/report/poll-results.ts";
import {
  type Answer,
  type NamedAnswer,
  countVotes,
  eachAnswer,
  hasAnswers,
  listPollTotals,
  listPolled,
  notePolls,
} from "../../src/campaign/votes/poll-votes.ts";
import type { Content } from "../../src/content/content.ts";
import type { Tally } from "../../src/content/poll-tally.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { emptied, range } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const CAMPAIGN = 5;

/** A poll for tea or coffee, with so many votes for each. */
function tally(tea: number, coffee: number, change: Partial<Tally> = {}): Tally {
  const options = [
    { id: "0", text: "Tea", votes: tea },
    { id: "1", text: "Coffee", votes: coffee },
  ];
  return { options, voters: tea + coffee, judged: 0, right: 0, ...change };
}

const sent = (pollId: string, version: string | null = null, campaignId = CAMPAIGN) =>
  notePolls(scope, [{ pollId, version, campaignId }]);
const heard = (pollId: string, now: Tally | null, answers: Answer[] = []) =>
  countVotes(scope, [{ pollId, tally: now, answers }]);
const answer = (voterId: number, ...choices: string[]): Answer => ({
  voterId,
  name: `V${voterId}`,
  username: null,
  choices,
});

/** "Tea 2", "voters 2" and so on, as the totals have them. */
async function totals(campaignId = CAMPAIGN): Promise<string[]> {
  const rows = await listPollTotals(scope, campaignId);
  return rows
    .map(({ version, what, option, count }) => [version, option || what, count].filter(Boolean).join(" "))
    .toSorted();
}

async function answers(): Promise<NamedAnswer[]> {
  const all: NamedAnswer[] = [];
  for await (const one of eachAnswer(scope, CAMPAIGN)) all.push(one);
  return all;
}

describe("the polls of a campaign", () => {
  test("add up; what is heard again counts once, and what is taken back no more", async () => {
    await sent("1");
    await sent("2");
    await heard("1", tally(1, 0));
    await heard("2", tally(0, 1));
    await heard("2", tally(0, 1));
    expect(await totals()).toEqual(["Coffee 1", "Tea 1", "voters 2"]);
    await heard("2", tally(1, 0));
    expect(await totals()).toEqual(["Tea 2", "voters 2"]);
    await heard("1", tally(0, 0));
    expect(await totals()).toEqual(["Tea 1", "voters 1"]);
  });

  test("are told apart: those of others, of other bots and of nobody change nothing", async () => {
    const other = homeScope(scope.db, scope.botId + 1);
    await sent("1");
    await sent("2", null, CAMPAIGN + 1);
    await notePolls(other, [{ pollId: "1", version: null, campaignId: CAMPAIGN }]);
    const { known, campaigns } = await countVotes(
      scope,
      ["1", "2", "3"].map((pollId) => ({ pollId, tally: tally(1, 0), answers: [answer(1, "0")] })),
    );
    expect([[...known], [...campaigns]]).toEqual([
      ["1", "2"],
      [CAMPAIGN, CAMPAIGN + 1],
    ]);
    expect(await totals()).toEqual(["Tea 1", "voters 1"]);
    expect(await listPollTotals(other, CAMPAIGN)).toEqual([]);
    expect(await listPolled(scope, 5)).toEqual([CAMPAIGN + 1, CAMPAIGN]);
    expect(await listPolled(scope, 1)).toEqual([CAMPAIGN + 1]);
  });

  test("that are noted twice, as when a batch is settled again, and forwards of one poll stay as they are", async () => {
    await sent("1");
    await heard("1", tally(3, 1));
    await notePolls(
      scope,
      range(1, 3).map(() => ({ pollId: "1", version: null, campaignId: CAMPAIGN })),
    );
    await sent("1", null, CAMPAIGN + 1);
    await heard("1", tally(3, 2));
    expect(await totals()).toEqual(["Coffee 2", "Tea 3", "voters 5"]);
    expect(await totals(CAMPAIGN + 1)).toEqual([]);
  });

  test("heard by two processes at once count once", async () => {
    await sent("1");
    await Promise.all(range(1, 8).map(() => heard("1", tally(1, 0))));
    expect(await totals()).toEqual(["Tea 1", "voters 1"]);
  });
});

describe("who answered what", () => {
  test("is the last that each said; a vote that is taken back leaves nothing", async () => {
    await sent("1", "ru");
    expect(await hasAnswers(scope, CAMPAIGN)).toBe(false);
    await heard("1", tally(2, 0), [answer(7, "0"), answer(8, "0"), answer(-100, "1")]);
    await heard("1", null, [answer(7, "1", "0"), answer(8)]);
    expect(await hasAnswers(scope, CAMPAIGN)).toBe(true);
    const all = await answers();
    expect(all.map(({ voterId, choices }) => [voterId, choices])).toEqual([
      [-100, ["1"]],
      [7, ["1", "0"]],
    ]);
    expect(all[1]).toMatchObject({
      name: "V7",
      version: "ru",
      tally: tally(2, 0),
      answeredAt: expect.any(Date),
    });
  });

  test("is written at once, however many of one poll came together, as after an hour without the database", async () => {
    await sent("1");
    const all = range(1, 12_000).map((voterId) => answer(voterId, "0"));
    await heard("1", tally(12_000, 0), all);
    await heard("1", null, [answer(1, "1"), answer(2), ...all.slice(2)]);
    const written = await answers();
    expect(written).toHaveLength(11_999);
    expect(written.filter(({ choices }) => choices[0] === "1").map(({ voterId }) => voterId)).toEqual([1]);
  });

  test("is read to the end, however many they are", async () => {
    await sent("1");
    await sent("2");
    for (const pollId of ["1", "2"])
      await heard(
        pollId,
        tally(1_500, 0),
        range(1, 1_500).map((id) => answer(id, "0")),
      );
    const ids = (await answers()).map(({ voterId }) => voterId);
    expect(ids).toEqual([...range(1, 1_500), ...range(1, 1_500)]);
  });
});

const poll = (...options: string[]) => ({
  kind: "poll" as const,
  poll: { question: options.join("/"), options: options.map((text) => ({ text })) },
});
const lines = async (content: Content) =>
  resultsOf(content, await listPollTotals(scope, CAMPAIGN))?.options.map(
    ({ text, votes }) => `${text} ${votes}`,
  );

describe("the results of a post", () => {
  test("sum the versions by position", async () => {
    await sent("1");
    await sent("2", "ru");
    await heard("1", tally(1, 0));
    const options = [
      { id: "0", text: "Чай", votes: 0 },
      { id: "1", text: "Кофе", votes: 1 },
    ];
    await heard("2", { options, voters: 1, judged: 0, right: 0 });
    const content = { ...poll("Tea", "Coffee"), buttons: [], versions: { ru: poll("Чай", "Кофе") } };
    expect(await lines(content)).toEqual(["Tea 1", "Coffee 1"]);
  });

  test("count the copies that people have for what they say, after an edit that moves the options", async () => {
    await sent("1");
    await heard("1", tally(3, 1));
    expect(await lines({ ...poll("Coffee", "Tea"), buttons: [] })).toEqual(["Coffee 1", "Tea 3"]);
    expect(await lines({ ...poll("Water", "Coffee"), buttons: [] })).toEqual([
      "Water 0",
      "Coffee 1",
      "Tea 3",
    ]);
    expect(await lines({ kind: "text", text: "No poll any more", buttons: [] })).toEqual([
      "Tea 3",
      "Coffee 1",
    ]);
  });

  test("list options that people added, and of options that read alike each its own", async () => {
    await sent("1");
    const options = ["Tea", "Tea (2)", "Rum"].map((text, index) => ({
      id: `x${index}`,
      text,
      votes: index + 1,
    }));
    await heard("1", { options, voters: 6, judged: 0, right: 0 });
    expect(await lines({ ...poll("Tea", "Tea"), buttons: [] })).toEqual(["Tea 1", "Tea (2) 2", "Rum 3"]);
  });

  test("of a post that is no poll are none", async () => {
    expect(await lines({ kind: "text", text: "Hello", buttons: [] })).toBeUndefined();
  });
});
