import { expect, test } from "vitest";
import { apiScene } from "../support/api.ts";

test("codes come as text or by a pattern, are counted, and say who may add them", async () => {
  const api = await apiScene(2);
  const text = { headers: { "content-type": "text/plain" } };
  const draft = await api.call(
    "POST",
    "/v1/campaigns",
    { content: { kind: "text", text: "Your code: {code}" }, audience: { languages: "all" } },
    { headers: { "idempotency-key": "codes-1" } },
  );
  const { number } = draft.body as { number: number };
  const at = `/v1/campaigns/${number}`;
  expect(draft.body).toMatchObject({ sendable: false });
  expect(draft.body.findings[0]).toEqual({ level: "error", type: "no-codes", language: null });
  expect((await api.call("POST", `${at}/codes`, "A-1\n", { ...text, as: "read" })).status).toBe(403);
  expect(await api.call("POST", `${at}/codes`, `A-1\nA-1\n${"x".repeat(65)}\n`, text)).toMatchObject({
    status: 200,
    body: { added: 1, all: 1, free: 1, repeated: [2], too_long: [3] },
  });
  expect((await api.call("GET", at)).body.findings[0]).toMatchObject({ type: "too-few-codes", lacking: 1 });
  expect(await api.call("POST", `${at}/codes`, { pattern: "B-##", count: 1 })).toMatchObject({
    status: 200,
    body: { added: 1, all: 2 },
  });
  expect((await api.call("POST", `${at}/codes`, { pattern: "B-#", count: 500 })).status).toBe(422);
  expect(
    await api.call("POST", `${at}/codes`, "<a/>", { headers: { "content-type": "text/html" } }),
  ).toMatchObject({ status: 400 });
  expect((await api.call("GET", at)).body).toMatchObject({ sendable: true, findings: [] });
  expect((await api.call("GET", `${at}/codes`)).body).toEqual({ all: 2, free: 2, withheld: 0 });
  const table = await api.call("GET", `${at}/codes`, undefined, { headers: { accept: "text/csv" } });
  expect(table.body).toBe("chat_id,code,state,settled_at\n");
});
