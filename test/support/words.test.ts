import { describe, expect, test } from "vitest";
import { en, inOrder, inState } from "./words.ts";

describe("en()", () => {
  test("gives the text as the bot sends it", () => {
    expect(en("button-send-now")).toBe("Send now");
    expect(en("people", { count: 1234 })).toBe("1,234 people");
  });

  test("throws for an unknown key, and for a missing value", () => {
    expect(() => en("button-send-later")).toThrow(
      'locales/en.ftl has no text for the key "button-send-later".',
    );
    expect(() => en.like("button-send-later")).toThrow("button-send-later");
    expect(() => en("people")).toThrow('The text of "people" cannot be filled with {}.');
    expect(() => en("confirm-ask", { people: "3 people" })).toThrow(/^The text of "confirm-ask"/);
  });

  test("is matched with values that are known, and with any others", () => {
    const text = en("confirm-ask", { id: 12, people: en("people", { count: 1234 }) });
    expect(text).toMatch(en.like("confirm-ask"));
    expect(text).toMatch(en.like("confirm-ask", { id: 12 }));
    expect(text).not.toMatch(en.like("confirm-ask", { id: 1 }));
    expect(`${text}\n${text}`).toMatch(en.opens("confirm-ask"));
    expect(`So: ${text}`).not.toMatch(en.opens("confirm-ask"));
    expect(`So: ${text}`).toMatch(en.closes("confirm-ask"));
    expect(`So:\n${text}`).toMatch(en.line("confirm-ask"));
    expect(`So: ${text}`).not.toMatch(en.line("confirm-ask"));
  });

  test("is matched in each of its variants, or in the one of a known value", () => {
    for (const count of [1, 2]) expect(en("people", { count })).toMatch(en.like("people"));
    expect("2 people").toMatch(en.like("people", { count: 2 }));
    expect("2 person").not.toMatch(en.like("people", { count: 2 }));
    const bare = { kind: "text", characters: 0, buttons: 0 };
    expect(en("post-summary", { ...bare, buttons: 1 })).toMatch(en.like("post-summary", { buttons: 1 }));
    expect(en("post-summary", bare)).not.toMatch(en.like("post-summary", { buttons: 1 }));
  });
});

test("a card is matched by its state, and by what stands on it in order", () => {
  const title = en("card-title", { id: 1, state: en("state-paused") });
  const card = `${title}\n“Hello”\n${en("card-sent", { count: 10 })}`;
  expect(card).toMatch(inState("paused"));
  expect(card).not.toMatch(inState("finished"));
  expect(card).toMatch(inOrder(inState("paused"), en.line("card-sent", { count: 10 })));
  expect(card).not.toMatch(inOrder(en.line("card-sent"), inState("paused")));
});
