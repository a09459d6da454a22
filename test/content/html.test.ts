import { expect, test } from "vitest";
import { parseHtml } from "../../src/content/formatting/html.ts";

/** The quickest of some runs, in ms. */
function timed(work: () => unknown): number {
  const runs = Array.from({ length: 5 }, () => {
    const before = performance.now();
    work();
    return performance.now() - before;
  });
  return Math.min(...runs);
}

test("HTML takes time by its length, not by the square of it", () => {
  const short = "<b>x</b>".repeat(10_000);
  const long = short.repeat(8);
  expect(timed(() => parseHtml(long)) / timed(() => parseHtml(short))).toBeLessThan(40);
});
