import { sql } from "drizzle-orm";
import { isForChats } from "../../audience/segment.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { countOf } from "../../campaign/counters.ts";
import { pauseAll, pauseBecause } from "../../campaign/engine-moves.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { DeliveryState } from "../../db/states.ts";
import { storable } from "../../storable.ts";
import { INTERRUPTED, type Settlement } from "../shared/settlement.ts";

/** So many failures, and hardly anybody reached, mean that the fault is not the recipients': a wrong bot, a wrong list. */
export const FAILURES_ALIKE = 20;
/** The owner is on most lists, so one who was reached proves nothing: of those tried, more than 1 in 20 has to be. */
const HARDLY_ANYBODY = 1 / 20;

/**
 * Of the last so many, this share failing through no fault of the recipients' is an incident, not chance. At high rates one
 * outage leaves more than a fifth of them uncertain, and is over by itself (silence.ts): then more are looked at.
 */
const LAST = 500;
const TOO_MANY_OF_THE_LAST = 1 / 5;
/** Failures that are nobody's own: Telegram says something unheard-of, or cannot be reached. */
const NOBODYS_OWN = ["other", "unavailable", "no-stars"];

/** Who was reached, blocked the bot or deleted the account is known to it: these recipients are this bot's. */
export function proofsIn(campaign: Campaign): number {
  return countOf(campaign, ({ tells }) => tells === "list-is-right");
}

export function failuresIn(campaign: Campaign): number {
  return countOf(campaign, ({ tells }) => tells === "something-is-wrong");
}

/** A delivery as it is about to stand after its attempt. */
interface Row {
  campaignId: number;
  seq: number;
  state: DeliveryState;
  reason?: string;
  description?: string;
}

/**
 * The circuit breaker: pauses what fails for everybody before the audience is used up, and not again once an admin has
 * looked and resumed. In a campaign to groups and channels that hardly any was reached proves nothing: each was chosen
 * by name and fails for itself, twenty without rights as well as one, and a pause would keep the post from the others.
 * `campaigns` carry their counters with `rows` in them. One outage leaves at most `ofAnOutage` uncertain. Returns those that it
 * paused.
 */
export async function pauseForFailuresAlike(
  scope: Scope,
  rows: readonly Row[],
  campaigns: readonly Campaign[],
  ofAnOutage: number,
): Promise<Campaign[]> {
  const paused: Campaign[] = [];
  const most = Math.max(LAST, Math.ceil(ofAnOutage / TOO_MANY_OF_THE_LAST));
  for (const campaign of campaigns) {
    if (campaign.errorsWaived) continue;
    const own = rows.filter((row) => row.campaignId === campaign.id);
    if (!(await hardlyAnybody(scope, campaign)) && !(await tooManyOfTheLast(scope, campaign.id, own, most)))
      continue;
    const last = own.findLast(({ state }) => state === "failed" || state === "uncertain");
    const done = await pauseBecause(scope, campaign.id, "errors", last?.description ?? "");
    if (done) paused.push(done);
  }
  return paused;
}

/** Telegram answers, but not to what is sent: all that run pause, before it costs one more person. */
export async function pauseForSilence(scope: Scope, settlements: readonly Settlement[]): Promise<Campaign[]> {
  const found = settlements.find(({ hopeless }) => hopeless);
  if (!found) return [];
  const { outcome } = found;
  return pauseAll(scope, "errors", storable("description" in outcome ? outcome.description : ""));
}

async function hardlyAnybody(scope: Scope, campaign: Campaign): Promise<boolean> {
  if (isForChats(campaign.audience)) return false;
  const [failures, proofs] = [failuresIn(campaign), proofsIn(campaign)];
  if (!areMostly(failures, proofs)) return false;
  // Whoever does not take voice messages is known to the bot: the list is the right one, and so is the post.
  const personal = await countPersonal(scope, campaign.id);
  return areMostly(failures - personal, proofs + personal);
}

function areMostly(failures: number, proofs: number): boolean {
  return failures >= FAILURES_ALIKE && proofs <= failures * HARDLY_ANYBODY;
}

async function countPersonal({ db, botId }: Scope, campaignId: number): Promise<number> {
  const [row] = await query<{ count: number }>(
    db,
    sql`select count(*)::int as count from deliveries
        where bot_id = ${botId} and campaign_id = ${campaignId} and reason = 'personal' and state in ('failed', 'uncertain')`,
  );
  return row?.count ?? 0;
}

/**
 * So far back the last 500 are looked for. Without a bound, and without statistics, the whole campaign is read and
 * sorted for each batch with such a failure in it: 600,000 rows instead of 500.
 */
const LOOK_BACK = 5_000;

/** Looks at the last outcomes before this batch's newest, and only if the batch gives cause to. */
async function tooManyOfTheLast(
  { db, botId }: Scope,
  campaignId: number,
  rows: Row[],
  most: number,
): Promise<boolean> {
  const cause = rows.some(
    ({ state, reason }) =>
      state === "uncertain" || (state === "failed" && NOBODYS_OWN.includes(reason ?? "")),
  );
  if (!cause) return false;
  const newest = Math.max(...rows.map(({ seq }) => seq));
  const [last] = await query<{ bad: number }>(
    db,
    sql`select count(*) filter (where (state = 'failed' and reason in ${NOBODYS_OWN})
          or (state = 'uncertain' and description is distinct from ${INTERRUPTED}))::int as bad
        from (select state, reason, description from deliveries
          where bot_id = ${botId} and campaign_id = ${campaignId} and seq <= ${newest} and seq > ${newest - LOOK_BACK}
            and state in ('sent', 'failed', 'uncertain')
          order by seq desc limit ${most}) as last`,
  );
  return (last?.bad ?? 0) > most * TOO_MANY_OF_THE_LAST;
}
