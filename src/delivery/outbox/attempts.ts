import { isPersonId } from "../../chat-id.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { type ApiCall, type SendApi, weightOf } from "../../telegram/api-call.ts";
import type { Outcome } from "../../telegram/outcome.ts";
import type { Claimed } from "../shared/claimed.ts";
import type { Flight } from "../pace/flight.ts";
import type { Flood } from "../pace/flood.ts";
import type { Lanes } from "../pace/lanes.ts";
import type { Pacer } from "../pace/pacer.ts";
import { type Paid, isPayable } from "../pace/paid-rate.ts";
import { faulty } from "./calls-left.ts";
import type { Ended } from "./entry.ts";
import { send } from "./send-post.ts";
import type { Silence } from "./silence.ts";

/** Makes the calls of posts, and reports their outcomes to everything that sets the pace. */
export interface Attempts {
  /** A call leaves now. Returns the function to call with its outcome. */
  begin(call: ApiCall): Ended;
  /** Makes the call. `mayLeave` is asked once the call has waited for its chat. Never rejects. */
  make(campaign: Campaign, call: ApiCall, mayLeave?: () => Promise<boolean>): Promise<Outcome>;
  /** Applies what an outcome means for the calls behind it, and returns what it means for the delivery. `leftAt` is monotonic. */
  judge(outcome: Outcome, delivery: Claimed, call: ApiCall, leftAt: number, isPaid?: boolean): Outcome;
}

export interface AttemptsDeps {
  clock: Clock;
  log: Log;
  api: SendApi;
  flight: Flight;
  silence: Pick<Silence, "left">;
  pacer: Pick<Pacer, "answered" | "tooFast" | "rate">;
  paid: Pick<Paid, "on" | "accepted" | "refused">;
  flood: Flood;
  lanes: Pick<Lanes, "rest" | "took">;
}

export function createAttempts(deps: AttemptsDeps): Attempts {
  const { clock, log, api, flight, silence, pacer, paid, flood, lanes } = deps;

  /**
   * A person may get one message a second and gets no more, so a 429 for a person is about the bot as a whole. Others may
   * write to groups and channels, too, so those wait alone.
   */
  function askedToWait(
    outcome: Extract<Outcome, { type: "deferred" }>,
    chatId: number,
    leftAt: number,
  ): Outcome {
    const isPerson = isPersonId(chatId);
    if (!isPerson) lanes.rest(chatId, outcome.waitMs);
    if (!isPerson && flood.onlyThisChat(chatId, outcome.waitMs)) return { ...outcome, type: "postponed" };
    const until = pacer.tooFast(outcome.waitMs, leftAt);
    log.warn({ until, rate: Math.round(pacer.rate * 10) / 10 }, "Telegram asks to wait");
    return { ...outcome, until };
  }

  function judge(
    outcome: Outcome,
    { chatId }: Claimed,
    call: ApiCall,
    leftAt: number,
    isPaid = paid.on,
  ): Outcome {
    if (outcome.type === "sent") flood.arrived(chatId);
    if (outcome.type === "sent" && isPaid && isPayable(call.method)) paid.accepted();
    if (!isPersonId(chatId) && (outcome.type === "sent" || outcome.type === "uncertain"))
      lanes.took(chatId, weightOf(call));
    if (outcome.type === "deferred") return askedToWait(outcome, chatId, leftAt);
    if (outcome.type === "refused" && outcome.class === "no-stars" && isPaid) {
      paid.refused();
      return { type: "unpaid" };
    }
    return outcome;
  }

  return {
    judge,
    begin(call) {
      const leftAt = clock.monotonic();
      const isPaid = paid.on;
      flight.begin();
      const ended = silence.left();
      return (outcome, delivery) => {
        const answered = outcome.type !== "uncertain" && outcome.type !== "stumbled";
        const hopeless = ended(answered);
        flight.end(answered ? clock.monotonic() - leftAt : null);
        if (answered) pacer.answered(leftAt, weightOf(call));
        const judged = judge(outcome, delivery, call, leftAt, isPaid);
        return { delivery, outcome: judged, ...(hopeless && { hopeless }) };
      };
    },
    async make(campaign, call, mayLeave) {
      try {
        return await send(api, call, mayLeave);
      } catch (error) {
        return faulty(campaign, error, log);
      }
    },
  };
}
