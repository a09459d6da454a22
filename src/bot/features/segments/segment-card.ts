import { nameOf } from "../../../access/admins.ts";
import { printLine } from "../../../audience/segment/print-line.ts";
import type { SavedSegment } from "../../../audience/segment/saved-segments.ts";
import { EVERYONE } from "../../../audience/segment/audience.ts";
import { reachOfSegment } from "../../../campaign/segment-reach.ts";
import type { Finding } from "../../../content/check.ts";
import type { Scope } from "../../../db/scope.ts";
import { describeAudience } from "../../ui/audience-words.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import type { Drawn } from "../../ui/screens.ts";
import { nameOfBot, severalBots } from "../../ui/sending-bots.ts";
import { readerOf } from "../../ui/times.ts";
import { type Translate, cut, firstFew, moment } from "../../ui/words.ts";

export const SEGMENTS = "segments";
export const BACK = "back";

/** The most characters of the line and of its words: a message has 4,096. */
const LONGEST = 1_200;

/** One saved segment: in words, whom it reaches now, as a line, and what can be done with it. */
export async function drawSegment(
  deps: BotDeps,
  ctx: HeraldContext,
  of: Scope,
  { id, name, segment, savedBy, savedAt }: SavedSegment,
): Promise<Drawn> {
  const { t } = ctx;
  const { now, timezone, locale } = readerOf(deps, ctx);
  const bot = nameOfBot(await severalBots(deps.scope), of.botId);
  const { reachable, findings } = await reachOfSegment(of, segment, now);
  const words = cut(describeAudience(t, { ...EVERYONE, segment }), LONGEST, "…");
  const at = `${of.botId}.${id}`;
  return {
    screen: SEGMENTS,
    text: [
      t("segments-one", { id: String(id), name }),
      reachable === null ? words : `${words}: ${t("people", { count: reachable })}`,
      ...faultLines(t, findings),
      "",
      cut(printLine(segment, locale), LONGEST, "…"),
      "",
      ...(bot === null ? [] : [t("card-from", { bot })]),
      t("segments-saved", {
        name: await nameOf(deps.scope, savedBy),
        time: moment(savedAt, now, timezone, locale),
      }),
      t("segments-copies"),
    ].join("\n"),
    rows: [
      [
        { text: t("segments-change"), what: `change.${at}` },
        { text: t("segments-rename"), what: `rename.${at}` },
      ],
      [{ text: t("segments-delete"), what: `delete.${at}` }],
      [{ text: t("button-back"), what: BACK }],
    ],
  };
}

/** Why a campaign with these conditions would be refused. */
function faultLines(t: Translate, findings: readonly Finding[]): string[] {
  const lines = findings.map((finding) =>
    t("segments-fault", {
      type: finding.type.replace(/^segment-/, ""),
      number: "number" in finding ? finding.number : "",
      name: "name" in finding ? finding.name : "",
    }),
  );
  return firstFew(t, lines).map((line) => `⚠️ ${line}`);
}
