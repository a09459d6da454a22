import pLimit from "p-limit";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { TroubleKind } from "../../db/states.ts";
import { type Trouble, dropTrouble, keepTrouble, listTroubles } from "../../db/troubles.ts";
import type { Log } from "../../log.ts";

/**
 * What is wrong with Herald itself. The owners are told of each trouble once when it begins and once when it is over.
 */
export interface Alarm {
  /** Loads the troubles that lasted when the previous process ended. Nobody is told of them again. */
  load(): Promise<void>;
  /**
   * Reports a trouble, as often as it is seen. The owners are told once it has lasted for `graceMs`, by default at
   * once. If it is over before that, they never hear of it.
   */
  note(kind: TroubleKind, about?: { facts?: Trouble["facts"]; graceMs?: number }): void;
  /** Reports that there is no such trouble, or no longer. */
  over(kind: TroubleKind): void;
  /** It no longer matters whether there is such a trouble; nobody is told. */
  forget(kind: TroubleKind): void;
  /** The troubles that last, the oldest first. */
  readonly open: readonly Trouble[];
  /** Resolves when everything has been told and stored. */
  idle(): Promise<void>;
}

export interface AlarmDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  /** The username of the sender whose troubles these are. Default: they are the home's and Herald's own. */
  sender?: string;
  /** Tells the owners. `until` is when it was over; null while it lasts. Never rejects. */
  tell: (trouble: Trouble, until: Date | null) => Promise<void>;
}

/** While these last, nothing can be sent to Telegram. Their end is told, and says since when they lasted. */
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
  "webhook-failing": ({ what = "?" }) =>
    `Telegram cannot post this bot's updates to Herald's webhook: ${what}. Telegram keeps them for a day and tries again. ` +
    "Campaigns are sent all the same. Check PUBLIC_URL, and the proxy and the certificate behind it.",
  backlog: ({ waiting = 0 }) =>
    `Updates that Telegram has posted have waited for a minute to be handled (${waiting} wait). Nothing is lost; Herald or ` +
    "its database is too slow.",
  unauthorized: () => "Telegram refuses BOT_TOKEN.",
  database: ({ disk }) =>
    disk === "full"
      ? "The disk that DATA_DIR is on has been full for a minute. Nothing is sent until there is room."
      : "The database has not answered for a minute. Nothing is sent until it does.",
  telegram: () => "Telegram has not been reachable for a minute.",
  proxy: ({ proxy = "?", what = "?" }) =>
    `Telegram has not been reachable for a minute, because of the proxy at ${proxy}: ${what}. Check it, and HTTPS_PROXY.`,
  backup: ({ what = "?" }) =>
    `The daily backup cannot be made: ${what}. The older ones are still there. Herald tries again every hour.`,
  welcome: ({ what = "?" }) => `Telegram refuses the post that answers /start: ${what}.`,
  stars: () => "Telegram says that the bot has too few Stars.",
  unreadable: ({ what = "?" }) => `Campaigns cannot be read and are not sent; others are. ${what}`,
  inbox: ({ what = "?" }) =>
    `What people write cannot be passed on to the group of the inbox: ${what}. It waits. Give the bot its rights there back, or ` +
    "choose another group: /inbox.",
};

/** Of a sender. The home's alarm reports what concerns all bots. */
const LOGGED_OF_SENDER: Partial<Record<TroubleKind, string>> = {
  conflict:
    "Another program polls Telegram with the token of a sender, and takes some of what people write and tap from Herald. " +
    "Campaigns are sent all the same. Stop the other program, or set the bot beside another program: /bots.",
  webhook:
    "A webhook is set for a sender, so Herald hears nothing of its people. Campaigns are sent all the same. Remove the " +
    "webhook, or set the bot beside another program: /bots.",
  "webhook-failing":
    "Telegram cannot post a sender's updates to Herald's webhook. Telegram keeps them for a day and tries again. Campaigns are " +
    "sent all the same. Check PUBLIC_URL, and the proxy and the certificate behind it.",
  backlog:
    "Updates of a sender that Telegram has posted have waited for a minute to be handled. Nothing is lost; Herald or its " +
    "database is too slow.",
  unauthorized: "Telegram refuses the token of a sender. Its campaigns wait for a new one: /bots.",
  stars: "Telegram says that a sender has too few Stars.",
  unreadable:
    "Campaigns of a sender cannot be read and are not sent; others are. Run the newest Herald that was running.",
  inbox:
    "What people write to a sender cannot be passed on to the group of its inbox. It waits. Give the bot its rights there back, " +
    "or choose another group: /inbox.",
};

interface State extends Trouble {
  /** When it was first reported; monotonic. */
  startedAt: number;
  /** The owners have been told, or will be. */
  told: boolean;
}

export function createAlarm({ scope, clock, log, sender, tell }: AlarmDeps): Alarm {
  const states = new Map<TroubleKind, State>();
  const oneAtATime = pLimit(1);

  /** One after the other, so that the end of a trouble is never told before its beginning. */
  function inLine(work: () => Promise<void>): void {
    oneAtATime(work).catch((error: unknown) => log.warn({ err: error }, "a trouble cannot be written"));
  }

  function begun({ kind, since, facts }: State): void {
    log.warn({ trouble: kind, ...facts }, (sender && LOGGED_OF_SENDER[kind]) ?? LOGGED[kind](facts));
    inLine(async () => {
      // The home can speak of a sender's token.
      if (sender !== undefined || !SPEECHLESS.has(kind)) await tell({ kind, since, facts }, null);
      // If the database itself is away, only this process remembers.
      if (kind !== "database") await keepTrouble(scope, { kind, since, facts });
    });
  }

  return {
    async load() {
      for (const trouble of await listTroubles(scope))
        states.set(trouble.kind, { ...trouble, startedAt: -Infinity, told: true });
    },
    note(kind, { facts: found = {}, graceMs = 0 } = {}) {
      const facts = sender === undefined ? found : { ...found, sender };
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
    forget(kind) {
      if (states.delete(kind)) inLine(() => dropTrouble(scope, kind));
    },
    get open() {
      return [...states.values()].toSorted((a, b) => a.since.getTime() - b.since.getTime());
    },
    idle: () => oneAtATime(() => undefined),
  };
}
