import { describe, expect, test } from "vitest";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { type Crew, isStillSo, listenersOf } from "../../src/campaign/news/listeners.ts";
import { type News, claimTelling, listNews, noteAction } from "../../src/campaign/news/news.ts";
import type { Tell } from "../../src/campaign/news/news-settings.ts";
import { tellOf } from "../../src/campaign/settings.ts";
import type { NewsKind } from "../../src/db/states.ts";
import { freshScope } from "../support/database.ts";
import { ownerActor } from "../support/seed.ts";

const [OWNER, AUTHOR, OTHER] = [1, 2, 3];
const GROUP = { chatId: -5, by: OTHER };
const CREW: Crew = { admins: [OWNER, AUTHOR, OTHER], owners: [OWNER], concerned: [] };

/** The chats that are told, in their order. */
function toldOf(
  what: NewsKind,
  {
    by = null,
    watchers = [],
    tell = {},
    crew = {},
    started = true,
  }: {
    by?: number | null;
    watchers?: number[];
    tell?: Partial<Tell>;
    crew?: Partial<Crew>;
    started?: boolean;
  } = {},
): number[] {
  const campaign = { createdBy: AUTHOR, startedAt: started ? new Date() : null } as Campaign;
  const item = { what, actorId: by, watchers } as unknown as News;
  const all = { ...tellOf({ window: null }), ...tell };
  return listenersOf(campaign, item, all, { ...CREW, ...crew }).map(({ chatId }) => chatId);
}

describe("a beginning and an end are told", () => {
  const toAdmins = { besides: "admins" } as const;

  test.each<[string, number[], number[]]>([
    ["to the author", toldOf("ended"), [AUTHOR]],
    ["to all admins, the author first", toldOf("ended", { tell: toAdmins }), [AUTHOR, OWNER, OTHER]],
    ["to the author and a group", toldOf("began", { tell: { besides: GROUP } }), [AUTHOR, GROUP.chatId]],
    ["not to who looks at the card", toldOf("ended", { watchers: [AUTHOR] }), []],
    [
      "to the others and the group all the same",
      toldOf("ended", { watchers: [AUTHOR], tell: { besides: GROUP } }),
      [GROUP.chatId],
    ],
    [
      "to who looks at the card if chats were missed",
      toldOf("ended", { watchers: [AUTHOR], crew: { concerned: [AUTHOR, OTHER] } }),
      [AUTHOR, OTHER],
    ],
    ["to nobody when that is off", toldOf("ended", { tell: { ...toAdmins, ended: false } }), []],
    ["each by its own switch", toldOf("ended", { tell: { began: false } }), [AUTHOR]],
    [
      "to the owners for an author who was removed",
      toldOf("ended", { crew: { admins: [OWNER, OTHER] } }),
      [OWNER],
    ],
    ["not twice", toldOf("began", { crew: { admins: [OWNER, OTHER] } }), []],
  ])("%s", (_, told, expected) => expect(told).toEqual(expected));
});

describe("what an admin does is told", () => {
  test.each<[string, number[], number[]]>([
    ["to the author", toldOf("paused", { by: OTHER }), [AUTHOR]],
    ["to no one but the author", toldOf("paused", { by: OTHER, tell: { besides: "admins" } }), [AUTHOR]],
    ["not to who did it", toldOf("cancelled", { by: AUTHOR }), []],
    ["not when that is off", toldOf("changed", { by: OTHER, tell: { deeds: false } }), []],
    [
      "not to an author who was removed",
      toldOf("paused", { by: OTHER, crew: { admins: [OWNER, OTHER] } }),
      [],
    ],
    [
      "as an end to the others, too, but for who ended it",
      toldOf("cancelled", { by: AUTHOR, tell: { besides: "admins" } }),
      [OWNER, OTHER],
    ],
    [
      "to the author alone when it had not begun",
      toldOf("cancelled", { by: OTHER, started: false, tell: { besides: GROUP } }),
      [AUTHOR],
    ],
  ])("%s", (_, told, expected) => expect(told).toEqual(expected));
});

const stands = (state: Campaign["state"], what: NewsKind) => isStillSo({ state }, { what } as News);

test("what is over is not said to have begun, and what goes on again not to be done", () => {
  expect([stands("running", "began"), stands("finished", "began"), stands("paused", "began")]).toEqual([
    true,
    false,
    false,
  ]);
  expect([stands("finished", "ended"), stands("running", "ended")]).toEqual([true, false]);
});

test("of two processes that would tell somebody, one does", async () => {
  const scope = await freshScope();
  await noteAction(scope, { id: 1, createdBy: AUTHOR }, "paused", ownerActor(OTHER));
  const [item] = await listNews(scope);
  const claims = await Promise.all([1, 2].map(() => claimTelling(scope, item!, AUTHOR)));
  expect(claims.filter((isFirst) => isFirst)).toHaveLength(1);
  expect((await listNews(scope))[0]?.told).toEqual([AUTHOR]);
});
