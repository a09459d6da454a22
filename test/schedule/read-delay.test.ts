import { expect, test } from "vitest";
import { readDelay } from "../../src/schedule/typed/read-delay.ts";

test.each([
  ["2 hours", { hours: 2 }],
  ["after 1 hour", { hours: 1 }],
  ["2 часа", { hours: 2 }],
  ["через час", { hours: 1 }],
  ["a day", { hours: 24 }],
  ["3 days", { hours: 72 }],
  ["3 days at 10:00", { days: 3, at: 600 }],
  ["1 day, 19:30", { days: 1, at: 1170 }],
  ["через 3 дня в 10:00", { days: 3, at: 600 }],
  ["2 days at 6 pm", { days: 2, at: 1080 }],
  ["a week at 10:00", { days: 7, at: 600 }],
  ["10:00", null],
  ["30 minutes", null],
  ["0 hours", null],
  ["2 hours at 10:00", null],
  ["3 days at 25:00", null],
  ["a month", null],
  ["tomorrow", null],
])("%s", (text, delay) => {
  expect(readDelay(text)).toEqual(delay);
});
