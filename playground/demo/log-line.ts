import { isRecord } from "../wire/params.ts";
import type { LogLine } from "../shared/protocol.ts";

/** A line of Herald's log, as text and as an event. */
export interface ReadLine {
  line: LogLine;
  /** The event's message; undefined for a line that is not JSON. */
  event?: string;
  /** The id of the campaign that it is about. */
  campaign?: number;
  /** The ids, if it is about several campaigns. */
  campaigns?: number[];
}

/** The event when Herald has its database and begins to listen. */
export const UP = "Herald is up";

const LEVELS: Record<string, LogLine["level"]> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
};

/** These make up the line; all other fields follow the message. */
const FRAME = new Set(["level", "time", "msg"]);

/**
 * Parses a line of Herald's log (src/log.ts): "campaign finished · campaign 3, total 501, sent 501, 18 s". A line
 * that is not JSON, such as why it cannot start, stays as it is and gets level `otherwise`. `now` is in Unix ms.
 */
export function readLogLine(text: string, otherwise: LogLine["level"], now: number): ReadLine {
  const entry = parse(text);
  if (entry === undefined) return { line: { at: now, level: otherwise, text } };
  const { level, time, msg, campaign, campaigns } = entry;
  const at = typeof time === "string" ? Date.parse(time) : now;
  const event = typeof msg === "string" ? msg : "";
  const facts = Object.entries(entry).flatMap(([key, value]) => (FRAME.has(key) ? [] : describe(key, value)));
  return {
    line: {
      at: Number.isNaN(at) ? now : at,
      level: LEVELS[String(level)] ?? "error",
      text: [event, facts.join(", ")].filter(Boolean).join(" · "),
    },
    event,
    ...(typeof campaign === "number" && { campaign }),
    ...(Array.isArray(campaigns) && { campaigns: campaigns.filter((id) => typeof id === "number") }),
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const entry: unknown = JSON.parse(text);
    return isRecord(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** A field in words; nothing for false, null, 0 and "". */
function describe(key: string, value: unknown): string[] {
  if (value === null || value === false || value === 0 || value === "") return [];
  if (value === true) return [key];
  // Errors are shown by their message.
  if (isRecord(value) && typeof value["message"] === "string") return [value["message"]];
  if (Array.isArray(value)) return [`${key} ${value.join(" ")}`];
  if (typeof value !== "string" && typeof value !== "number") return [`${key} ${JSON.stringify(value)}`];
  if (key === "seconds") return [`${value} s`];
  if (key.endsWith("Seconds")) return [`${key.slice(0, -"Seconds".length)} ${value} s`];
  return [`${key} ${isInstant(value) ? new Date(value).toLocaleTimeString("en-GB") : value}`];
}

function isInstant(value: number | string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value));
}
