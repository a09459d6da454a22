import { expect, test } from "vitest";
import type { Content, PollFields, PostOptions } from "../../src/content/content.ts";
import { pollSwitchesFor } from "../../src/content/poll-options.ts";
import { render } from "../../src/content/render.ts";

const ALL: PostOptions = { shuffle: true, addOptions: true, hideResults: true };

const OPEN = { is_anonymous: false, type: "regular", open_period: 600 } as const;

function poll(change: Partial<PollFields>, count = 3): { kind: "poll"; poll: PollFields } {
  const options = Array.from({ length: count }, (_, index) => ({ text: `Option ${index + 1}` }));
  return { kind: "poll", poll: { question: "?", options, ...change } };
}

/** What of the three is asked for in the call. */
function asked(content: Content): string[] {
  const [call] = render(content, { chatId: 5, threadId: null, campaignId: 1, seq: 1 });
  const wishes = ["shuffle_options", "allow_adding_options", "hide_results_until_closes"];
  return wishes.filter((wish) => wish in (call?.payload ?? {}));
}

test.each<[string, Partial<PollFields>, number, string[]]>([
  ["one that is open to all", OPEN, 3, ["shuffle", "addOptions", "hideResults"]],
  ["an anonymous one", { ...OPEN, is_anonymous: true }, 3, ["shuffle", "hideResults"]],
  ["one that does not say that it is not anonymous", { open_period: 600 }, 3, ["shuffle", "hideResults"]],
  ["a quiz", { ...OPEN, type: "quiz", correct_option_ids: [0] }, 3, ["shuffle", "hideResults"]],
  ["one without an end", { is_anonymous: false }, 3, ["shuffle", "addOptions"]],
  ["a full one", OPEN, 12, ["shuffle", "hideResults"]],
  ["one with a single option", OPEN, 1, ["addOptions", "hideResults"]],
])("of the options of polls, %s has those that Telegram takes", (_, change, count, offered) => {
  const content = { ...poll(change, count), buttons: [], options: ALL };
  expect(pollSwitchesFor(content)).toEqual(offered);
  expect(asked(content)).toHaveLength(offered.length);
  expect(asked({ ...content, options: {} })).toEqual([]);
});

test("each version is asked for what it takes", () => {
  const content: Content = {
    ...poll({ is_anonymous: true }),
    buttons: [],
    options: ALL,
    versions: { ru: poll(OPEN) },
  };
  expect(pollSwitchesFor(content)).toEqual(["shuffle", "addOptions", "hideResults"]);
  expect(asked(content)).toEqual(["shuffle_options"]);
});

test("what is no poll, and a forward, has none of them", () => {
  expect(pollSwitchesFor({ kind: "text", text: "Hi", buttons: [], options: ALL })).toEqual([]);
  const source = { chatId: 1, messageIds: [2] };
  const content: Content = { ...poll(OPEN), buttons: [], options: { ...ALL, forward: true }, source };
  expect(pollSwitchesFor(content)).toEqual([]);
  expect(asked(content)).toEqual([]);
});
