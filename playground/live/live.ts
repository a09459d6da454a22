import type { Routes } from "../wire/http.ts";
import type { World } from "../world/world.ts";
import { Feed } from "./feed.ts";
import { Ledger } from "./ledger.ts";
import { Meters } from "./meters.ts";
import type { Overview, Sample, Trouble } from "../shared/protocol.ts";
import { Roster } from "./roster.ts";
import { liveRoutes } from "./live-routes.ts";
import type { Runner } from "./runner.ts";
import { summaryOf } from "./summary.ts";

export interface LiveOptions {
  world: World;
  /** The id of the bot's owner. */
  owner: number;
  /** The bot's process, if the playground runs it. */
  runner?: Runner | undefined;
  /** Calls in flight now, without long polls. */
  inFlight: () => number;
  /** The faults that are switched on. */
  trouble: () => Trouble;
  samples: Sample[];
}

/** What pages are told from now on. */
export interface Live {
  readonly ledger: Ledger;
  readonly routes: Routes;
  /** How many pages are connected. */
  readonly listeners: number;
  /** Ends the streams and stops observing the world. */
  close(): void;
}

/** Counts, keeps the list of chats, and serves both to pages. If there is a runner, the bot is Herald. */
export function startLive({ world, owner, runner, inFlight, trouble, samples }: LiveOptions): Live {
  const ledger = new Ledger(world, runner !== undefined);
  const roster = new Roster(world, owner);
  const overview = (): Overview => {
    const bot = world.defaultBot;
    return {
      bot: { id: bot?.id ?? 0, name: bot?.user.first_name ?? "", username: bot?.user.username ?? "" },
      owner,
      chats: roster.places.map((place) => summaryOf(world, place)),
      people: roster.people,
      trouble: trouble(),
      ...(runner && { herald: runner.status, firstBroadcast: ledger.first }),
      samples,
    };
  };
  const meters = new Meters(world, ledger, inFlight);
  const feed = new Feed({ world, owner, meters, overview, lines: () => runner?.lines ?? [] });
  return {
    ledger,
    routes: liveRoutes(world, feed),
    get listeners() {
      return feed.size;
    },
    close() {
      feed.close();
      roster.close();
      ledger.close();
    },
  };
}
