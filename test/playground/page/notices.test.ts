import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dismiss, dismissToasts, notices, say } from "../../../playground/page/state/notices.ts";

beforeEach(() => {
  vi.useFakeTimers();
  notices.set([]);
});
afterEach(() => {
  vi.useRealTimers();
});

function texts(): string[] {
  return notices.value.map(({ text }) => text);
}

test("lines go by themselves, trouble later than the rest; an alert waits until it is closed", () => {
  say("Copied");
  say("No answer", "trouble");
  say("Are you there?", "alert");
  vi.advanceTimersByTime(5_000);
  expect(texts()).toEqual(["No answer", "Are you there?"]);
  vi.advanceTimersByTime(3_600_000);
  expect(texts()).toEqual(["Are you there?"]);
  dismiss(notices.value[0]?.id ?? 0);
  expect(texts()).toEqual([]);
});

test("what is being said already is not said twice, and stays for its full time", () => {
  say("Copied");
  vi.advanceTimersByTime(4_000);
  say("Copied");
  expect(texts()).toEqual(["Copied"]);
  vi.advanceTimersByTime(4_000);
  expect(texts()).toEqual(["Copied"]);
});

test("of many lines the last three are shown, and no alert is lost", () => {
  for (const text of ["a", "b"]) say(text, "alert");
  for (const text of ["1", "2", "3", "4", "5"]) say(text);
  expect(texts()).toEqual(["a", "b", "3", "4", "5"]);
});

test("in another chat, toasts are gone; trouble and alerts are not", () => {
  say("Copied");
  say("No answer", "trouble");
  say("Are you there?", "alert");
  dismissToasts();
  expect(texts().toSorted()).toEqual(["Are you there?", "No answer"]);
});
