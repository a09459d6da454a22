import { FREE_RATE } from "../../campaign/progress.ts";
import type { Clock } from "../../clock.ts";

/** Says when the next call may leave. One for all that a bot sends: campaigns evenly spaced, answers in between. */
export interface Pacer {
  /**
   * Waits for the next slot of the campaigns, behind those who asked before. Resolves true when the call may leave now,
   * false when the bot must be quiet or `signal` aborted: then the call does not leave. `weight` is how many messages
   * the call makes, default 1, and it takes as many slots, unless `slots` says that it is to go slower, because nobody
   * can pay for it: then it shares the free rate with the answers. `slots` may be a fraction.
   */
  turn(signal: AbortSignal, weight?: number, slots?: number): Promise<boolean>;
  /**
   * Waits until an answer may leave; `weight` is how many messages it makes, default 1. Resolves with a function to
   * call once Telegram has answered: only then is it known when the call arrived there.
   */
  reply(lane: Lane, weight?: number): Promise<() => void>;
  /**
   * Telegram answered 429 to a call that left at `leftAt` (monotonic): no campaign's call leaves for `waitMs`, and
   * from then on a fifth fewer a second. Calls that had left before the rate was cut do not cut it again.
   * Returns the end of the pause.
   */
  tooFast(waitMs: number, leftAt: number): Date;
  /** No campaign's call leaves before `until`. A later end replaces an earlier one, not the other way round. */
  quiet(until: Date): void;
  /** End of the quiet time, or null when there is none. */
  quietUntil(): Date | null;
  /** The last 429, and for how long it asked. */
  readonly lastWait: { at: Date; seconds: number } | null;
  /** From now on at most so many a second. */
  setTop(rate: number): void;
  /** Messages a second that campaigns may send now: the top, or less after a 429. */
  readonly rate: number;
  /** Campaigns are sending, or were a moment ago. */
  readonly isActive: boolean;
}

/**
 * Who is answered. An admin goes before everybody, campaigns included, and even while Telegram wants the bot quiet: they
 * may want to tap Pause. The crowd is everybody else.
 */
export type Lane = "admin" | "crowd";

/**
 * A campaign that wakes late by at most this keeps its grid; later than that the time is lost. Timers wake about
 * 1 ms late, which at high rates would add up; a stall must not be made up in a burst.
 */
const LATE_MS = 10;

/**
 * Telegram counts what arrives in a second; a little more than one, because calls do not all travel equally long.
 * At 29 and 30 a second there is no room for more than the second itself.
 */
const WINDOW_MS = 1_050;
const SECOND_MS = 1_000;

/** Messages in the window beyond the rate at the least: 28 a second leave 2 of Telegram's 30 for answers. */
const SPARE = 2;

/** While campaigns run, answers get this much of the window: with 30 in it, 9, and campaigns keep 21. */
const ANSWERS_SHARE = 0.3;

/** Of that, so many are never the crowd's, so that an admin need not wait for it. */
const ADMINS_OWN = 2;

/** So long after their last turn campaigns still count as running: the next claim may take a moment. */
const ACTIVE_MS = 1_000;

/** An answer that Telegram holds back for longer is counted as if it had arrived by then: it must not block campaigns. */
const HELD_BACK_MS = 5_000;

/** What a 429 leaves of the rate, and how long until it has grown by one a second again. */
const CUT = 0.8;
const GROW_MS = 30_000;
const LEAST_RATE = 1;

/** A campaign's call that waits for its slot. */
interface Turn {
  weight: number;
  slots: number;
  end: (leaves: boolean) => void;
}

/** An answer that waits to leave. */
interface Waiting {
  weight: number;
  leave: () => void;
}

