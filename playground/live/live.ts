import type { Extra } from "../server.ts";
import type { World } from "../world.ts";
import { Feed } from "./feed.ts";
import { Ledger } from "./ledger.ts";
import { Meters } from "./meters.ts";
import type { Overview, Sample, Trouble } from "./protocol.ts";
import { Roster } from "./roster.ts";
import { liveRoutes } from "./routes.ts";
import type { Runner } from "./runner.ts";
import { summaryOf } from "./summary.ts";

export interface LiveOptions {
  world: World;
  /** The id of the person who owns the bot. */
  owner: number;
  /** The bot's process, when the playground runs it. */
  runner?: Runner | undefined;
  /** Calls under way now, long polls aside. */
  inFlight: () => number;
  /** The faults that are switched on. */
  trouble: () => Trouble;
  samples: Sample[];
}

/** What a page is shown, from now on. */
export interface Live {
  readonly ledger: Ledger;
  readonly routes: Extra;
  /** How many pages listen. */
  readonly listeners: number;
  /** Ends the streams and lets go of the world. */
  close(): void;
}

/** Counts, and keeps a list of chats, and serves both to pages. A bot that the playground runs is Herald. */
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
      ...(runner && { herald: runner.status }),
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
