import { sql } from "drizzle-orm";
import { isForChats } from "../audience/segment.ts";
import type { Campaign } from "../campaign/campaign.ts";
import { pauseBecause } from "../campaign/lifecycle.ts";
import { type Scope, query } from "../db/connect.ts";
import type { DeliveryState } from "../db/states.ts";
import { INTERRUPTED } from "./rescuer.ts";

/** So many failures, and hardly anybody reached, mean that the fault is not the recipients': a wrong bot, a wrong list. */
export const FAILURES_ALIKE = 20;
/** The owner is on most lists, so one who was reached proves nothing: of those tried, more than 1 in 20 has to be. */
const HARDLY_ANYBODY = 1 / 20;

/** Of the last so many, this share failing through no fault of the recipients' is an incident, not chance. */
const LAST = 500;
const TOO_MANY_OF_THE_LAST = 1 / 5;
/** Failures that are nobody's own: Telegram says something unheard-of, or cannot be reached. */
const NOBODYS_OWN = ["other", "unavailable", "no-stars"];

type Counters = Pick<Campaign, "sent" | "blocked" | "deactivated" | "unreachable" | "failed">;

/** Who was reached, blocked the bot or deleted the account is known to it: these recipients are this bot's. */
export function proofsIn({ sent, blocked, deactivated }: Counters): number {
  return sent + blocked + deactivated;
}

export function failuresIn({ unreachable, failed }: Counters): number {
  return unreachable + failed;
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
 * `campaigns` carry their counters with `rows` in them. Returns those that it paused.
 */
export async function pauseForFailuresAlike(
  scope: Scope,
  rows: readonly Row[],
  campaigns: readonly Campaign[],
): Promise<Campaign[]> {
  const paused: Campaign[] = [];
  for (const campaign of campaigns) {
    if (campaign.errorsWaived) continue;
    const own = rows.filter((row) => row.campaignId === campaign.id);
    if (!hardlyAnybody(campaign) && !(await tooManyOfTheLast(scope, campaign.id, own))) continue;
    const last = own.findLast(({ state }) => state === "failed" || state === "uncertain");
    const done = await pauseBecause(scope, campaign.id, "errors", last?.description ?? "");
    if (done) paused.push(done);
  }
  return paused;
}

function hardlyAnybody(campaign: Campaign): boolean {
  if (isForChats(campaign.audience)) return false;
  const failures = failuresIn(campaign);
  return failures >= FAILURES_ALIKE && proofsIn(campaign) <= failures * HARDLY_ANYBODY;
}

/**
 * So far back the last 500 are looked for. Without a bound, and without statistics, the whole campaign is read and
 * sorted for each batch with such a failure in it: 600,000 rows instead of 500.
 */
const LOOK_BACK = 5_000;

/** Looks at the last outcomes before this batch's newest, and only if the batch gives cause to. */
async function tooManyOfTheLast({ db, botId }: Scope, campaignId: number, rows: Row[]): Promise<boolean> {
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
          order by seq desc limit ${LAST}) as last`,
  );
  return (last?.bad ?? 0) > LAST * TOO_MANY_OF_THE_LAST;
}
