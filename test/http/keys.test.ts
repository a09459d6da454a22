import { describe, expect, test } from "vitest";
import { createKey, findKey, listKeys, noteUse, revokeKey } from "../../src/access/keys.ts";
import { apiScene } from "../support/api.ts";
import { within } from "../support/broadcast.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { apiKeys } from "../../src/db/schema.ts";
import { homeScope } from "../../src/db/scope.ts";
import { ADMIN, NOW } from "../support/seed.ts";

describe("a key", () => {
  test("is shown once, found by itself alone, and gone once revoked or expired", async () => {
    const scope = await freshScope();
    const expiresAt = new Date(NOW.getTime() + 1_000);
    const { key, secret } = await createKey(scope, ADMIN, { name: "Shop", role: "read", expiresAt });
    expect(secret).toMatch(/^hk_[0-9a-z]{40}$/);
    expect(key.prefix).toBe(secret.slice(0, 11));
    expect(JSON.stringify(await listKeys(scope))).not.toContain(secret.slice(11));
    expect(await findKey(scope, secret, NOW)).toMatchObject({ id: key.id, role: "read" });
    const changed = secret.slice(0, -1) + (secret.endsWith("a") ? "b" : "a");
    for (const wrong of [changed, secret.slice(0, -1), `${secret}a`, secret.toUpperCase(), "", "hk_"])
      expect(await findKey(scope, wrong, NOW)).toBeNull();
    expect(await findKey(scope, secret, expiresAt)).toBeNull();
    await noteUse(scope, key, "127.0.0.1", NOW);
    expect(await listKeys(scope)).toMatchObject([{ lastUsedAt: NOW, lastUsedFrom: "127.0.0.1" }]);
    expect(await revokeKey(scope, ADMIN, key.id)).toMatchObject({ id: key.id });
    expect(await revokeKey(scope, ADMIN, key.id)).toBeNull();
    expect(await findKey(scope, secret, NOW)).toBeNull();
    expect(await listKeys(scope)).toEqual([]);
  });
});

describe("a caller", () => {
  test("without a valid key is refused, and told how to get one", async () => {
    const { call } = await apiScene(1);
    for (const as of [null, { key: "wrong" }, { key: `hk_${"0".repeat(40)}` }]) {
      const answer = await call("GET", "/v1/campaigns", undefined, { as });
      expect(answer).toMatchObject({ status: 401, body: { type: "urn:herald:problem:unauthorized" } });
      expect(answer.body.detail).toContain("/keys");
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    }
    expect((await call("GET", "/healthz", undefined, { as: null })).status).toBe(200);
    expect((await call("GET", "/readyz", undefined, { as: null })).body).toEqual({
      database: true,
      telegram: "ok",
    });
  });

  test("may do what its role may, and no more", async () => {
    const { call } = await apiScene(1);
    const content = { kind: "text", text: "x" };
    const status = async (as: "read" | "write" | "send", method: string, path: string, body?: unknown) =>
      (await call(method, path, body, { as })).status;
    expect(await status("read", "POST", "/v1/campaigns", { content })).toBe(403);
    expect(await status("write", "POST", "/v1/campaigns", { content })).toBe(201);
    expect(await status("read", "GET", "/v1/campaigns/1")).toBe(200);
    expect(await status("read", "PATCH", "/v1/campaigns/1", { content })).toBe(403);
    expect(await status("write", "PATCH", "/v1/campaigns/1", { content })).toBe(200);
    expect(await status("write", "POST", "/v1/campaigns/1/send", { agreed_count: 1 })).toBe(403);
    expect(await status("read", "DELETE", "/v1/campaigns/1")).toBe(403);
    expect(await status("send", "POST", "/v1/campaigns/1/send", { agreed_count: 1 })).toBe(200);
    expect(await status("write", "POST", "/v1/campaigns/1/pause")).toBe(403);
  });

  test("is out at once when its key is revoked, and its key stands in no log", async () => {
    const { call, keys, database, herald } = await apiScene(1);
    expect((await call("GET", "/v1/campaigns")).status).toBe(200);
    await within(database, async ({ db }) => {
      const scope = homeScope(db, BOT_ID);
      for (const { id } of await listKeys(scope)) await revokeKey(scope, ADMIN, id);
    });
    expect((await call("GET", "/v1/campaigns")).status).toBe(401);
    expect(herald.logged.join("\n")).not.toContain(keys.send.slice(11));
  });

  test("is known by the address that a proxy on this machine adds, if it is one", async () => {
    const { call, database } = await apiScene(1);
    const usedFrom = async (forwarded: string) => {
      await call("GET", "/v1/campaigns", undefined, {
        as: "read",
        headers: { "x-forwarded-for": forwarded },
      });
      return within(database, async ({ db }) => {
        const keys = await listKeys(homeScope(db, BOT_ID));
        await db.update(apiKeys).set({ lastUsedAt: null });
        return keys.find(({ role }) => role === "read")?.lastUsedFrom;
      });
    };
    expect(await usedFrom("203.0.113.9, 198.51.100.7")).toBe("198.51.100.7");
    expect(await usedFrom("x".repeat(5_000))).toMatch(/127\.0\.0\.1$/);
  });

  test("with too many wrong keys waits, while right ones are served", async () => {
    const { call } = await apiScene(1);
    const wrong = () => call("GET", "/v1/campaigns", undefined, { as: { key: `hk_${"0".repeat(40)}` } });
    for (let tried = 0; tried < 20; tried += 1) expect((await wrong()).status).toBe(401);
    const answer = await wrong();
    expect(answer).toMatchObject({ status: 429, body: { type: "urn:herald:problem:too-many-wrong-keys" } });
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(30);
    expect((await call("GET", "/v1/campaigns")).status).toBe(200);
  });
});
