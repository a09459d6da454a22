import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { vote } from "../../src/campaign/votes/button-votes.ts";
import { homeScope } from "../../src/db/scope.ts";
import { audit, pollAnswers, polls } from "../../src/db/schema.ts";
import { storedTally } from "../../src/content/poll-tally.ts";
import { apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST } from "../support/scene.ts";

test("a list is made, filled by name and by campaign, renamed and deleted", async () => {
  const { call, database } = await apiScene(4);
  const content = { kind: "text", text: "Yes?", buttons: [[{ text: "👍", vote: true }]] };
  await call("POST", "/v1/campaigns", { content });
  await call("POST", "/v1/campaigns/1/send", { agreed_count: 4 });
  await until(async () => (await call("GET", "/v1/campaigns/1")).body.state === "finished", 15_000);
  await within(database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    await vote(scope, 1, FIRST, "👍");
    await vote(scope, 1, 999, "👍"); // in a group; not on the bot's list
    const tally = { options: [{ id: "o1", text: "Blue", votes: 1 }], voters: 1, judged: 0, right: 0 };
    await db
      .insert(polls)
      .values({ botId: BOT_ID, pollId: "p", campaignId: 1, tally: storedTally.store(tally) });
    const answer = { botId: BOT_ID, campaignId: 1, pollId: "p", name: "P", choices: ["o1"] };
    await db.insert(pollAnswers).values({ ...answer, voterId: FIRST + 1 });
  });

  const made = await call("POST", "/v1/lists", { name: "Spring fair" }, { as: "write" });
  expect(made).toMatchObject({ status: 201, body: { name: "Spring fair", members: 0 } });
  const at = `/v1/lists/${made.body.id}`;
  expect((await call("POST", "/v1/lists", { name: "SPRING  fair" })).status).toBe(409);
  expect((await call("POST", "/v1/lists", { name: "x" }, { as: "read" })).status).toBe(403);

  const fills = async (what: object) => (await call("POST", `${at}/members`, what)).body;
  expect(await fills({ ids: [FIRST + 3, 5], usernames: ["@nobody"], phones: ["12"] })).toEqual({
    added: 1,
    removed: 0,
    members: 1,
    unknown: ["5", "12", "@nobody"],
  });
  const by = (who: string, choice?: string) =>
    fills({ campaign: { number: 1, who, ...(choice && { choice }) } });
  expect(await by("voted", "👍")).toMatchObject({ added: 1 });
  expect(await by("voted", "Blue")).toMatchObject({ added: 1 });
  expect(await by("voted", "Green")).toMatchObject({ added: 0 });
  expect(await by("answered")).toMatchObject({ added: 0, members: 3 });
  expect(await by("reached")).toMatchObject({ added: 1, members: 4 });
  expect(await fills({ remove: [FIRST, 5] })).toMatchObject({ removed: 1, members: 3 });
  expect((await call("POST", `${at}/members`, { campaign: { number: 1, who: "voted" } })).status).toBe(422);
  const { body: page } = await call("GET", `${at}/members?limit=2`);
  expect(page).toEqual({ items: [FIRST + 1, FIRST + 2], next_cursor: String(FIRST + 2) });

  expect((await call("PATCH", at, { name: "Fair" })).body).toMatchObject({ name: "Fair", members: 3 });
  expect((await call("GET", "/v1/lists")).body.items).toMatchObject([{ name: "Fair", members: 3 }]);
  expect((await call("DELETE", at)).status).toBe(204);
  for (const path of [at, `${at}/members`])
    expect((await call(path === at ? "DELETE" : "GET", path)).status).toBe(404);
  const noted = await within(database, ({ db }) =>
    db
      .select({ subject: audit.subject })
      .from(audit)
      .where(and(eq(audit.homeId, BOT_ID), eq(audit.action, "list.deleted"))),
  );
  expect(noted).toEqual([{ subject: made.body.id }]);
});
