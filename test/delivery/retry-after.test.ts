import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { loadPausedUntil, savePausedUntil } from "../../src/delivery/pace/retry-after.ts";
import { freshScope } from "../support/database.ts";
import { emptied } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const at = (time: string) => new Date(`2026-03-02T${time}Z`);

test("the end of a pause is stored to the millisecond, and only a later end replaces it", async () => {
  expect(await loadPausedUntil(scope)).toBeNull();
  await savePausedUntil(scope, at("12:00:00.123"));
  expect(await loadPausedUntil(scope)).toEqual(at("12:00:00.123"));
  await savePausedUntil(scope, at("11:59:59.000"));
  expect(await loadPausedUntil(scope)).toEqual(at("12:00:00.123"));
  await savePausedUntil(scope, at("14:00:00.000"));
  expect(await loadPausedUntil(scope)).toEqual(at("14:00:00.000"));
});

test("each bot has its own", async () => {
  await savePausedUntil(scope, at("12:00:00.000"));
  expect(await loadPausedUntil(homeScope(scope.db, scope.botId + 1))).toBeNull();
});