/** Spaces messages evenly at `top` a second at the most, by a clock that never goes back. */
export function createPacer(clock: Clock, top: number): Pacer {
  const all = createWindow();
  const answers = createWindow();
  const crowd = createWindow();
  const unpaid = createWindow(); // answers, and what campaigns send beside what is paid for
  const turns: Turn[] = [];
  const waiting: Record<Lane, Waiting[]> = { admin: [], crowd: [] };
  let nextTurn = clock.monotonic();
  let nextOfCrowd = clock.monotonic();
  let askedAt = -Infinity; // when a campaign asked for, or got, its last turn
  let unpaidAt = -Infinity; // the same of what nobody can pay for, beside what is paid for
  let quietEnd = -Infinity; // monotonic: a wall clock that is set must not end the pause or prolong it
  let lastWait: Pacer["lastWait"] = null;
  let cut: { at: number; to: number } | null = null;
  let nap: AbortController | null = null;

  function rate(): number {
    if (!cut) return top;
    return Math.min(top, cut.to + Math.max(0, Math.floor((clock.monotonic() - cut.at) / GROW_MS)));
  }

  /** What a window may hold, how long it is, and how much of it is for answers, and for the crowd among them. */
  function bounds(now: number) {
    const own = rate();
    const usual = Math.floor(own) + Math.max(SPARE, Math.ceil((own * (WINDOW_MS - SECOND_MS)) / SECOND_MS));
    // A low rate is the campaigns' own, unless Telegram asked for it: answers need not wait for it.
    const isFree = own <= FREE_RATE;
    const most = !isFree ? usual : own < top ? Math.min(usual, FREE_RATE) : FREE_RATE;
    const spanMs = isFree
      ? Math.max(SECOND_MS, Math.min(WINDOW_MS, (SECOND_MS * FREE_RATE) / own))
      : WINDOW_MS;
    const unused = most - Math.ceil((own * spanMs) / SECOND_MS);
    const share = isActive(now) ? Math.max(1, unused, Math.floor(most * ANSWERS_SHARE)) : most;
    // They are not paid for.
    const ofFree = now - unpaidAt < ACTIVE_MS ? Math.floor(FREE_RATE * ANSWERS_SHARE) : FREE_RATE;
    const forAnswers = Math.min(ofFree, share);
    return { most, spanMs, forAnswers, forCrowd: Math.max(1, forAnswers - ADMINS_OWN) };
  }

  function isActive(now: number): boolean {
    return turns.length > 0 || now - askedAt < ACTIVE_MS;
  }

  function isQuiet(): boolean {
    return clock.monotonic() < quietEnd;
  }

  /** Lets go whoever may leave now, the most urgent first, and wakes again when the next may. */
  function serve(): void {
    nap?.abort("woken"); // without a reason, an error with its stack would be made each time
    nap = null;
    let wait = letGo();
    while (wait <= 0) wait = letGo();
    if (wait === Infinity) return; // nobody waits, or for an answer of Telegram only
    const own = new AbortController();
    nap = own;
    void clock.sleep(wait, own.signal).then(() => (own.signal.aborted ? undefined : serve()));
  }

  /** Lets one leave and returns 0, or returns in how many ms somebody may. */
  function letGo(): number {
    const now = clock.monotonic();
    const { most, spanMs, forAnswers, forCrowd } = bounds(now);
    const room = (window: Window, limit: number, weight: number) =>
      window.untilRoom(limit, Math.min(weight, limit), spanMs, now);
    const [admin] = waiting.admin;
    const [person] = waiting.crowd;
    const [turn] = turns;
    let wait = Infinity;
    let isNext = false; // an answer lacks nothing but room: what becomes free is its
    if (admin) {
      const ready = room(answers, forAnswers, admin.weight);
      wait = Math.max(ready, room(all, most, admin.weight), room(unpaid, FREE_RATE, admin.weight));
      if (wait <= 0) return answer("admin", now, 0);
      isNext = ready <= 0;
    } else if (person) {
      const ready = Math.max(
        nextOfCrowd - now,
        quietEnd - now,
        room(answers, forAnswers, person.weight),
        room(crowd, forCrowd, person.weight),
      );
      wait = Math.max(ready, room(all, most, person.weight), room(unpaid, FREE_RATE, person.weight));
      if (wait <= 0) return answer("crowd", now, spanMs / forCrowd);
      isNext = ready <= 0;
      // Once no campaign runs, there is more for the crowd.
      if (isActive(now) && !turn) wait = Math.min(wait, askedAt + ACTIVE_MS - now);
    }
    if (!turn || isNext) return wait;
    if (isQuiet()) {
      for (const { end } of turns.splice(0)) end(false);
      return 0;
    }
    const isUnpaid = turn.slots > turn.weight;
    const ready = Math.max(
      nextTurn - now,
      room(all, most, turn.weight),
      isUnpaid ? room(unpaid, FREE_RATE, turn.weight) : 0,
    );
    if (ready > 0) return Math.min(wait, ready);
    nextTurn = Math.max(nextTurn, now - LATE_MS) + (SECOND_MS * turn.slots) / rate();
    askedAt = now;
    all.add(now, turn.weight);
    if (isUnpaid) {
      unpaidAt = now;
      unpaid.add(now, turn.weight);
    }
    turns.shift()?.end(true);
    return 0;
  }

  function answer(lane: Lane, now: number, apartMs: number): 0 {
    const next = waiting[lane].shift();
    if (lane === "crowd") nextOfCrowd = now + apartMs * (next?.weight ?? 1);
    next?.leave();
    return 0;
  }

  /** An answer is under way. Returns what ends that. */
  function depart(lane: Lane, weight: number): () => void {
    const windows = lane === "crowd" ? [all, answers, unpaid, crowd] : [all, answers, unpaid];
    const ends = windows.map((window) => window.begin(clock.monotonic(), weight));
    return () => {
      for (const end of ends) end(clock.monotonic());
      serve();
    };
  }

  return {
    get rate() {
      return rate();
    },
    get isActive() {
      return isActive(clock.monotonic());
    },
    setTop(rate) {
      top = rate;
      serve();
    },
    quiet(until) {
      quietEnd = Math.max(quietEnd, clock.monotonic() + until.getTime() - clock.now().getTime());
      serve();
    },
    quietUntil: () =>
      isQuiet() ? new Date(Math.round(clock.now().getTime() + quietEnd - clock.monotonic())) : null,
    get lastWait() {
      return lastWait;
    },
    tooFast(waitMs, leftAt) {
      lastWait = { at: clock.now(), seconds: Math.ceil(waitMs / SECOND_MS) };
      const now = clock.monotonic();
      quietEnd = Math.max(quietEnd, now + waitMs);
      if (!cut || leftAt > cut.at) cut = { at: now, to: Math.max(LEAST_RATE, rate() * CUT) };
      // Growth begins when sending does.
      cut.at = Math.max(cut.at, quietEnd);
      serve();
      return new Date(clock.now().getTime() + waitMs);
    },
    reply(lane, weight = 1) {
      return new Promise((resolve) => {
        waiting[lane].push({ weight, leave: () => resolve(depart(lane, weight)) });
        serve();
      });
    },
    turn(signal, weight = 1, slots = weight) {
      if (signal.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const end = (leaves: boolean) => {
          signal.removeEventListener("abort", leave);
          resolve(leaves);
        };
        const turn: Turn = { weight, slots, end };
        function leave(): void {
          turns.splice(turns.indexOf(turn), 1);
          end(false);
          serve();
        }
        signal.addEventListener("abort", leave, { once: true });
        askedAt = clock.monotonic();
        if (slots > weight) unpaidAt = askedAt;
        turns.push(turn);
        serve();
      });
    },
  };
}

