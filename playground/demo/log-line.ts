import { isRecord } from "../params.ts";
import type { LogLine } from "../live/protocol.ts";

/** What Herald wrote, as somebody reads it, and as the event that it was. */
export interface ReadLine {
  line: LogLine;
  /** What happened in a few words; undefined for a line that is no event of the log. */
  event?: string;
  /** The number of the campaign that it is about. */
  campaign?: number;
  /** Of the campaigns, when it is about several. */
  campaigns?: number[];
}

/** The event with which Herald has the database and begins to listen. */
export const UP = "Herald is up";

const LEVELS: Record<string, LogLine["level"]> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warn: "warn",
};

/** These make the line; all other fields stand behind the words. */
const FRAME = new Set(["level", "time", "msg"]);

/**
 * Reads a line of Herald's log (src/log.ts): "campaign finished · campaign 3, total 501, sent 501, 18 s". One that is no
 * JSON, such as why it cannot start, stays as it is and is of level `otherwise`. `now` is in Unix ms.
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

/** A field in words; none for what says nothing: no, null, nobody. */
function describe(key: string, value: unknown): string[] {
  if (value === null || value === false || value === 0 || value === "") return [];
  if (value === true) return [key];
  // An error is told by its message.
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
