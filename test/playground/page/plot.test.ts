import { expect, test } from "vitest";
import type { Meter } from "../../../playground/shared/protocol.ts";
import { HEIGHT, inWords, plot, WIDTH } from "../../../playground/page/telegram/plot.ts";

const NOW = 1_800_000_000_000;

/** So many seconds ago. */
function meter(ago: number, change: Partial<Meter> = {}): Meter {
  return {
    at: NOW - ago * 1000,
    rate: 0,
    limit: 30,
    inFlight: 0,
    worstSecond: 0,
    tooMany: 0,
    delivered: 0,
    refused: 0,
    duplicates: 0,
    ...change,
  };
}

test("the newest figure stands at the right, one of a minute ago at the left, an older one nowhere", () => {
  const { line } = plot([meter(61, { rate: 28 }), meter(60), meter(30), meter(0)]);
  expect(line).toBe(`M0 ${HEIGHT}L${WIDTH / 2} ${HEIGHT}L${WIDTH} ${HEIGHT}`);
});

test("the limit lies where a rate of the limit would, below the upper edge", () => {
  const { line, limitAt } = plot([meter(1, { rate: 30 }), meter(0, { rate: 30 })]);
  expect(limitAt).toBeGreaterThan(0.05);
  expect(line).toMatch(new RegExp(`L${WIDTH} ${Math.round((limitAt ?? 0) * HEIGHT * 10) / 10}$`));
});

test("a rate beyond the limit fits in", () => {
  const { line } = plot([meter(0, { rate: 300 })]);
  expect(Number(line.split(" ")[1])).toBeGreaterThan(0);
});

test("without limits there is no line, and an idle chart has a scale", () => {
  expect(plot([meter(0, { limit: null })])).toMatchObject({
    limitAt: undefined,
    line: `M${WIDTH} ${HEIGHT}`,
  });
  expect(plot([])).toEqual({ line: "", area: "", limitAt: undefined, refusedAt: [] });
});

test("429s are marked where their number grew, not where it was reset", () => {
  const { refusedAt } = plot([
    meter(4, { tooMany: 5 }),
    meter(3, { tooMany: 7 }),
    meter(2, { tooMany: 7 }),
    meter(1, { tooMany: 0 }),
    meter(0, { tooMany: 1 }),
  ]);
  expect(refusedAt).toEqual([570, 600]);
});

test("the chart in words", () => {
  expect(inWords([])).toBe("No figures yet.");
  expect(inWords([meter(1, { rate: 29 }), meter(0, { rate: 28 })])).toBe(
    "Messages a second over the last minute: 28 now, at most 29. Telegram allows 30. No call was answered 429.",
  );
  expect(inWords([meter(1, { tooMany: 1 }), meter(0, { tooMany: 3, limit: null })])).toBe(
    "Messages a second over the last minute: 0 now, at most 0. There is no limit. Answered 429: 2.",
  );
});
