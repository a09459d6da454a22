import { beforeAll, beforeEach, expect, test } from "vitest";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { loadQuiet, saveQuiet } from "../../src/delivery/pace/retry-after.ts";
import { freshScope } from "../support/database.ts";
import { emptied } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const at = (time: string) => new Date(`2026-03-02T${time}Z`);

test("the end of a pause is kept to the millisecond; only a later one replaces it", async () => {
  expect(await loadQuiet(scope)).toBeNull();
  await saveQuiet(scope, at("12:00:00.123"));
  expect(await loadQuiet(scope)).toEqual(at("12:00:00.123"));
  await saveQuiet(scope, at("11:59:59.000"));
  expect(await loadQuiet(scope)).toEqual(at("12:00:00.123"));
  await saveQuiet(scope, at("14:00:00.000"));
  expect(await loadQuiet(scope)).toEqual(at("14:00:00.000"));
});

test("each bot has its own", async () => {
  await saveQuiet(scope, at("12:00:00.000"));
  expect(await loadQuiet(homeScope(scope.db, scope.botId + 1))).toBeNull();
});
