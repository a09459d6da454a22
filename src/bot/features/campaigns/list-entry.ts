import { type Campaign, hasNotStarted } from "../../../campaign/campaign.ts";
import { progressOf } from "../../../campaign/progress.ts";
import { summarize } from "../../../content/content.ts";
import { waitsUntil } from "../../../schedule/window.ts";
import { sumOfBundle } from "../../cards/bundle-card.ts";
import { rangesOf } from "../../ui/bundle-words.ts";
import { kindName } from "../../ui/post-summary.ts";
import { type Reader, briefTime, shortDay } from "../../ui/times.ts";

/* The lines of the list of campaigns. */

/** A campaign as a line of a list; `from` is its bot if the list has several. */
export function campaignEntry(reader: Reader, campaign: Campaign, from: string | null = null): string {
  const { t } = reader;
  const { opening } = summarize(campaign.content);
  return [
    t("list-number", { id: String(campaign.id) }),
    ...(from === null ? [] : [from]),
    ...standing(reader, campaign),
    opening || kindName(t, campaign.content),
  ].join(" · ");
}

/**
 * Campaigns that were confirmed together as a line of a list, with what they came to together; null if it is only one.
 * `inScheduled`: the list is of those that wait, and names their time.
 */
export function bundleEntry(
  reader: Reader,
  bundle: readonly Campaign[],
  inScheduled: boolean,
): string | null {
  const { t } = reader;
  const sum = bundle.length > 1 ? sumOfBundle(bundle) : null;
  if (!sum) return null;
  const waits = inScheduled ? bundle.find(hasNotStarted) : undefined;
  const { opening } = summarize(sum.content);
  return [
    t("list-number", { id: rangesOf(bundle.map(({ id }) => id)) }),
    t("list-bots", { count: bundle.length }),
    ...standing(reader, waits ?? sum),
    opening || kindName(t, sum.content),
  ].join(" · ");
}

/**
 * The state of a campaign: for a draft, what it changes; for a scheduled one, its time; for one that is over, when it
 * was sent and how many it reached.
 */
function standing(reader: Reader, campaign: Campaign): string[] {
  const { t, locale, now } = reader;
  const { state, changes, welcomeFor, step, startsAt, startedAt } = campaign;
  const word = t(`state-${state}`);
  if (step) return [t("list-step")];
  if (welcomeFor !== null) return [t("list-welcome")];
  if (state === "draft") return [changes === null ? word : t("list-changes", { id: String(changes) })];
  if (startedAt === null && (state === "scheduled" || state === "paused"))
    return startsAt ? [`${mark(campaign)}${briefTime(startsAt, reader)}`] : [word];
  const { sent, share } = progressOf(campaign);
  if (state === "running" || state === "paused") {
    const isWaiting = state === "running" && waitsUntil(campaign.window, now) !== null;
    return [isWaiting ? t("list-waits") : word, t("card-share", { share: Math.floor(share * 100) })];
  }
  const at = startsAt ?? campaign.finishedAt;
  const day = at ? shortDay(at, reader) : "";
  const reached = new Intl.NumberFormat(locale).format(sent);
  return state === "finished" ? [`${day} → ${reached}`] : [day, word];
}

function mark({ state, seriesId }: Campaign): string {
  if (state === "paused") return "⏸ ";
  return seriesId === null ? "" : "🔁 ";
}
