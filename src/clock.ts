/** The only access to time: everything that reads the time or waits takes a Clock. */
export interface Clock {
  /** Wall-clock time; it may jump. For instants that are stored or shown. */
  now(): Date;
  /** Milliseconds since an arbitrary origin, never decreasing. For pacing, time-outs and leases. */
  monotonic(): number;
  /** Waits `ms` milliseconds, or less when `signal` aborts; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node fires timers beyond 2^31-1 ms at once, so longer waits are cut to it. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS));
      signal?.addEventListener("abort", done, { once: true });
      function done() {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      }
    });
  },
};
