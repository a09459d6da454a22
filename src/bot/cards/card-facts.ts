import type { SentPost } from "../../campaign/report/sent-posts.ts";
import type { PollTotal } from "../../campaign/votes/poll-votes.ts";
import type { FailureGroup } from "../../campaign/queries.ts";
import type { SeriesFacts } from "../../campaign/series.ts";
import type { Taps } from "../../campaign/votes/button-votes.ts";
import type { CardPeople } from "./card-head.ts";
import type { Reader } from "../ui/times.ts";
import type { Locale, Translate } from "../ui/words.ts";

/** What a card shows besides the campaign itself. */
export interface CardFacts {
  now: Date;
  timezone: string;
  /** For dates; the words come with `t`. */
  locale: Locale;
  /** Messages a second, measured; null when there is nothing to measure yet. */
  speed: number | null;
  /** End of a pause that Telegram asked for. */
  quietUntil: Date | null;
  failures: FailureGroup[];
  /** How many `Retry failed` would send to. */
  retryable: number;
  /** Whom it is for, in words. */
  audience: string;
  people: CardPeople;
  /** Of one to groups and channels that is over: where it was posted. */
  posts: SentPost[];
  /** Of one that has not started: how many its audience reaches now. */
  reachable: number | null;
  taps: Taps;
  /** What its polls add up to. */
  polls: readonly PollTotal[];
  /** Of one that repeats. */
  series: SeriesFacts | null;
  /** A campaign found due later than so many hours is not sent without a word. */
  lateLimitHours: number;
  /** For a report that is a message of its own: stands in place of the title, and says how many were reached. */
  headline?: string;
}

/** Whoever looks at the card. */
export function cardReader(t: Translate, { locale, timezone, now }: CardFacts): Reader {
  return { t, locale, timezone, now };
}
