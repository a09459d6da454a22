/**
 * What the engine tells the rest of Herald. Events carry ids and numbers; listeners read the rest from the database,
 * which stays the truth. Cards, notices and metrics listen; the engine knows none of them.
 */
export interface EventTypes {
  /** A campaign's counters or state changed; `outcomes` counts the attempts that ended since the last event. */
  progress: { campaignId: number; outcomes: number };
  /** A post arrived in a chat; `messageId` is its last message. Emitted for every delivery. */
  arrived: { campaignId: number; chatId: number; messageId: number };
  /** A scheduled campaign started. */
  started: { campaignId: number };
  /** Every recipient has an outcome; after a retry, again. */
  finished: { campaignId: number };
  /** The engine paused a campaign on its own. */
  paused: { campaignId: number; reason: string };
  /** A campaign was found due too late: it is paused, or has expired. */
  late: { campaignId: number };
  /** Why some campaigns of the bot cannot be read, and so are not sent; null once all can be. */
  unreadable: { what: string | null };
  /** The audience of a campaign that starts soon has drifted from the confirmed count. */
  audienceMoved: { campaignId: number };
  /** The bot has no right to pin or delete the post of a campaign in these groups and channels. */
  followUpRefused: { campaignId: number; what: "pin" | "delete"; chatIds: readonly number[] };
  /** The database lost writes made since `since`; `gone` counts the campaigns that no longer exist. */
  writesLost: { since: Date; gone: number };
  /** The daily backup could not be made; with `needed` and `free`, because the disk has too little room, in bytes. */
  backupFailed: { what: string; needed?: number; free?: number };
  /** The daily backup was made. */
  backupMade: null;
  /** For a minute nothing has been sent, and the database has all of it. */
  atRest: null;
  /** Someone set the wall clock. */
  clockSet: { byMs: number };
  /** Telegram says there are too few Stars; campaigns continue at `rate` messages a second. */
  starsRefused: { rate: number };
  /** A message was paid for: the first one, or the first after Stars had run out. */
  starsAccepted: null;
  /** The lease was lost and is back; another process may have sent in between. */
  leaseRegained: null;
  /** Another process holds the lease now. */
  leaseTaken: null;
  /** A door other than the bot's did something to a campaign. */
  steered: { campaignId: number };
  /** A webhook was disabled: it answered 410, everything has failed for a day, or its key is no longer valid. */
  webhookDisabled: { webhookId: number; why: "gone" | "failing" | "key-revoked" | "key-expired" };
  /** A webhook takes events more slowly than they come: so many of the oldest are given up. At most once a day. */
  webhookBehind: { webhookId: number; count: number };
  /** Another process, or this one, says that it is worth looking at these now: db/nudges.ts. */
  nudged: {
    what: "campaigns" | "lease" | "webhooks" | "senders" | "updates" | "progress";
    campaignId?: number;
  };
}

export type EventName = keyof EventTypes;
export type Listener<Name extends EventName> = (event: EventTypes[Name]) => void;

export interface Events {
  /** Calls `listener` for each event of this name. Returns a function that unsubscribes it. */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void;
  /** Calls the listeners in the order in which they subscribed, before it returns. Never throws. */
  emit<Name extends EventName>(name: Name, event: EventTypes[Name]): void;
}

type Listeners = { [Name in EventName]?: readonly Listener<Name>[] };

/**
 * An emitter within the process. Emitting is synchronous and allocates nothing, because it happens for every message.
 * `onError` gets what a listener throws; the caller and the other listeners are not affected.
 */
export function createEvents(onError: (error: unknown, name: EventName) => void): Events {
  const listeners: Listeners = {};

  const listenersOf = <Name extends EventName>(name: Name): readonly Listener<Name>[] =>
    listeners[name] ?? [];

  function replace<Name extends EventName>(name: Name, next: readonly Listener<Name>[]): void {
    // A new list each time, so that listeners may subscribe or unsubscribe while an event is emitted.
    Object.assign(listeners, { [name]: next });
  }

  return {
    on(name, listener) {
      replace(name, [...listenersOf(name), listener]);
      return () =>
        replace(
          name,
          listenersOf(name).filter((other) => other !== listener),
        );
    },
    emit(name, event) {
      for (const listener of listenersOf(name))
        try {
          listener(event);
        } catch (error) {
          onError(error, name);
        }
    },
  };
}
