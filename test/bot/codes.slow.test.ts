import { expect, test } from "vitest";
import { composes } from "../support/broadcast.ts";
import { FIRST, scene, shows } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

test("a file or a pattern gives everyone a code of their own, and the report says who has which", async () => {
  const { telegram, owner } = await scene(3);
  await composes(owner, {
    text: "Your code: {code}",
    entities: [{ type: "text_link", offset: 0, length: 4, url: "https://a.com/?c={code}" }],
  });
  expect(owner.shows()).toContain(en("check-no-codes"));
  await owner.taps(en("button-options"));
  await owner.taps(en("option-codes"));
  await owner.sees(en("codes-count", { all: 0, free: 0 }));
  await owner.sends("twenty please");
  await owner.sees(en("codes-wrong"));
  await owner.sends("A-# 500");
  await owner.sees(en("error-code-pattern-unfit", { reason: "too-few-places", places: 3, most: 0 }));
  await owner.sends({ document: { content: "code\nA-1\nA-2\nA-1\n", file_name: "codes.csv" } });
  await owner.sees(en("codes-added", { count: 2 }));
  await owner.sees(en("codes-count", { all: 2, free: 2 }));
  await owner.taps(en("button-to-review"));
  await owner.sees(en("check-too-few-codes", { codes: 2, people: 3, lacking: 1, withheld: 0 }));
  // The typed way to the same card.
  await owner.sends("/codes 1");
  await owner.sees(en("codes-count", { all: 2, free: 2 }));
  await owner.sends("B-### 4");
  await owner.sees(en("codes-made", { count: 4 }));
  await owner.taps(en("button-to-review"));
  await owner.sees(en("review-personal", { names: "{code}" }));
  // A preview uses none up.
  expect(owner.holds.some(({ text }) => text === "Your code: EXAMPLE")).toBe(true);
  await owner.taps(en("button-send-now"));
  await owner.taps(en("button-yes-send", { count: 3 }));
  await shows(owner, inState("finished"));
  expect(telegram.messages(FIRST).find(({ text }) => text !== undefined)).toMatchObject({
    text: "Your code: A-1",
    entities: [{ type: "text_link", url: "https://a.com/?c=A-1" }],
  });
  await owner.taps(en("button-codes-csv"));
  await owner.sees(en("codes-caption", { id: 1 }));
  expect(owner.holds.at(-1)?.document?.file_name).toBe("campaign-1-codes.csv");
});
