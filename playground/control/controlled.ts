import type { Message } from "@grammyjs/types";
import type { Runner } from "../live/runner.ts";
import type { Group, GroupFacts } from "../people/group.ts";
import type { Person } from "../people/person.ts";
import type { Effect, Match } from "../server/faults.ts";
import type { Trouble } from "../shared/protocol.ts";
import type { Bot } from "../world/bot.ts";
import type { Place } from "../world/places.ts";
import type { CallRecord } from "../world/records.ts";

/** What the control endpoints need of the playground; `Telegram` (telegram.ts) documents each member. */
export interface Controlled {
  readonly owner: number | undefined;
  readonly runner: Runner | undefined;
  person(facts: { id: number }): Person;
  people(count: number, options: { firstId?: number; started?: boolean }): Person[];
  group(facts: GroupFacts): Group;
  place(chatId: number): Place | undefined;
  readonly places: readonly Place[];
  messages(chatId: number): Message[];

  latency: number;
  readonly trouble: Trouble;
  flood(seconds: number): void;
  cut(seconds: number): void;
  fault(match: Match, effect: Effect): unknown;

  readonly bots: readonly Bot[];
  readonly calls: readonly CallRecord[];
  readonly tooMany: number;
  worstSecond(): number;
  counts(predicate: (message: Message) => boolean): Map<number, number>;
  recount(): void;
  clearRecords(what: { messages: boolean }): void;
}
