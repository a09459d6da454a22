import { readMoment } from "../../../schedule/typed/read-moment.ts";
import { daysLater, instantAt, wallOf } from "../../../schedule/wall.ts";

/** Reads until when a key is valid: a time, or a day, to whose end it lasts. Null for what is not one clear time ahead. */
export function readExpiry(text: string, now: Date, zone: string): Date | null {
  const reading = readMoment(text, now, zone);
  switch (reading.type) {
    case "at":
      return reading.instant;
    case "twice":
      return reading.instants[1];
    case "gap":
      return reading.next;
    case "too-far":
      return reading.whole === "day" ? endOfDay(reading.instant, zone) : reading.instant;
    case "which-hour": {
      // Several days if the text may be read in more than one way.
      const [day, another] = new Set(reading.suggestions.map((one) => endOfDay(one, zone).getTime()));
      return day === undefined || another !== undefined ? null : new Date(day);
    }
    case "past":
    case "ambiguous":
    case "no-date":
    case "no-time":
    case "unknown":
      return null;
  }
}

/** The first minute of the day after. */
function endOfDay(instant: Date, zone: string): Date {
  return instantAt({ ...daysLater(wallOf(instant, zone), 1), hour: 0, minute: 0 }, zone);
}
