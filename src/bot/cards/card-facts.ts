import type { SentPost } from "../../campaign/report/sent-posts.ts";
import type { PollTotal } from "../../campaign/votes/poll-votes.ts";
import type { FailureGroup } from "../../campaign/queries.ts";
import type { SentEdit } from "../../campaign/sent-edits.ts";
import type { SeriesFacts } from "../../campaign/series.ts";
import type { Taps } from "../../campaign/votes/button-votes.ts";
import type { CardPeople } from "./card-head.ts";
import type { Reader } from "../ui/times.ts";
import type { Locale, Translate } from "../ui/words.ts";

/** What a card shows besides the campaign itself. */
export interface CardFacts {
  now: Date;
  timezone: string;
  /** For dates; words come with `t`. */
  locale: Locale;
  /** Recipients per second, as measured; null if there is nothing to measure yet. */
  speed: number | null;
  /** End of a pause that Telegram asked for. */
  quietUntil: Date | null;
  failures: FailureGroup[];
  /** How many `Retry failed` would send to. */
  retryable: number;
  /** The name of the bot that sends it; null if the home has only one. */
  from: string | null;
  /** The audience in words. */
  audience: string;
  /** The name of its category; null if it has none. */
  category: string | null;
  people: CardPeople;
  /** Where it was posted, once a campaign to groups and channels is over. */
  posts: SentPost[];
  /** How many its audience reaches now; null once it has started. */
  reachable: number | null;
  taps: Taps;
  /** What its polls add up to. */
  polls: readonly PollTotal[];
  /** The last edit of what it has sent; null if there was none. */
  edit: SentEdit | null;
  /** The numbers of the campaigns that were confirmed with it, its own among them; null if there are none. */
  bundle: string | null;
  /** Null unless it is a run of a series. */
  series: SeriesFacts | null;
  /** A campaign that is found due later than this, in hours, is handled by its late policy. */
  lateLimitHours: number;
  /** Replaces the title in a report that is sent as a new message, and says how many were reached. */
  headline?: string;
}

/** The admin who reads the card. */
export function cardReader(t: Translate, { locale, timezone, now }: CardFacts): Reader {
  return { t, locale, timezone, now };
}