type Window = ReturnType<typeof createWindow>;

/** The messages of late: those that left, and those under way of which it is not known when they arrive. */
function createWindow() {
  let times: number[] = []; // the oldest first
  let from = 0; // those before it have long left the window
  const underWay = new Set<{ since: number; weight: number }>(); // the oldest first
  let weightUnderWay = 0;

  function add(now: number, count: number): void {
    for (let one = 0; one < count; one += 1) times.push(now);
    while ((times[from] ?? now) <= now - WINDOW_MS) from += 1;
    if (from <= 4_096) return;
    times = times.slice(from);
    from = 0;
  }

  return {
    add,
    /** Something leaves. Returns what tells that it has arrived. */
    begin(now: number, weight: number): (arrivedAt: number) => void {
      const call = { since: now, weight };
      underWay.add(call);
      weightUnderWay += weight;
      return (arrivedAt) => {
        if (!underWay.delete(call)) return;
        weightUnderWay -= weight;
        add(arrivedAt, weight);
      };
    },
    /** Milliseconds until `weight` more fit beside at most `limit`; 0 when they do now. */
    untilRoom(limit: number, weight: number, spanMs: number, now: number): number {
      for (const call of underWay) {
        if (now - call.since < HELD_BACK_MS) break;
        underWay.delete(call);
        weightUnderWay -= call.weight;
        add(now, call.weight);
      }
      const room = limit - weight - weightUnderWay;
      if (room < 0) {
        const [oldest] = underWay;
        return oldest ? oldest.since + HELD_BACK_MS - now : Infinity;
      }
      const leaves = times.length - room - 1; // once it has left the window, there is room
      return leaves < from ? 0 : Math.max(0, (times[leaves] ?? -Infinity) + spanMs - now);
    },
  };
}
