import type { AudienceCount } from "../../audience/segment/audience.ts";
import type { Trouble } from "../../db/troubles.ts";
import type { TroubleKind } from "../../db/states.ts";
import type { Sender } from "../../senders/sender.ts";
import type { BOT_TROUBLES, BotJson } from "../shapes/bot-shapes.ts";
import { momentOf } from "./moments.ts";

/** What is known of a bot besides its row. */
export interface BotFacts {
  sender: Sender;
  /** False if its token cannot be opened. */
  hasToken: boolean;
  /** Its lasting troubles. */
  troubles: readonly Trouble[];
  rate: BotJson["rate"];
  /** End of a pause that Telegram asked for; null while there is none. */
  quietUntil: Date | null;
  people: AudienceCount;
}

type BotTrouble = BotJson["troubles"][number];
type Type = (typeof BOT_TROUBLES)[number];

const DETAILS: Record<Type, string> = {
  no_token:
    "Its token cannot be read: SECRET_KEY or the key file is missing or another one. An owner puts it back, or gives the token " +
    "again with /bots. Its campaigns wait.",
  token_refused: "Telegram refuses its token. An owner gives a new one with /bots. Its campaigns wait.",
  conflict:
    "Another program asks Telegram for its updates, so Herald misses some of what people write and tap. Its campaigns are sent.",
  webhook: "A webhook receives its updates, so Herald hears nothing of its people. Its campaigns are sent.",
  stars: "It has too few Stars: its campaigns continue at the free rate.",
};

/** Those of a bot; others are Herald's as a whole, and a refused token is in the bot's row. */
const OF_BOT: Partial<Record<TroubleKind, Type>> = {
  conflict: "conflict",
  webhook: "webhook",
  stars: "stars",
};

export function botToJson({ sender, rate, quietUntil, people, ...facts }: BotFacts): BotJson {
  return {
    id: sender.botId,
    username: sender.username,
    title: sender.name,
    home: sender.isHome,
    answered_by: sender.handling === "answers" ? "herald" : "another_program",
    troubles: troublesOf(sender, facts),
    rate,
    paused_until: momentOf(quietUntil),
    people: {
      reachable: people.reachable,
      opted_out: people.optedOut,
      unreachable: people.unreachable,
    },
    added_at: sender.addedAt.toISOString(),
  };
}

function troublesOf(
  { tokenRefusedAt }: Sender,
  { hasToken, troubles }: Pick<BotFacts, "hasToken" | "troubles">,
): BotTrouble[] {
  return [
    ...(hasToken ? [] : [named("no_token", null)]),
    ...(hasToken && tokenRefusedAt ? [named("token_refused", tokenRefusedAt)] : []),
    ...troubles.flatMap(({ kind, since }) => {
      const type = OF_BOT[kind];
      return type ? [named(type, since)] : [];
    }),
  ];
}

function named(type: Type, since: Date | null): BotTrouble {
  return { type, since: momentOf(since), detail: DETAILS[type] };
}
