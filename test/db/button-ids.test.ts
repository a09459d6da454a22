import * as fc from "fast-check";
import { asc, eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { withButtonIds } from "../../src/content/button-ids.ts";
import { type Button, type Content, buttonsOf, versionFor } from "../../src/content/content.ts";
import { storedContent } from "../../src/content/stored-content.ts";
import { tappedButton } from "../../src/content/keyboard.ts";
import { campaigns, series } from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { migrateRows } from "../support/first-builds.ts";
import { NOW, seedCampaign, seedSeries } from "../support/seed.ts";

const rows = fc.array(
  fc.array(
    fc.oneof(
      fc.constantFrom("👍", "👎", "❤️").map((text): Button => ({ text, vote: true })),
      fc.string().map((answer): Button => ({ text: "A", answer: answer.replaceAll("\0", "") })),
      fc.constant<Button>({ text: "Shop", url: "https://example.com/" }),
    ),
    { minLength: 1, maxLength: 4 },
  ),
  { maxLength: 3 },
);
const version = fc
  .option(rows, { nil: undefined })
  .map((buttons) => ({ kind: "text" as const, text: "Hallo", ...(buttons && { buttons }) }));
const contents = fc
  .record({
    buttons: rows,
    versions: fc.option(fc.dictionary(fc.constantFrom("de", "fr"), version), { nil: undefined }),
  })
  .map(({ buttons, versions }): Content => ({
    kind: "text",
    text: "Hi",
    buttons,
    ...(versions && { versions }),
  }));

test("posts of the first builds get the places of their buttons for ids, those of series too", async () => {
  const scope = await freshScope();
  const { db } = scope;
  const before = fc.sample(contents, { numRuns: 60, seed: 1 });
  const rule = { every: "day", hour: 10, minute: 0 } as const;
  for (const [index, content] of before.entries()) {
    const { id } = await seedCampaign(scope, { id: index + 1 });
    await seedSeries(scope, { id, recurrence: { zone: "UTC", rule }, lastAt: NOW });
    // As they wrote it: without a version.
    const written = sql`${JSON.stringify(content)}::jsonb`;
    for (const table of [campaigns, series])
      await db.update(table).set({ content: written }).where(eq(table.id, id));
  }
  await migrateRows(db, "button_ids");
  const after = await db.select({ content: campaigns.content }).from(campaigns).orderBy(asc(campaigns.id));
  const runs = await db.select({ content: series.content }).from(series).orderBy(asc(series.id));
  expect(runs).toEqual(after);

  for (const [index, old] of before.entries()) {
    const content = storedContent.parse(after[index]!.content, `campaign ${index + 1}`);
    for (const language of [null, "de", "fr"]) {
      const shown = buttonsOf(old, versionFor(old, language).version).flat();
      // An answer or a link that is there twice is the same from either place.
      for (const [place, button] of shown.entries())
        expect(
          tappedButton(content, { campaignId: 1, seq: 1, language: language ?? "", index: place }),
        ).toMatchObject(button);
    }
    // Nothing else has changed, and what is added later gets an id that is free.
    const more: Content = { ...content, buttons: [...content.buttons, [{ text: "💡", vote: true }]] };
    const ids = withButtonIds(more, content)
      .buttons.flat()
      .map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(withoutIds(content)).toEqual(old);
  }
});

function withoutIds(content: Content): unknown {
  return JSON.parse(JSON.stringify(content), (key, value: unknown) =>
    key === "id" || key === "buttonIds" ? undefined : value,
  );
}
