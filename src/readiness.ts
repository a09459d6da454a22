import type { Clock } from "./clock.ts";

/** Whether this process can do its work. */
export interface Readiness {
  /** It answered just now. */
  database: boolean;
  /** `stand-by` while another process has the lease: then this one does not talk to Telegram. */
  telegram: "ok" | "silent" | "stand-by";
}

export interface ReadinessParts {
  clock: Clock;
  /** Resolves when the database answers. */
  ping: () => Promise<void>;
  lease: { held(): boolean };
  /** When Telegram last answered; monotonic. Null before it is asked. */
  heardAt: () => number | null;
}

/** A long poll is answered within 30 s, and with a webhook Telegram is asked every 30 s; longer silence is not a hiccup. */
const SILENT_MS = 90_000;

export function createReadiness({ clock, ping, lease, heardAt }: ReadinessParts) {
  /** False if Telegram has been silent for too long. */
  const isHeard = (): boolean => clock.monotonic() - (heardAt() ?? Infinity) < SILENT_MS;

  async function readiness(): Promise<Readiness> {
    const database = await ping().then(
      () => true,
      () => false,
    );
    if (!lease.held()) return { database, telegram: "stand-by" };
    return { database, telegram: isHeard() ? "ok" : "silent" };
  }

  return { isHeard, readiness };
}
