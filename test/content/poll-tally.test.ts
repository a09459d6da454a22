import type { Poll } from "grammy/types";
import { expect, test } from "vitest";
import { tallyOf } from "../../src/content/poll-tally.ts";

/** A poll with so many votes for each option. */
function poll(votes: number[], change: Partial<Poll> = {}): Poll {
  return {
    id: "1",
    question: "?",
    options: votes.map((count, index) => ({
      persistent_id: `p${index}`,
      text: "ABC"[index] ?? "",
      voter_count: count,
    })),
    total_voter_count: votes.reduce((sum, count) => sum + count, 0),
    is_closed: false,
    is_anonymous: true,
    type: "regular",
    allows_multiple_answers: false,
    allows_revoting: true,
    members_only: false,
    ...change,
  };
}

const judged = (votes: number[], change: Partial<Poll>) => {
  const { judged, right } = tallyOf(poll(votes, { type: "quiz", ...change }));
  return [judged, right];
};

test("what each option got, and how many voted", () => {
  expect(tallyOf(poll([2, 0], { total_voter_count: 2 }))).toEqual({
    options: [
      { id: "p0", text: "A", votes: 2 },
      { id: "p1", text: "B", votes: 0 },
    ],
    voters: 2,
    judged: 0,
    right: 0,
  });
});

test("in a quiz with one answer a voter, everyone who chose a right one was right", () => {
  expect(judged([3, 5, 1], { correct_option_ids: [1] })).toEqual([9, 5]);
  expect(judged([3, 5, 1], { correct_option_ids: [1, 2] })).toEqual([9, 6]);
  expect(judged([0, 0, 0], { correct_option_ids: [1] })).toEqual([0, 0]);
});

test("where several answers are allowed, right is who chose all the right ones and no other, if that can be told", () => {
  const several = { allows_multiple_answers: true, correct_option_ids: [0, 2], total_voter_count: 1 };
  expect(judged([1, 0, 1], several)).toEqual([1, 1]);
  expect(judged([1, 0, 0], several)).toEqual([1, 0]);
  expect(judged([1, 1, 1], several)).toEqual([1, 0]);
  expect(judged([2, 0, 2], { ...several, total_voter_count: 2 })).toEqual([0, 0]);
});

test("without a right answer nobody is judged", () => {
  expect(judged([1, 2], {})).toEqual([0, 0]);
  expect(tallyOf(poll([1, 2], { correct_option_ids: [0] }))).toMatchObject({ judged: 0, right: 0 });
});

test("options that read alike are told apart", () => {
  const options = ["A", "A", "B"].map((text, index) => ({ persistent_id: `${index}`, text, voter_count: 1 }));
  expect(tallyOf(poll([], { options })).options.map(({ text }) => text)).toEqual(["A", "A (2)", "B"]);
});
