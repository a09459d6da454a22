import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Audience,
  EVERYONE,
  NOBODY,
  chosenBy,
  countAudience,
  countByLanguage,
  countLanguages,
  querySegment,
} from "../../../src/audience/segment/audience.ts";
import { reachable } from "../../../src/audience/recipients.ts";
import { sql } from "drizzle-orm";
import { query } from "../../../src/db/connect.ts";
import { type Scope, homeScope, inTransaction } from "../../../src/db/scope.ts";
import { recipients } from "../../../src/db/schema.ts";
import { freshScope } from "../../support/database.ts";
import { NOW, emptied, range, seedPeople } from "../../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});

describe("how many an audience reaches, and how many it leaves out", () => {
  beforeAll(async () => {
    await emptied(scope);
    await seedPeople(scope, range(1, 5), { language: "en" });
    await seedPeople(scope, range(11, 13), { language: "ru" });
    await seedPeople(scope, [21], { language: "de" });
    await seedPeople(scope, [31, 32], { language: null });
    await seedPeople(scope, [41, 42], { language: "en", status: "blocked" });
    await seedPeople(scope, [43], { language: "ru", status: "deactivated" });
    await seedPeople(scope, [44], { language: null, status: "unreachable" });
    await seedPeople(scope, [51], { language: "en", optedOutAt: NOW });
    // Opted out first, blocked later: they count once, as those who do not want it.
    await seedPeople(scope, [52], { language: "en", optedOutAt: NOW, status: "blocked" });
    await seedPeople(scope, [-1], { language: "en", kind: "group" });
    await seedPeople(homeScope(scope.db, 1), range(1, 50), { language: "en" });
  });

  test.each<[string, Audience, number, number, number]>([
    ["everyone", EVERYONE, 11, 2, 4],
    ["nobody", NOBODY, 0, 0, 0],
    ["one language", { languages: ["en"] }, 5, 2, 2],
    ["two languages", { languages: ["en", "ru"] }, 8, 2, 3],
    ["others than two", { languages: [], othersThan: ["en", "ru"] }, 3, 0, 1],
    ["a language and others", { languages: ["ru"], othersThan: ["en", "ru"] }, 6, 0, 2],
    ["others than none", { languages: [], othersThan: [] }, 11, 2, 4],
  ])("%s", async (_, audience, reachable, optedOut, unreachable) => {
    expect(await countAudience(scope, audience, NOW)).toEqual({ reachable, optedOut, unreachable });
  });

  test("whatever the choice, it counts just those whom it means", async () => {
    const language = fc.constantFrom<string[]>("en", "ru", "de", "fr");
    const audience = fc.record({
      languages: fc.uniqueArray(language),
      others: fc.option(fc.uniqueArray(language)),
    });
    const all = await scope.db.select().from(recipients);
    await fc.assert(
      fc.asyncProperty(audience, async ({ languages, others }) => {
        const chosen: Audience = { languages, ...(others && { othersThan: others }) };
        const expected = all.filter(
          (one) =>
            one.botId === scope.botId &&
            one.kind === "person" &&
            one.status === "active" &&
            one.optedOutAt === null &&
            (one.language === null
              ? others !== null
              : languages.includes(one.language) || (others !== null && !others.includes(one.language))),
        );
        expect((await countAudience(scope, chosen, NOW)).reachable).toBe(expected.length);
        const { from, where } = chosenBy(scope, chosen, NOW);
        const met = await query<{ chatId: number }>(
          scope.db,
          sql`select chat_id::float8 as "chatId" from ${from} where ${where} and ${reachable}`,
        );
        expect(met.map(({ chatId }) => chatId).toSorted((a, b) => a - b)).toEqual(
          expected.map(({ chatId }) => chatId).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("languages are counted by those who can be reached, the most spoken first", async () => {
    expect(await countLanguages(scope)).toEqual({
      all: 11,
      languages: [
        { language: "en", count: 5 },
        { language: "ru", count: 3 },
        { language: "de", count: 1 },
      ],
      others: 2,
    });
  });

  test("those of a choice are counted by every language, a null for who has none", async () => {
    expect(await countByLanguage(scope, { languages: ["ru"], othersThan: ["en", "ru"] }, NOW)).toEqual([
      { language: "ru", count: 3 },
      { language: null, count: 2 },
      { language: "de", count: 1 },
    ]);
  });
});

describe("many languages", () => {
  beforeEach(() => emptied(scope));

  test("eight have a toggle of their own, the others share one; equals go by the alphabet", async () => {
    const languages = ["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii", "jj"];
    for (const [index, language] of languages.entries())
      await seedPeople(scope, [index * 10 + 1, index * 10 + 2], { language });
    await seedPeople(scope, [1001, 1002, 1003], { language: "zz" });
    await seedPeople(scope, [2001], { language: null });
    const counts = await countLanguages(scope);
    expect(counts.languages.map(({ language }) => language)).toEqual(["zz", ...languages.slice(0, 7)]);
    expect(counts.all).toBe(24);
    expect(counts.others).toBe(7);
    const shown = counts.languages.map(({ language }) => language);
    expect((await countAudience(scope, { languages: [], othersThan: shown }, NOW)).reachable).toBe(
      counts.others,
    );
  });

  test("nobody is nobody", async () => {
    expect(await countLanguages(scope)).toEqual({ all: 0, languages: [], others: 0 });
    expect(await countAudience(scope, EVERYONE, NOW)).toEqual({ reachable: 0, optedOut: 0, unreachable: 0 });
  });
});

describe("where parallel workers find no shared memory", () => {
  const segment = { tag: "vip" };

  beforeAll(async () => {
    await scope.db
      .execute(sql`create function needs_memory(code text, workers int) returns int language plpgsql as $$
      begin
        if current_setting('max_parallel_workers_per_gather')::int >= workers then
          raise exception 'could not resize shared memory segment' using errcode = code;
        end if;
        return 1;
      end $$`);
  });

  const ask = (code: string, workers: number) =>
    inTransaction(scope, async (tx) => {
      await tx.db.execute(sql`set local max_parallel_workers_per_gather = 2`);
      return querySegment<{ n: number }>(
        tx,
        { ...EVERYONE, segment },
        sql`select needs_memory(${code}::text, ${workers}::int) as n`,
      );
    });

  test.each(["53100", "53200"])("a statement is made once more, by one process alone (%s)", async (code) => {
    expect(await ask(code, 1)).toEqual([{ n: 1 }]);
  });

  test("it fails if that is not enough, or if something else is wrong", async () => {
    await expect(ask("53100", 0)).rejects.toThrow("needs_memory");
    await expect(ask("22012", 1)).rejects.toThrow("needs_memory");
  });
});
