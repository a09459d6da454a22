import { expect, test } from "vitest";
import { daysOf, entriesOf } from "../../../playground/page/chat/entries.ts";
import { noon, shown } from "./support.ts";

test("the parts of an album stand as one, and no message of another album or sender among them", () => {
  const entries = entriesOf([
    shown({ message_id: 1 }),
    shown({ message_id: 2, media_group_id: "a" }),
    shown({ message_id: 3, media_group_id: "a" }),
    shown({ message_id: 4, media_group_id: "b" }),
    shown({ message_id: 5, media_group_id: "b" }, true),
    shown({ message_id: 6 }),
    shown({ message_id: 7, media_group_id: "a" }),
  ]);
  const ids = entries.map(({ parts }) => parts.map(({ message }) => message.message_id));
  expect(ids).toEqual([[1], [2, 3], [4], [5], [6], [7]]);
});

test("messages of one sender stand close together when little time lies between", () => {
  const entries = entriesOf([
    shown({ message_id: 1, date: noon() }),
    shown({ message_id: 2, date: noon() + 20 }),
    shown({ message_id: 3, date: noon() + 40 }, true),
    shown({ message_id: 4, date: noon() + 3600 }, true),
  ]);
  expect(entries.map(({ follows }) => follows)).toEqual([false, true, false, false]);
});

test("entries are parted by the days on which they were sent", () => {
  const days = daysOf(
    entriesOf([
      shown({ message_id: 1, date: noon(1) }),
      shown({ message_id: 2, date: noon(1) + 3600 }),
      shown({ message_id: 3, date: noon() }),
    ]),
  );
  expect(days.map(({ date, entries }) => [date, entries.map(({ id }) => id)])).toEqual([
    [noon(1), [1, 2]],
    [noon(), [3]],
  ]);
});
