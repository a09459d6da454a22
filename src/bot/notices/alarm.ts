import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { TroubleKind } from "../../db/states.ts";
import { type Trouble, dropTrouble, keepTrouble, listTroubles } from "../../db/troubles.ts";
import type { Log } from "../../log.ts";

/** What is wrong with Herald itself. Its owners hear of each trouble once when it begins and once when it is over. */
export interface Alarm {
  /** Takes up what lasted when the last process ended: nobody is told of it again. */
  load(): Promise<void>;
  /**
   * It is so, still or again. Once it has been so for `graceMs`, which by default is at once, the owners are told. What is
   * over before that stays between us.
   */
  note(kind: TroubleKind, about?: { facts?: Trouble["facts"]; graceMs?: number }): void;
  /** It is not so, or no more. */
  over(kind: TroubleKind): void;
  /** What lasts, the longest first. */
  readonly open: readonly Trouble[];
  /** Resolves when everything is told and written. */
  idle(): Promise<void>;
}

export interface AlarmDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  /** Tells the owners. `until` is when it was over; null: it lasts. Never rejects. */
  tell: (trouble: Trouble, until: Date | null) => Promise<void>;
}

/** While they last, nothing can be said in Telegram. Their end is told, and says since when they lasted. */
const SPEECHLESS: ReadonlySet<TroubleKind> = new Set(["telegram", "proxy", "unauthorized"]);

/** For the operator, who reads the log. */
const LOGGED: Record<TroubleKind, (facts: Trouble["facts"]) => string> = {
  conflict: () =>
    "Another program polls Telegram with the same BOT_TOKEN, and takes some of what people write and tap from Herald. " +
    "Campaigns are sent all the same. Stop the other program, or give Herald a bot of its own.",
  webhook: ({ host = "?", waiting = 0 }) =>
    `A webhook is set for this bot: Telegram hands what people write and tap to the program at ${host} (${waiting} updates ` +
    "wait for it), and Herald hears nothing. Campaigns are sent all the same. To let Herald hear people, run: " +
    "npm run webhook:remove. That program then hears nothing any more. Or give Herald a bot of its own.",
  unauthorized: () => "Telegram refuses BOT_TOKEN.",
  database: () => "The database has not answered for a minute. Nothing is sent until it does.",
  telegram: () => "Telegram has not been reachable for a minute.",
  proxy: ({ proxy = "?", what = "?" }) =>
    `Telegram has not been reachable for a minute, because of the proxy at ${proxy}: ${what}. Check it, and HTTPS_PROXY.`,
  stars: () => "Telegram says that the bot has too few Stars.",
};

interface State extends Trouble {
  /** When it was noted first, monotonic. */
  startedAt: number;
  /** The owners are told, or will be. */
  told: boolean;
}

export function createAlarm({ scope, clock, log, tell }: AlarmDeps): Alarm {
  const states = new Map<TroubleKind, State>();
  let line: Promise<void> = Promise.resolve();

  /** One after the other: the end of a trouble is not told before its beginning. */
  function inLine(work: () => Promise<void>): void {
    line = line.then(work).catch((error: unknown) => log.warn({ err: error }, "a trouble cannot be written"));
  }

  function begun({ kind, since, facts }: State): void {
    log.warn({ trouble: kind, ...facts }, LOGGED[kind](facts));
    inLine(async () => {
      if (!SPEECHLESS.has(kind)) await tell({ kind, since, facts }, null);
      // The database itself may be what is away; then this process remembers.
      if (kind !== "database") await keepTrouble(scope, { kind, since, facts });
    });
  }

  return {
    async load() {
      for (const trouble of await listTroubles(scope))
        states.set(trouble.kind, { ...trouble, startedAt: -Infinity, told: true });
    },
    note(kind, { facts = {}, graceMs = 0 } = {}) {
      const now = clock.monotonic();
      const state = states.get(kind) ?? { kind, since: clock.now(), facts, startedAt: now, told: false };
      states.set(kind, state);
      if (state.told || now - state.startedAt < graceMs) return;
      state.told = true;
      begun(state);
    },
    over(kind) {
      const state = states.get(kind);
      states.delete(kind);
      if (!state?.told) return;
      const { since, facts } = state;
      const until = clock.now();
      log.info({ trouble: kind, since }, "that is over");
      inLine(async () => {
        await tell({ kind, since, facts }, until);
        await dropTrouble(scope, kind);
      });
    },
    get open() {
      return [...states.values()].toSorted((a, b) => a.since.getTime() - b.since.getTime());
    },
    idle: () => line,
  };
}
