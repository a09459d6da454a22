/** A part of Herald that works in the background from `start` to `stop`. */
export interface Service {
  /** Begins. Resolves when it is under way, not when it is done. */
  start(): void | Promise<void>;
  /** Begins nothing new. Resolves when what was under way has ended. */
  stop(): Promise<void>;
}

/**
 * When a service stops:
 *
 * - `first`: at once, and what reports on it waits for it. It has to keep its own deadline.
 * - `aside`: at once, and nothing waits for it but the end.
 * - `last`: once the `first` have stopped, since it still has to report what they did.
 */
export type StopOrder = "first" | "aside" | "last";

export interface NamedService {
  /** For the log. */
  name: string;
  service: Service;
  stops: StopOrder;
}
