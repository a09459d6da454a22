import { FREE_RATE } from "../../campaign/progress.ts";
import type { Clock } from "../../clock.ts";
import type { Budget } from "./budget.ts";
import { type RecentMessages, createRecentMessages } from "./recent-messages.ts";
import type { TelegramPause } from "./telegram-pause.ts";

/**
 * Who is answered. Admins go before everyone else, campaigns included, and even while Telegram asks for a pause: they may
 * want to tap Pause. The crowd is everyone else.
 */
export type Lane = "admin" | "crowd";

/** Answers that wait to leave, admins first. All times are monotonic milliseconds. */
export interface ReplyQueue {
  /** Whose answer is first; null when none waits. */
  readonly first: Lane | null;
  /** Resolves when the answer leaves, with a function to call once Telegram has answered. */
  join(lane: Lane, weight: number): Promise<() => void>;
  /** How long until the first lacks nothing but room beside the other messages, in ms. */
  untilReady(now: number, budget: Budget): number;
  /** How long until there is room for the first, in ms. */
  untilRoom(now: number, budget: Budget): number;
  /** The first leaves. */
  leave(now: number, budget: Budget): void;
}

export interface ReplyQueueDeps {
  clock: Clock;
  pause: Pick<TelegramPause, "end">;
  /** All messages, and those that share the free rate. */
  all: RecentMessages;
  unpaid: RecentMessages;
  /** An answer joined, or has arrived. */
  onChange: () => void;
}

interface Reply {
  weight: number;
  leave: () => void;
}

export function createReplyQueue({ clock, pause, all, unpaid, onChange }: ReplyQueueDeps): ReplyQueue {
  const answers = createRecentMessages();
  const crowd = createRecentMessages();
  const waiting: Record<Lane, Reply[]> = { admin: [], crowd: [] };
  let nextOfCrowd = clock.monotonic();

  const firstLane = (): Lane | null =>
    waiting.admin.length > 0 ? "admin" : waiting.crowd.length > 0 ? "crowd" : null;
  const firstWeight = () => (waiting.admin[0] ?? waiting.crowd[0])?.weight ?? 0;

  /** An answer is under way. Returns what ends that. */
  function depart(lane: Lane, weight: number): () => void {
    const counts = lane === "crowd" ? [all, answers, unpaid, crowd] : [all, answers, unpaid];
    const ends = counts.map((messages) => messages.begin(clock.monotonic(), weight));
    return () => {
      for (const end of ends) end(clock.monotonic());
      onChange();
    };
  }

  return {
    get first() {
      return firstLane();
    },
    join(lane, weight) {
      return new Promise((resolve) => {
        waiting[lane].push({ weight, leave: () => resolve(depart(lane, weight)) });
        onChange();
      });
    },
    untilReady(now, budget) {
      const weight = firstWeight();
      const untilShare = answers.untilRoom(budget.answers, weight, budget.spanMs, now);
      if (firstLane() === "admin") return untilShare;
      return Math.max(
        nextOfCrowd - now,
        pause.end - now,
        untilShare,
        crowd.untilRoom(budget.crowd, weight, budget.spanMs, now),
      );
    },
    untilRoom(now, { total, spanMs }) {
      const weight = firstWeight();
      return Math.max(
        all.untilRoom(total, weight, spanMs, now),
        unpaid.untilRoom(FREE_RATE, weight, spanMs, now),
      );
    },
    leave(now, budget) {
      const lane = firstLane();
      const reply = lane && waiting[lane].shift();
      if (!reply) return;
      if (lane === "crowd") nextOfCrowd = now + (budget.spanMs / budget.crowd) * reply.weight;
      reply.leave();
    },
  };
}
