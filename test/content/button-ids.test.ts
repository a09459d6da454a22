import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buttonsIn, withRetiredButtons, withButtonIds } from "../../src/content/button-ids.ts";
import { type Button, type Content, buttonsOf, versionFor } from "../../src/content/content.ts";
import { keyboardOf, parseButtonTap, tappedButton } from "../../src/content/keyboard.ts";

const UP: Button = { text: "👍", vote: true };
const DOWN: Button = { text: "👎", vote: true };
const HOURS: Button = { text: "Hours", answer: "From 9 to 6" };
const SHOP: Button = { text: "Shop", url: "https://example.com/" };

const version = (rows: Button[][] | undefined) => ({
  kind: "text" as const,
  text: "Hi",
  ...(rows && { buttons: rows }),
});

function post(buttons: Button[][], versions?: Record<string, Button[][] | undefined>): Content {
  const others = Object.entries(versions ?? {}).map(([language, rows]) => [language, version(rows)]);
  return { ...version(buttons), buttons, ...(versions && { versions: Object.fromEntries(others) }) };
}

const idsOf = (content: Content) => content.buttons.flat().map(({ text, id }) => `${text} ${id}`);

describe("an edit", () => {
  const before = withButtonIds(
    post([
      [UP, DOWN],
      [HOURS, SHOP],
    ]),
  );

  test.each<[what: string, after: Button[][], ids: string[]]>([
    ["another order", [[SHOP], [DOWN, HOURS, UP]], ["Shop 3", "👎 1", "Hours 2", "👍 0"]],
    ["another colour", [[{ ...UP, style: "success" }, DOWN]], ["👍 0", "👎 1"]],
    ["another answer", [[{ ...HOURS, answer: "From 10 to 5" }]], ["Hours 4"]],
    ["another kind of button with the same text", [[{ text: "Hours", url: "https://a.com/" }]], ["Hours 4"]],
    ["another emoji in its place", [[{ text: "❤️", vote: true }, DOWN]], ["❤️ 4", "👎 1"]],
    ["the same twice", [[HOURS, HOURS]], ["Hours 2", "Hours 4"]],
  ])("that makes it %s", (_, after, ids) => {
    expect(idsOf(withButtonIds(post(after), before))).toEqual(ids);
  });

  test("gives no id a second time, also when the button with it is gone", () => {
    const without = withButtonIds(post([[UP]]), before);
    expect(idsOf(withButtonIds(post([[UP, DOWN]]), without))).toEqual(["👍 0", "👎 4"]);
  });

  test("of one version leaves the others as they are", () => {
    const two = withButtonIds(post([[UP]], { de: [[UP, DOWN]] }));
    const after = withButtonIds({ ...two, buttons: [[DOWN]] }, two);
    expect(after.versions).toEqual(two.versions);
    expect(idsOf(after)).toEqual(["👎 3"]);
  });
});

const LANGUAGES = [null, "de", "fr"] as const;
const button = fc.constantFrom<Button>(UP, DOWN, HOURS, { ...HOURS, answer: "Closed" }, SHOP);
const rows = fc.array(fc.array(button, { minLength: 1, maxLength: 4 }), { maxLength: 3 });
const contents = fc
  .record({ own: rows, de: fc.option(rows, { nil: undefined }), fr: fc.option(rows, { nil: undefined }) })
  .map(({ own, de, fr }) => post(own, { de, fr }));

test("whatever is edited, and however often, each message goes on doing what it shows", () => {
  fc.assert(
    fc.property(contents, fc.array(contents, { maxLength: 6 }), (first, edits) => {
      const sent: { data: string; shown: Button }[] = [];
      const send = (content: Content) => {
        for (const language of LANGUAGES) {
          const shown = buttonsOf(content, versionFor(content, language).version);
          const keyboard = keyboardOf(shown, { campaignId: 1, seq: 1 })?.inline_keyboard.flat() ?? [];
          for (const [place, one] of keyboard.entries())
            if ("callback_data" in one) sent.push({ data: one.callback_data, shown: shown.flat()[place]! });
        }
      };
      let content = withButtonIds(first);
      send(content);
      for (const edit of edits) {
        content = withRetiredButtons(withButtonIds(edit, content), content);
        send(content);
      }
      const ids = buttonsIn(content).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { data, shown } of sent) {
        const { style: _, ...tapped } = tappedButton(content, parseButtonTap(data)!)!;
        expect(tapped).toEqual(shown);
      }
    }),
  );
});

test("a button's data fits into 64 bytes, and what is no such data is none", () => {
  const largest: Button = { ...UP, id: "de999999999" };
  const [data] = keyboardOf([[largest]], { campaignId: 999_999_999_999_999, seq: 999_999_999 })!
    .inline_keyboard.flat()
    .map((one) => ("callback_data" in one ? one.callback_data : ""));
  expect(data!.length).toBeLessThanOrEqual(64);
  expect(parseButtonTap(data!)).toEqual({
    campaignId: 999_999_999_999_999,
    seq: 999_999_999,
    id: "de999999999",
  });
  for (const made of [
    "b:1:2",
    "b:1:2:",
    "b:1:2:de",
    "b:1:2:de:x",
    "b:1:2:3:4:5",
    "b:-1:2:3",
    "b:1:9999999999:0",
  ])
    expect(parseButtonTap(made)).toBeNull();
});
