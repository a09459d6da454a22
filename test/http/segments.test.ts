import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { audit, campaigns, recipients } from "../../src/db/schema.ts";
import { apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST } from "../support/scene.ts";

const line = (segment: string) => ({ segment });

test("a segment is saved, copied into campaigns and exports, replaced and deleted", async () => {
  const { call, database } = await apiScene(4, {
    prepare: ({ db }) =>
      db
        .update(recipients)
        .set({ tags: ["vip"] })
        .where(eq(recipients.chatId, FIRST)),
  });
  const at = `/v1/bots/${BOT_ID}/segments`;
  const regulars = `${at}/Spring%20regulars`;
  expect(await call("PUT", regulars, line("метка:VIP"), { as: "write" })).toMatchObject({
    status: 200,
    body: { name: "Spring regulars", segment: "tag:vip", reachable: 1, findings: [] },
  });
  expect((await call("PUT", regulars, line("tag:x"), { as: "read" })).status).toBe(403);
  expect((await call("PUT", `${at}/a%2Cb`, line("tag:x"))).status).toBe(422);
  expect((await call("PUT", regulars, line("hello"))).body.errors[0].detail).toMatch(/hello/);
  expect((await call("PUT", "/v1/bots/9/segments/x", line("tag:x"))).status).toBe(404);

  const content = { kind: "text", text: "Hello" };
  const audience = { languages: "all", segment: 'saved:"SPRING regulars" -phone:yes' };
  const draft = (await call("POST", "/v1/campaigns", { content, audience })).body;
  expect(draft).toMatchObject({ audience: { segment: "tag:vip -phone:yes" }, reach: { reachable: 1 } });
  const unknown = await call("POST", "/v1/campaigns", {
    content,
    audience: { languages: "all", segment: "saved:x" },
  });
  expect(unknown).toMatchObject({ status: 422, body: { errors: [{ pointer: "/audience/segment" }] } });
  const exported = async () =>
    (await call("GET", `/v1/recipients/export?segment=${encodeURIComponent('saved:"Spring regulars"')}`))
      .body;
  expect((await exported()).trim().split("\n").length).toBe(2);

  // Another spelling is the same one. The draft keeps what it took.
  expect((await call("PUT", `${at}/SPRING%20Regulars`, line("-tag:vip"))).body.reachable).toBe(3);
  expect((await call("GET", at)).body.items).toMatchObject([
    { name: "SPRING Regulars", segment: "-tag:vip" },
  ]);
  // The owner, who has opted out, is exported as well.
  expect((await exported()).trim().split("\n").length).toBe(5);
  expect((await call("GET", "/v1/campaigns/1")).body.audience.segment).toBe("tag:vip -phone:yes");
  const changed = await call("PATCH", "/v1/campaigns/1", {
    revision: draft.revision,
    audience: { languages: "all", segment: 'saved:"spring regulars"' },
  });
  expect(changed.body.audience.segment).toBe("-tag:vip");

  expect((await call("DELETE", regulars, undefined, { as: "read" })).status).toBe(403);
  expect((await call("DELETE", regulars)).status).toBe(204);
  for (const method of ["GET", "DELETE"]) expect((await call(method, regulars)).status).toBe(404);
  const noted = await within(database, ({ db }) =>
    db
      .select({ action: audit.action })
      .from(audit)
      .where(and(eq(audit.homeId, BOT_ID), eq(audit.subject, 1)))
      .orderBy(audit.id),
  );
  expect(noted.map(({ action }) => action).filter((action) => action.startsWith("segment."))).toEqual([
    "segment.saved",
    "segment.saved",
    "segment.deleted",
  ]);
});

test("a saved segment that names a campaign whose details are gone says so, and is not counted as everybody", async () => {
  const { call, database } = await apiScene(2);
  await call("POST", "/v1/campaigns", { content: { kind: "text", text: "Old" } });
  await call("POST", "/v1/campaigns/1/send", { agreed_count: 2 });
  await until(async () => (await call("GET", "/v1/campaigns/1")).body.state === "finished", 15_000);
  const at = `/v1/bots/${BOT_ID}/segments/others`;
  expect((await call("PUT", at, { segment: "-got:1" })).body).toMatchObject({ reachable: 0, findings: [] });
  await within(database, ({ db }) => db.update(campaigns).set({ detailsDroppedAt: new Date() }));
  expect((await call("GET", at)).body).toMatchObject({
    reachable: null,
    findings: [{ type: "segment-campaign-old", number: "1" }],
  });
  const audience = { languages: "all", segment: "saved:others" };
  const { body } = await call("POST", "/v1/campaigns", { content: { kind: "text", text: "New" }, audience });
  expect(body).toMatchObject({ sendable: false, findings: [{ type: "segment-campaign-old" }] });
  expect((await call("GET", "/v1/recipients/export?segment=saved:others")).status).toBe(422);
});
