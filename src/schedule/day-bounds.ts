import { daysLater, instantAt } from "./wall.ts";

/** When days such as `2026-11-30` begin in a zone, and when the days after them do. */
export function dayBoundsIn(zone: string): (day: string) => { from: Date; to: Date } {
  return (day) => {
    const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
    const start = { year, month, day: date, hour: 0, minute: 0 };
    return { from: instantAt(start, zone), to: instantAt(daysLater(start, 1), zone) };
  };
}
