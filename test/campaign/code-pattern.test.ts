import { expect, test } from "vitest";
import { readCodes } from "../../src/campaign/code-file.ts";
import { drawCodes, flawOfPattern, readPattern } from "../../src/campaign/code-pattern.ts";

test("each letter comes as often as any other", () => {
  const letters = drawCodes("#".repeat(50), 5_000).join("");
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(25);
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(600);
});

test.each([
  ["SPRING", 10, 0, { reason: "no-places" }],
  ["SPRING-##", 100, 0, { reason: "too-few-places", places: 3 }],
  ["SPRING-###", 100, 9_900, { reason: "too-few-places", places: 4 }],
  ["SPRING-####", 0, 0, { reason: "count", most: 1_000_000 }],
  [`${"A".repeat(60)}#####`, 1, 0, { reason: "too-long" }],
  ["A{#}####", 1, 0, { reason: "odd" }],
  ["ВЕСНА-####", 10_000, 0, null],
])("%s, %d beside %d", (pattern, count, existing, flaw) => {
  expect(flawOfPattern(pattern, count, existing)).toEqual(flaw);
});

test.each([
  ["SPRING-#### 5000", { pattern: "SPRING-####", count: 5_000 }],
  [" SPRING-#### x 5 000 ", { pattern: "SPRING-####", count: 5_000 }],
  ["SPRING-#### 1,000,000", { pattern: "SPRING-####", count: 1_000_000 }],
  ["SPRING 5000", null],
  ["SPRING-####", null],
])("%j is read", (text, read) => {
  expect(readPattern(text)).toEqual(read);
});

test("a file has a code on each line; what is repeated or too long is named by its line", () => {
  const text = `\uFEFFcode;note\r\nA-1;x\r\n"B ""2"""\n\nA-1\n${"C".repeat(65)}\n D-4 \n`;
  expect(readCodes(text)).toEqual({
    codes: ["A-1", 'B "2"', "D-4"],
    tooLong: [6],
    repeated: [5],
    cut: false,
  });
});
