import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type ReportedDelivery,
  eachDeliveryPage,
  listDeliveries,
} from "../../src/campaign/report/each-delivery.ts";
import { listHistory } from "../../src/campaign/report/recipient-history.ts";
import { vote } from "../../src/campaign/votes/button-votes.ts";
import { countVotes, notePolls } from "../../src/campaign/votes/poll-votes.ts";
import type { Scope } from "../../src/db/scope.ts";
import { deliveries } from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, range, seedCampaign, seedPeople, seedRunning } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

async function freeze(languages: string[]): Promise<number> {
  return seedRunning(scope, [], { audience: { languages } });
}

const campaignsOf = async (id: number, limit = 100, before?: number) =>
  (await listHistory(scope, id, limit, before)).map(({ campaignId }) => campaignId);

describe("a person's history", () => {
  test("is found in every campaign that they were in, and in no other", async () => {
    // With gaps, and people at both ends.
    await seedPeople(
      scope,
      range(1, 40).map((n) => n * 4),
      { language: "en" },
    );
    await seedPeople(
      scope,
      range(1, 25).map((n) => n * 6 + 1),
      { language: "de" },
    );
    const [en, de, both] = [await freeze(["en"]), await freeze(["de"]), await freeze(["en", "de"])];
    const nobody = await freeze(["fr"]);
    const rows = await scope.db.select().from(deliveries);
    for (const id of range(0, 180)) {
      const ids = rows.filter(({ chatId }) => chatId === id).map(({ campaignId }) => campaignId);
      expect(await campaignsOf(id), `of ${id}`).toEqual(ids.toSorted((a, b) => b - a));
    }
    expect(new Set(rows.map(({ campaignId }) => campaignId))).toEqual(new Set([en, de, both]));
    expect(await campaignsOf(4, 100, nobody)).toEqual([both, en]);
    expect(await campaignsOf(4, 1)).toEqual([both]);
    expect(await campaignsOf(4, 100, both)).toEqual([en]);
  });

  test("is found behind hundreds of campaigns that they were not in", async () => {
    await seedPeople(scope, [5], { language: "en" });
    await seedPeople(scope, [6], { language: "de" });
    const first = await freeze(["en"]);
    for (let made = 0; made < 205; made += 1) await freeze(["de"]);
    expect(await campaignsOf(5)).toEqual([first]);
    expect(await campaignsOf(6, 300)).toHaveLength(205);
  });

  test("has their vote and their answers, also under a post in a group; details that were dropped are not in it", async () => {
    await seedPeople(scope, [5, 6], { language: "en" });
    await seedPeople(scope, [-100_200], { kind: "group" });
    const chats = [{ chatId: -100_200 }, { chatId: -100_200, threadId: 4 }];
    const people = await freeze(["en"]);
    const group = await seedRunning(scope, [], { audience: { chats } });
    await seedCampaign(scope, { state: "finished", total: 2, detailsDroppedAt: NOW });
    await vote(scope, people, 5, "👍");
    await vote(scope, group, 5, "👎");
    await notePolls(scope, [{ pollId: "p", campaignId: people, version: null }]);
    const options = [
      { id: "a", text: "Tea", votes: 1 },
      { id: "b", text: "Coffee", votes: 0 },
    ];
    const tally = { voters: 1, judged: 0, right: 0, options };
    const answers = [{ voterId: 5, name: "Ada", username: null, choices: ["a"] }];
    await countVotes(scope, [{ pollId: "p", tally, answers }]);
    expect(await listHistory(scope, 5, 10)).toMatchObject([
      { campaignId: group, deliveries: [], vote: { choice: "👎" }, answers: [] },
      {
        campaignId: people,
        deliveries: [{ chatId: 5, seq: 1, state: "pending", messageIds: [] }],
        vote: { choice: "👍" },
        answers: [{ choices: ["Tea"] }],
      },
    ]);
    expect(await listHistory(scope, -100_200, 10)).toMatchObject([
      { campaignId: group, deliveries: [{ threadId: null }, { threadId: 4 }], vote: null },
    ]);
  });
});

describe("the deliveries of a campaign", () => {
  test("are read range by range, whole or of some states, from any place on", async () => {
    const id = await seedRunning(scope, range(1, 12_000));
    await scope.db.execute(`update deliveries set state = 'failed', reason = 'other' where seq % 4000 = 7`);
    const pages: ReportedDelivery[][] = [];
    for await (const page of eachDeliveryPage(scope, id)) pages.push(page);
    expect(pages.map(({ length }) => length)).toEqual([5_000, 5_000, 2_000]);
    expect(pages.flat().map(({ seq }) => seq)).toEqual(range(1, 12_000));
    const failed = async (after: number, limit: number) =>
      (await listDeliveries(scope, id, { states: ["failed"], after }, limit)).map(({ seq }) => seq);
    expect(await failed(0, 10)).toEqual([7, 4_007, 8_007]);
    expect(await failed(7, 1)).toEqual([4_007]);
    expect(await failed(8_007, 1)).toEqual([]);
    expect(await listDeliveries(scope, id, { after: 2 ** 50 }, 5)).toEqual([]);
    expect((await listDeliveries(scope, id, { after: 4_998 }, 4)).map(({ seq }) => seq)).toEqual(
      range(4_999, 5_002),
    );
  });
});
