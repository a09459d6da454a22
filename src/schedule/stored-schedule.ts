import { byTag, format, integer, list, object, oneOf, optional, text } from "../stored-json.ts";
import type { Recurrence, Rule } from "./recurrence.ts";
import type { Window } from "./window.ts";

const weekdays = list(oneOf([1, 2, 3, 4, 5, 6, 7]));
const TIME = { step: optional(integer), hour: integer, minute: integer };

/** The column `recurrence` of campaigns and of series. */
export const storedRecurrence = format<Recurrence, "recurrence">(
  "recurrence",
  object<Recurrence>({
    zone: text,
    rule: byTag<Rule, "every">("every", {
      day: TIME,
      week: { ...TIME, days: weekdays },
      month: { ...TIME, day: integer },
      cron: { expression: text },
    }),
    since: optional(text),
    until: optional(text),
    runs: optional(integer),
  }),
);

export const windowShape = object<Window>({ zone: text, from: integer, to: integer, days: weekdays });

/** The column `window` of campaigns and of series: the hours in which they are sent. */
export const storedWindow = format<Window, "window">("window", windowShape);
