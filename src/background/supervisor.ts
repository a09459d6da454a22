import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { NamedService, StopOrder } from "./service.ts";

/** Starts services in their order, and stops those that were started. */
export interface Supervisor {
  /** Starts one after the other, until Herald stops. Rejects with the error of the first that cannot start. */
  start(services: readonly NamedService[]): Promise<void>;
  /** Stops all that were started, in the order that each asks for. `farewell` is done last. Never rejects. */
  stop(farewell: () => Promise<void>): Promise<void>;
}

/** How long everything but the `first` may take: a batch of old rows, a card, the lease. */
const FAREWELL_MS = 3_000;

export function createSupervisor(clock: Clock, log: Log): Supervisor {
  const started: NamedService[] = [];
  let isStopping = false;

  async function stopThose(order: StopOrder): Promise<void> {
    const those = started.filter(({ stops }) => stops === order);
    await Promise.all(
      those.map(({ name, service }) =>
        service.stop().catch((error: unknown) => log.warn({ err: error, service: name }, "could not stop")),
      ),
    );
  }

  return {
    async start(services) {
      for (const one of services) {
        if (isStopping) return;
        started.push(one); // before it starts: one that is stopped meanwhile has to hear of it
        await one.service.start();
      }
    },
    async stop(farewell) {
      isStopping = true;
      const aside = stopThose("aside");
      await stopThose("first");
      // A database or a Telegram that is away must not hold up the end.
      const rest = async () => {
        await Promise.all([aside, stopThose("last")]);
        await farewell();
      };
      await Promise.race([rest(), clock.sleep(FAREWELL_MS)]);
    },
  };
}
