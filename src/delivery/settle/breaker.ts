import { sql } from "drizzle-orm";
import { isForChats } from "../../audience/segment/audience.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { countOf } from "../../campaign/counters.ts";
import { pauseAll, pauseBecause } from "../../campaign/engine-moves.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import type { DeliveryState } from "../../db/states.ts";
import { storable } from "../../storable.ts";
import { INTERRUPTED, type Settlement } from "../shared/settlement.ts";

/** This many failures with hardly anyone reached mean that the fault is not the recipients': a wrong bot, a wrong list. */
export const FAILURES_ALIKE = 20;
/** The owner is on most lists, so one person reached proves nothing: more than one for every 20 failures must be. */
const HARDLY_ANYBODY = 1 / 20;

/**
 * If this share of the last 500 fails for reasons that are not the recipients' own, it is an incident, not chance. At high
 * rates one outage, which ends by itself (silence.ts), leaves more than a fifth of 500 uncertain; then more are counted.
 */
const LAST = 500;
const TOO_MANY_OF_THE_LAST = 1 / 5;
/** Failures that are not the recipient's own: an unknown error, Telegram unavailable, too few Stars. */
const NOT_THEIR_OWN = ["other", "unavailable", "no-stars"];

/** Recipients who are known to this bot: they were reached, blocked it, or deleted their account. */
export function proofsIn(campaign: Campaign): number {
  return countOf(campaign, ({ tells }) => tells === "list-is-right");
}

/** Failures that suggest that something other than the recipient is wrong. */
export function failuresIn(campaign: Campaign): number {
  return countOf(campaign, ({ tells }) => tells === "something-is-wrong");
}

/** A delivery as it is after its attempt. */
interface Row {
  campaignId: number;
  seq: number;
  state: DeliveryState;
  reason?: string;
  description?: string;
}

/**
 * The circuit breaker: pauses a campaign that fails for everyone before its audience is used up, but not again once an
 * admin has resumed it. For groups and channels, it does not matter that hardly any was reached: each was chosen by name
 * and fails on its own, twenty without rights as well as one, and a pause would keep the post from the others.
 * The counters of `campaigns` already include `rows`. One outage leaves at most `ofAnOutage` uncertain. Returns the
 * campaigns that it paused.
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
    const ofCampaign = rows.filter((row) => row.campaignId === campaign.id);
    if (
      !(await hardlyAnyone(scope, campaign)) &&
      !(await tooManyOfTheLast(scope, campaign.id, ofCampaign, most))
    )
      continue;
    const last = ofCampaign.findLast(({ state }) => state === "failed" || state === "uncertain");
    const done = await pauseBecause(scope, campaign.id, "errors", last?.description ?? "");
    if (done) paused.push(done);
  }
  return paused;
}

/** Telegram answers, but not to sends: pauses all running campaigns, before another person becomes uncertain. */
export async function pauseForSilence(scope: Scope, settlements: readonly Settlement[]): Promise<Campaign[]> {
  const found = settlements.find(({ hopeless }) => hopeless);
  if (!found) return [];
  const { outcome } = found;
  return pauseAll(scope, "errors", storable("description" in outcome ? outcome.description : ""));
}

async function hardlyAnyone(scope: Scope, campaign: Campaign): Promise<boolean> {
  if (isForChats(campaign.audience)) return false;
  const [failures, proofs] = [failuresIn(campaign), proofsIn(campaign)];
  if (!areMostly(failures, proofs)) return false;
  // Anyone who does not accept voice messages is known to the bot: neither the list nor the post is wrong.
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
 * How far back the last 500 are searched. Without a bound, and without statistics, every batch with such a failure would
 * read and sort the whole campaign: 600,000 rows instead of 500.
 */
const SEARCH_BACK = 5_000;

/** Counts failures among the last outcomes up to the newest of this batch, but only if the batch has one. */
async function tooManyOfTheLast(
  { db, botId }: Scope,
  campaignId: number,
  rows: Row[],
  most: number,
): Promise<boolean> {
  const hasFailure = rows.some(
    ({ state, reason }) =>
      state === "uncertain" || (state === "failed" && NOT_THEIR_OWN.includes(reason ?? "")),
  );
  if (!hasFailure) return false;
  const newest = Math.max(...rows.map(({ seq }) => seq));
  const [last] = await query<{ bad: number }>(
    db,
    sql`select count(*) filter (where (state = 'failed' and reason in ${NOT_THEIR_OWN})
          or (state = 'uncertain' and description is distinct from ${INTERRUPTED}))::int as bad
        from (select state, reason, description from deliveries
          where bot_id = ${botId} and campaign_id = ${campaignId} and seq <= ${newest} and seq > ${newest - SEARCH_BACK}
            and state in ('sent', 'failed', 'uncertain')
          order by seq desc limit ${most}) as last`,
  );
  return (last?.bad ?? 0) > most * TOO_MANY_OF_THE_LAST;
}
