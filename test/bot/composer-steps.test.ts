import { expect, test } from "vitest";
import { STEPS, isVerb } from "../../src/bot/features/compose/composer-steps.ts";
import type { Step } from "../../src/bot/features/compose/dialog/step.ts";

const steps: readonly Step[] = STEPS;

test("no two steps of the composer answer to one name", () => {
  for (const names of [
    steps.flatMap(({ taps }) => Object.keys(taps ?? {})),
    steps.flatMap(({ takes }) => Object.keys(takes ?? {})),
  ])
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
});

test("a button that no step answers is none of the composer's", () => {
  expect(isVerb("review")).toBe(true);
  for (const name of ["fly", "", "constructor", "toString"]) expect(isVerb(name)).toBe(false);
});

/* Stored with every running dialog: after an update Herald goes on where it was. Never take a name away. */
test("what a stored dialog can expect is still taken", () => {
  const expected = steps.flatMap(({ takes }) => Object.keys(takes ?? {}));
  expect(expected.toSorted()).toEqual(
    [
      "below",
      "buttons",
      "chance",
      "chats",
      "codes",
      "delay",
      "effect",
      "ends",
      "exclude",
      "filter",
      "first",
      "hour",
      "hours",
      "label",
      "lifetime",
      "moment",
      "monthday",
      "number",
      "post",
      "repeat",
      "segmentname",
      "source",
      "topics",
      "version",
      "zone",
    ].toSorted(),
  );
});
