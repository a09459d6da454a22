import type { SendingRate } from "../../campaign/costs.ts";
import { SENDER_STATES, type SenderState } from "../../db/states.ts";
import { type Shape, format, number, object, oneOf, record } from "../../stored-json.ts";

/** How a sender is doing, as far as only the process that runs it knows. */
export interface ReportedSender {
  state: SenderState;
  rate: SendingRate;
}

/** What a process tells the others of its senders, by bot. Those that simply send at their rate are left out. */
export interface ProcessReport {
  senders: Record<string, ReportedSender>;
}

const rate: Shape<SendingRate> = object({
  set: number,
  now: number,
  paid: oneOf(["off", "on", "no-stars"]),
});

/** The column `report` of processes. */
export const storedReport = format<ProcessReport, "report">(
  "report",
  object({ senders: record(object({ state: oneOf(SENDER_STATES), rate })) }),
);
