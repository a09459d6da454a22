import type { Limit } from "../../access/actor.ts";
import { listKeys } from "../../access/keys.ts";
import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import { isOver } from "../../campaign/campaign.ts";
import { Problem } from "../core/problem.ts";
import { standingToJson } from "../json/event-json.ts";
import { type CampaignEvent, type CampaignFeedParts, createCampaignFeed } from "./campaign-feed.ts";
import { type EventStream, createEventStream } from "./event-stream.ts";

/** Everybody who watches campaigns over HTTP. */
export interface LiveEvents extends Service {
  /**
   * A stream of what happens to all campaigns, or to one until it is over.
   * @throws Problem 503 if too many are open
   */
  open(request: StreamRequest): ReadableStream<Uint8Array>;
  /** How many are open. */
  readonly count: number;
}

export interface StreamRequest {
  keyId: number;
  /** The bots that the key may use. */
  bots: Limit;
  number: number | null;
  since: Date | null;
}

const MOST_STREAMS = 100;
/** Proxies usually close a connection on which nothing comes for 60 s. */
const BEAT_MS = 15_000;
const RETRY_AFTER_SECONDS = 30;

export function createLiveEvents(parts: Omit<CampaignFeedParts, "beforeRound">): LiveEvents {
  const { scope, clock, log } = parts;
  const feed = createCampaignFeed({ ...parts, beforeRound: checkKeys });
  const streams = new Map<EventStream, Pick<StreamRequest, "keyId" | "bots">>();

  /**
   * A key that has been revoked or has expired sees nothing more. One that may use other bots than when its stream began
   * comes back for them. One statement for all.
   */
  async function checkKeys(): Promise<void> {
    if (streams.size === 0) return;
    const now = clock.now();
    const keys = new Map((await listKeys(scope)).map((key) => [key.id, key]));
    for (const [stream, { keyId, bots }] of streams) {
      const key = keys.get(keyId);
      const isOver = !key || (key.expiresAt !== null && key.expiresAt <= now);
      if (isOver || key.bots?.join() !== bots?.join()) stream.cut();
    }
  }

  const beats = repeat({
    clock,
    log,
    everyMs: BEAT_MS,
    waitsFirst: true,
    complaint: "those who watch cannot be shown that Herald is there",
    work: async () => {
      for (const stream of streams.keys()) stream.beat();
    },
  });

  return {
    get count() {
      return streams.size;
    },
    open({ keyId, bots, number, since }) {
      if (streams.size >= MOST_STREAMS)
        throw new Problem(
          503,
          "too-many-streams",
          `${MOST_STREAMS} streams of events are open, the most that there can be. Close one, or try again later.`,
          { headers: { "retry-after": String(RETRY_AFTER_SECONDS) } },
        );
      const stream = createEventStream({
        clock,
        idOf: ({ at, standing }) => String((number === null ? at : standing.updatedAt).getTime()),
        dataOf: ({ standing }) => standingToJson(standing),
        onClose() {
          unwatch();
          streams.delete(stream);
        },
      });
      const hear = (event: CampaignEvent) => {
        stream.push(event);
        if (number !== null && isOver(event.standing.state)) stream.end();
      };
      const unwatch = feed.watch({ bots, number, since, hear });
      streams.set(stream, { keyId, bots });
      return stream.body;
    },
    async start() {
      await feed.start();
      await beats.start();
    },
    async stop() {
      await Promise.all([feed.stop(), beats.stop()]);
      for (const stream of streams.keys()) stream.end();
    },
  };
}
