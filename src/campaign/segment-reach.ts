import { EVERYONE, countAudience } from "../audience/segment/audience.ts";
import type { Segment } from "../audience/segment/segment.ts";
import type { Finding } from "../content/check.ts";
import type { Scope } from "../db/scope.ts";
import { segmentFindings } from "./segment-findings.ts";

/** How many people of a bot a segment reaches at this instant; null if it cannot be answered, for the reasons in `findings`. */
export async function reachOfSegment(
  of: Scope,
  segment: Segment,
  now: Date,
): Promise<{ reachable: number | null; findings: Finding[] }> {
  const audience = { ...EVERYONE, segment };
  const findings = await segmentFindings(of, { botId: of.botId, bots: null, audience });
  if (findings.length > 0) return { reachable: null, findings };
  return { reachable: (await countAudience(of, audience, now)).reachable, findings };
}

/** Why a segment cannot be answered, for programs and for the command line; null if it can. */
export async function whyUnanswerable(of: Scope, segment: Segment): Promise<string | null> {
  const audience = { ...EVERYONE, segment };
  const [fault] = await segmentFindings(of, { botId: of.botId, bots: null, audience });
  if (!fault) return null;
  const subject =
    "number" in fault ? ` (campaign ${fault.number})` : "name" in fault ? ` (list ${fault.name})` : "";
  return `It cannot be answered: ${fault.type}${subject}.`;
}
