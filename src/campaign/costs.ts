import type { LanguageGroup } from "../audience/segment/audience.ts";
import { type Content, messagesOf, versionFor } from "../content/content.ts";
import { FREE_RATE, secondsFor } from "./progress.ts";

/** Messages a second that campaigns may send. */
export interface SendingRate {
  /** As configured. */
  set: number;
  /** The current rate, which is lower after a 429 or without Stars. */
  now: number;
  /** Whether Stars pay for the messages above the free rate; `no-stars` if Telegram says there are too few. */
  paid: "off" | "on" | "no-stars";
}

export interface Costs {
  /** Telegram counts messages, and an album is several. */
  messages: number;
  /** Messages a second. */
  rate: number;
  seconds: number;
  /** Upper bound. */
  stars: number;
}

/** What sending a post costs. `groups` are the people by language; empty for chats. */
export function costsOf(
  content: Content,
  reachable: number,
  groups: readonly LanguageGroup[],
  { set, now, paid }: SendingRate,
): Costs {
  // Forwards cannot be paid for. After a 429 the rate grows back; without Stars it stays at the free rate.
  const isPaid = paid === "on" && !content.options?.forward;
  const rate = paid === "no-stars" ? now : paid === "on" && !isPaid ? Math.min(set, FREE_RATE) : set;
  const messages =
    groups.length === 0
      ? reachable * messagesOf(content, content)
      : groups.reduce(
          (sum, { language, count }) =>
            sum + count * messagesOf(content, versionFor(content, language).version),
          0,
        );
  // Pins in people's chats take turns with the messages.
  const pins = content.options?.pin && groups.length > 0 ? reachable : 0;
  return {
    messages,
    rate,
    seconds: secondsFor(messages + pins, rate),
    stars: isPaid ? starsFor(messages, rate) : 0,
  };
}

/** What several bots take together: each sends its part at the same time as the others. */
export function costsTogether(all: readonly Costs[]): Costs {
  const sum = (of: (costs: Costs) => number) => all.reduce((total, costs) => total + of(costs), 0);
  return {
    messages: sum(({ messages }) => messages),
    rate: sum(({ rate }) => rate),
    seconds: Math.max(0, ...all.map(({ seconds }) => seconds)),
    stars: sum(({ stars }) => stars),
  };
}

/** https://core.telegram.org/bots/api#paid-broadcasts: 0.1 Star per message above the free rate. */
const MESSAGES_FOR_A_STAR = 10;

/**
 * The most Stars that `count` paid messages can cost at `rate` a second. Telegram does not charge for messages that it
 * does not deliver.
 */
export function starsFor(count: number, rate: number): number {
  if (rate <= FREE_RATE) return 0;
  // Multiplied before it is divided: 97,000 × 0.1 is a little more than 9,700 in binary, and would be rounded up.
  return Math.ceil((count * (rate - FREE_RATE)) / (rate * MESSAGES_FOR_A_STAR));
}
