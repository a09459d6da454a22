import { expect, test } from "vitest";
import { matching } from "../../../playground/page/composer/commands.ts";
import { FORMATS, formatOf, type Selected } from "../../../playground/page/composer/formats.ts";

/** A text whose selection stands between two | signs; one is a caret. */
function selected(drawn: string): Selected {
  const [before = "", inner = "", after] = drawn.split("|");
  if (after === undefined) return { text: before + inner, start: before.length, end: before.length };
  return { text: before + inner + after, start: before.length, end: before.length + inner.length };
}

function draw({ text, start, end }: Selected): string {
  const inner = start === end ? "|" : `|${text.slice(start, end)}|`;
  return text.slice(0, start) + inner + text.slice(end);
}

test.each([
  ["bold", "a |b| c", "a **|b|** c"],
  ["bold", "a| b |c", "a **|b|** c"],
  ["bold", "a **|b|** c", "a |b| c"],
  ["bold", "a |**b**| c", "a |b| c"],
  ["italic", "a |", "a __|__"],
  ["italic", "a __|__", "a |"],
  ["code", "|a|", "`|a|`"],
  ["code", "|a\nb|", "```\n|a\nb|\n```"],
  ["code", "```\n|a\nb|\n```", "|a\nb|"],
  ["link", "a |b|", "a [b](|https://|)"],
  ["link", "|https://x.io|", "[|](https://x.io)"],
  ["quote", "a\nb|c|\nd", "a\n|> bc|\nd"],
  ["quote", "|a\nb|", "|> a\n> b|"],
  ["quote", "|> a\n> b|", "|a\nb|"],
  ["quote", "a|", "> a|"],
])("%s turns %j into %j", (name, before, after) => {
  const format = FORMATS.find((known) => known.name === name);
  expect(format && draw(format.apply(selected(before)))).toBe(after);
});

test("keys stand for formats with and without Shift", () => {
  expect(formatOf("b", false)?.name).toBe("bold");
  expect(formatOf("X", true)?.name).toBe("strike");
  expect(formatOf(">", true)?.name).toBe("quote");
  expect(formatOf("B", true)).toBeUndefined();
  expect(formatOf("a", false)).toBeUndefined();
});

test("the commands that fit what was typed, the whole one first", () => {
  const commands = ["stopall", "stop", "start"].map((command) => ({ command, description: command }));
  const names = (typed: string) => matching(commands, typed).map(({ command }) => command);
  expect(names("/")).toEqual(["stopall", "stop", "start"]);
  expect(names("/STOP")).toEqual(["stop", "stopall"]);
  expect(names("/x")).toEqual([]);
  expect(names("stop")).toEqual([]);
  expect(names("/stop ")).toEqual([]);
});
