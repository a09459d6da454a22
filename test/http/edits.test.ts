import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { apiScene } from "../support/api.ts";
import { until } from "../support/broadcast.ts";
import { FIRST } from "../support/scene.ts";

const saying = (text: string) => ({ content: { kind: "text", text } });

test("what a campaign has sent is edited, watched, and refused with the reason", async () => {
  const { call, telegram } = await apiScene(3);
  const created = await call("POST", "/v1/campaigns", saying("The old text"), {
    headers: { "Idempotency-Key": randomUUID() },
  });
  const { number } = created.body;
  const at = `/v1/campaigns/${number}/edit`;
  // Nothing is sent yet.
  expect(await call("POST", at, { ...saying("The new text"), test_to: null })).toMatchObject({ status: 409 });
  await call("POST", `/v1/campaigns/${number}/send`, { agreed_count: created.body.reach.reachable });
  await until(async () => (await call("GET", `/v1/campaigns/${number}`)).body.state === "finished");
  expect((await call("GET", at)).status).toBe(404);

  const photo = await call("POST", at, { content: { kind: "dice", emoji: "🎲" }, test_to: null });
  expect(photo).toMatchObject({ status: 409, body: { type: "urn:herald:problem:not-editable" } });
  expect((await call("POST", at, saying("No"), { as: "write" })).status).toBe(403);
  const stale = await call("POST", at, { ...saying("No"), revision: 77, test_to: null });
  expect(stale).toMatchObject({ status: 409, body: { type: "urn:herald:problem:changed" } });

  const edit = await call("POST", at, { ...saying("The new text"), test_to: null });
  expect(edit).toMatchObject({ status: 200, body: { content_revision: 2, counters: { total: 3 } } });
  await until(async () => (await call("GET", at)).body.state === "finished");
  expect((await call("GET", at, undefined, { as: "read" })).body).toMatchObject({
    counters: { total: 3, edited: 3, unchanged: 0, gone: 0, refused: 0, left: 0 },
    pause: null,
  });
  expect(telegram.messages(FIRST).map(({ text }) => text)).toEqual(["The new text"]);
  for (const move of ["pause", "resume", "stop"])
    expect(await call("POST", `${at}/${move}`)).toMatchObject({
      status: 409,
      body: { type: "urn:herald:problem:no-edit" },
    });
  // No draft is left.
  expect((await call("GET", "/v1/campaigns?state=draft")).body.items).toEqual([]);
});
