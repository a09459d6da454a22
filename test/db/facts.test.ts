import { expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { databaseFacts } from "../../src/db/database-facts.ts";
import { freshScope } from "../support/database.ts";

test("a database tells its version, its size and how fast it answers", async () => {
  const { db } = await freshScope();
  const { version, sizeBytes, answerMs } = await databaseFacts(db, systemClock);
  expect(version).toMatch(/^\d+(\.\d+)?$/);
  expect(sizeBytes).toBeGreaterThan(1_000_000);
  expect(answerMs).toBeGreaterThan(0);
  expect(answerMs).toBeLessThan(5_000);
});
