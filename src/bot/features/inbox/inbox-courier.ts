import { setMaxListeners } from "node:events";
import type { Api } from "grammy";
import { repeat } from "../../../background/rounds.ts";
import type { Service } from "../../../background/service.ts";
import type { Clock } from "../../../clock.ts";
import type { Scope } from "../../../db/scope.ts";
import { dropOld, rescueLeaving } from "../../../inbox/inbox-messages.ts";
import { getGroupInbox } from "../../../inbox/inbox-setting.ts";
import type { Log } from "../../../log.ts";
import type { Alarm } from "../../notices/alarm.ts";
import type { Locale, Translate } from "../../ui/words.ts";
import { createAlbumWatch } from "./album-watch.ts";
import { createCopyIn } from "./copy-in.ts";
import { createDesk } from "./group-desk.ts";
import { createGroupPace } from "./group-pace.ts";
import { createWaits } from "./group-waits.ts";
import { createIntoGroup } from "./into-group.ts";
import { createOutToPeople } from "./out-to-people.ts";
import { createPassOn } from "./pass-on.ts";
import { createSendBack } from "./send-back.ts";
import { createTellGroup } from "./untold.ts";

/**
 * Carries what people write into the group of the inbox, and what is written there back. Everything waits in the database, so a
 * restart goes on. What was leaving when a process died is not sent again by itself: the group is told.
 */
export interface InboxCourier extends Service {
  /** Something was taken. */
  nudge(): void;
  /** The inbox was set, or the bot's rights in the group have changed: tries again at once. */
  resume(): void;
  /** Draws the card of a person anew. */
  redraw(chatId: number): void;
}

export interface CourierParts {
  own: Scope;
  /** Paces its calls among the answers. */
  api: Api;
  clock: Clock;
  log: Log;
  lease: { held(): boolean };
  alarm: Pick<Alarm, "note" | "over" | "forget">;
  translator: (locale: Locale) => Translate;
  /** Of the times on the cards. */
  timezone: string;
  /** Days for which it is known which message stands for which; 0 keeps that for ever. */
  retentionDays: number;
}

/** Without a nudge, it is looked as seldom as that: every bot has a courier. */
const REST_MS = 3_600_000;
const AGAIN_MS = 5_000;
const LEASE_CHECK_MS = 1_000;
const DAY_MS = 86_400_000;

/** How long calls in flight are waited for at a stop. Then they are uncertain. */
const FAREWELL_MS = 3_000;

export function createInboxCourier(parts: CourierParts): InboxCourier {
  const { own, api, clock, log, lease, alarm, translator, timezone, retentionDays } = parts;
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const [stop, giveUp] = [stopping.signal, givingUp.signal];
  for (const signal of [stop, giveUp]) setMaxListeners(0, signal);
  const pace = createGroupPace(clock);
  const albums = createAlbumWatch(clock);
  const waitAfter = createWaits({ own, alarm });
  const copyIn = createCopyIn({ own, api, giveUp });
  const passOn = createPassOn({ own, log, pace, alarm, copyIn, waitAfter, stop });
  const tellGroup = createTellGroup(own, waitAfter, stop);
  const intoGroup = createIntoGroup({ own, clock, lease, albums, passOn, tellGroup, stop });
  const sendBack = createSendBack({ own, api, log, giveUp });
  const onSent = () => inward.nudge();
  const outToPeople = createOutToPeople({ own, clock, lease, albums, sendBack, onSent, stop });
  let sweptAt = -Infinity; // monotonic
  let rescued: Promise<void> | null = null;

  const usual = { clock, log, everyMs: REST_MS, againMs: AGAIN_MS };
  const inward = repeat({
    ...usual,
    complaint: "the inbox cannot be passed on, trying again",
    async work() {
      if (!lease.held()) return LEASE_CHECK_MS;
      await rescueOnce();
      await forgetOld();
      const desk = await deskNow();
      if (!desk) return alarm.forget("inbox");
      return intoGroup.round(desk);
    },
  });
  const outward = repeat({
    ...usual,
    complaint: "replies of the inbox cannot be sent, trying again",
    async work() {
      if (!lease.held()) return LEASE_CHECK_MS;
      await rescueOnce();
      return outToPeople();
    },
  });

  /** The desk of the group as it is set now; null while there is none. */
  async function deskNow() {
    const inbox = await getGroupInbox(own);
    return inbox && createDesk({ own, api, clock, pace, translator, timezone, stop }, inbox);
  }

  /** Once for both loops, before anything of this process leaves. */
  function rescueOnce(): Promise<void> {
    rescued ??= rescue().catch((error: unknown) => {
      rescued = null;
      throw error;
    });
    return rescued;
  }

  async function rescue(): Promise<void> {
    const count = await rescueLeaving(own);
    if (count > 0) log.warn({ count }, "messages of the inbox were on their way when Herald ended");
  }

  async function forgetOld(): Promise<void> {
    if (retentionDays === 0 || clock.monotonic() - sweptAt < REST_MS) return;
    sweptAt = clock.monotonic();
    const before = new Date(clock.now().getTime() - retentionDays * DAY_MS);
    while (!stop.aborted && (await dropOld(own, before)));
  }

  async function redraw(chatId: number): Promise<void> {
    const desk = await deskNow();
    if (desk && !stop.aborted) await desk.redraw(chatId);
  }

  return {
    start() {
      void inward.start();
      void outward.start();
    },
    nudge() {
      inward.nudge();
      outward.nudge();
    },
    resume() {
      intoGroup.resume();
      inward.nudge();
    },
    redraw(chatId) {
      redraw(chatId).catch((error: unknown) =>
        log.warn({ err: error }, "a card of the inbox cannot be drawn"),
      );
    },
    async stop() {
      stopping.abort();
      const ended = Promise.all([inward.stop(), outward.stop()]);
      const late = clock.sleep(FAREWELL_MS, giveUp).then(() => givingUp.abort());
      await Promise.race([ended, late]);
      await ended;
      givingUp.abort();
    },
  };
}
