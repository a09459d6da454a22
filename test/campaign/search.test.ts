import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LISTS, type List, countFound, countLists, listPage, searchPage } from "../../src/campaign/search.ts";
import type { Segment } from "../../src/audience/segment/segment.ts";
import type { Content } from "../../src/content/content.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, seedCampaign } from "../support/seed.ts";

/** After New Year's Day, where it begins at this hour of the day before. */
const day = (zone: string) => ({
  compare: ">" as const,
  day: "2026-01-01",
  from: `2025-12-31T${zone}:00:00.000Z`,
  to: `2026-01-01T${zone}:00:00.000Z`,
});

let scope: Scope;
let other: Scope;

beforeAll(async () => {
  scope = await freshScope();
  other = homeScope(scope.db, 2);
});
beforeEach(() => emptied(scope));

const inHours = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

const idsIn = async (list: List, page = 0, size = 10) =>
  (await listPage(scope, list, { page, size })).campaigns.map(({ id }) => id);

describe("lists", () => {
  test("every campaign is in one of them: what was paused before its time still waits for it", async () => {
    const ids: Record<string, number> = {};
    const seed = async (name: string, change: Parameters<typeof seedCampaign>[1]) =>
      (ids[name] = (await seedCampaign(scope, change)).id);
    await seed("draft", { state: "draft" });
    await seed("waiting", { state: "scheduled", startsAt: inHours(5) });
    await seed("put off", { state: "paused", pauseReason: "admin", startsAt: inHours(2) });
    await seed("late", { state: "paused", pauseReason: "late", startsAt: inHours(-30) });
    await seed("running", { state: "running", startedAt: NOW });
    await seed("stopped", { state: "paused", pauseReason: "errors", startedAt: NOW });
    await seed("finished", { state: "finished", startedAt: NOW });
    await seed("cancelled", { state: "cancelled" });
    await seed("expired", { state: "expired" });
    await seedCampaign(other, { state: "draft" });

    const named = async (list: List) => {
      const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]));
      return (await idsIn(list)).map((id) => names.get(id));
    };
    expect(await named("running")).toEqual(["stopped", "running"]);
    expect(await named("scheduled")).toEqual(["late", "put off", "waiting"]);
    expect(await named("drafts")).toEqual(["draft"]);
    expect(await named("done")).toEqual(["expired", "cancelled", "finished"]);
    expect(await countLists(scope)).toEqual({ running: 2, scheduled: 3, drafts: 1, done: 3 });
    expect(await countLists(other)).toEqual({ running: 0, scheduled: 0, drafts: 1, done: 0 });
    expect(LISTS).toEqual(Object.keys(await countLists(scope)));
  });

  test("what waits comes in the order of its time, and drafts by the newest, page by page", async () => {
    const ids = [];
    for (const hours of [9, 1, 5, 3])
      ids.push((await seedCampaign(scope, { state: "scheduled", startsAt: inHours(hours) })).id);
    const [in9, in1, in5, in3] = ids;
    expect(await idsIn("scheduled", 0, 3)).toEqual([in1, in3, in5]);
    expect(await idsIn("scheduled", 1, 3)).toEqual([in9]);
    expect((await listPage(scope, "scheduled", { page: 0, size: 3 })).more).toBe(true);
    expect((await listPage(scope, "scheduled", { page: 0, size: 4 })).more).toBe(false);
    const first = (await seedCampaign(scope, { state: "draft" })).id;
    const second = (await seedCampaign(scope, { state: "draft" })).id;
    expect(await idsIn("drafts")).toEqual([second, first]);
  });
});

describe("search", () => {
  const POSTS: Record<string, Content> = {
    sale: { kind: "text", text: "Black Friday:\neverything at -50% off", buttons: [] },
    photo: {
      kind: "photo",
      fileId: "f1",
      caption: "Чёрная ПЯТНИЦА, скидки",
      buttons: [],
    },
    buttons: {
      kind: "text",
      text: "Come in",
      buttons: [
        [{ text: "Our Shop_2", url: "https://friday.example" }],
        [{ text: "Help", url: "https://b.c" }],
      ],
    },
    sticker: { kind: "sticker", fileId: "text", buttons: [] },
  };

  test.each<[string, string[]]>([
    ["friday", ["sale"]],
    ["FRIDAY black", ["sale"]],
    ["friday  shop", []],
    ["пятница", ["photo"]],
    ["черная", ["photo"]],
    ["чЁрн скидк", ["photo"]],
    ["our shop", ["buttons"]],
    ["help come", ["buttons"]],
    ["e", ["sale", "buttons"]],
    // Neither the address of a button, nor the file of a sticker, nor the names of the fields.
    ["example", []],
    ["f1", []],
    ["caption", []],
    // The signs of LIKE stand for themselves.
    ["50%", ["sale"]],
    ["%", ["sale"]],
    ["shop_", ["buttons"]],
    ["b_ack", []],
    ["\\", []],
    ["'; --", []],
    ["   ", []],
  ])("%j finds %j", async (words, found) => {
    const names = new Map<number, string>();
    for (const [name, content] of Object.entries(POSTS))
      names.set((await seedCampaign(scope, { content, state: "finished" })).id, name);
    await seedCampaign(other, { content: POSTS["sale"]! });
    const { campaigns, more } = await searchPage(scope, words, { page: 0, size: 10 });
    expect(campaigns.map(({ id }) => names.get(id)).toReversed()).toEqual(found);
    expect(more).toBe(false);
    expect(await countFound(scope, words)).toBe(found.length);
  });

  test("what is found comes in pages, the newest first, whatever its state", async () => {
    const ids = [];
    for (const state of ["draft", "scheduled", "finished"] as const)
      ids.push((await seedCampaign(scope, { state })).id);
    const [first, second] = [
      await searchPage(scope, "hello", { page: 0, size: 2 }),
      await searchPage(scope, "hello", { page: 1, size: 2 }),
    ];
    expect(first.campaigns.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(first.more).toBe(true);
    expect(second.campaigns.map(({ id }) => id)).toEqual([ids[0]]);
    expect(second.more).toBe(false);
  });

  test("a line of conditions finds the campaigns whose audience has them", async () => {
    const by = async (segment: Segment) =>
      (await seedCampaign(scope, { audience: { languages: "all", segment } })).id;
    const vip = await by({ tag: "vip" });
    const nested = await by({ any: [{ all: [{ tag: "vip" }, { joined: day("21") }] }, { source: "vk" }] });
    const without = await by({ not: { tag: "vip" } });
    const voted = await by({ voted: { campaign: 12, choice: "👍" } });
    const text = (
      await seedCampaign(scope, { content: { kind: "text", text: "Your tag:vip is here", buttons: [] } })
    ).id;
    await by({ tag: "vips" });
    const found = async (words: string) => {
      const { campaigns } = await searchPage(scope, words, { page: 0, size: 10 });
      expect(await countFound(scope, words)).toBe(campaigns.length);
      return campaigns.map(({ id }) => id).toReversed();
    };
    expect(await found("tag:VIP")).toEqual([vip, nested, without, text]);
    expect(await found("-метка:vip")).toEqual([without]);
    expect(await found("tag:vip source:vk")).toEqual([nested]);
    // In whatever time zone the day was typed.
    expect(await found("joined:>2026-01-01")).toEqual([nested]);
    expect(await found("voted:12")).toEqual([voted]);
    expect(await found("voted:12=👎")).toEqual([]);
    expect(await found("tag:'; drop")).toEqual([]);
  });
});
