import { type Arbitrary, array, boolean, constantFrom, integer, nat, record } from "fast-check";
import { ERRORS, type Effect, tooManyRequests } from "../../playground/server/faults.ts";

/** Faults of consecutive calls, from the `at`-th call on. */
export const CALL_FAULTS = {
  "asks to wait": (n) => ({ error: tooManyRequests(n) }),
  "answers 500": () => ({ error: ERRORS.internal }),
  "answers 502 in HTML": () => ({ status: 502 }),
  "answers 504": () => ({ error: ERRORS.gatewayTimeout }),
  "stumbles over an album": () => ({ error: ERRORS.groupSendFailed }),
  "cuts before": () => ({ cut: "before" }),
  "cuts after": () => ({ cut: "after" }),
  "hangs, has it": () => ({ hang: "forever" }),
  "hangs, has it not": () => ({ hang: "forever", accept: false }),
  "answers late": (n) => ({ hang: n * 10 }),
  "refuses the post": () => ({ error: ERRORS.cantParse }),
  "refuses the token": () => ({ error: ERRORS.unauthorized }),
  "says something new": () => ({ error: ERRORS.unheardOf }),
} as const satisfies Record<string, (n: number) => Effect>;

/** Events just before the `at`-th call (or statement, for a death there). */
export const EVENTS = [
  "the process is killed at a call",
  "the process is killed at a statement",
  "the process stops and starts",
  "the database refuses",
  "the database forgets to answer",
  "an admin pauses",
  "an admin cancels",
  "somebody opts out",
  "somebody blocks the bot",
  "somebody deletes the account",
  "the clock is set forwards",
  "the clock is set backwards",
] as const;

export type CallFault = keyof typeof CALL_FAULTS;

/** A randomly generated scenario. */
export interface Storm {
  people: number;
  campaigns: number;
  /** Messages per second. */
  rate: number;
  faults: { what: CallFault; at: number; times: number }[];
  events: { what: (typeof EVENTS)[number]; at: number; n: number }[];
  /** At the end, an admin retries the uncertain deliveries. */
  retryUncertain: boolean;
}

export const storms: Arbitrary<Storm> = record({
  people: integer({ min: 5, max: 30 }),
  campaigns: integer({ min: 1, max: 3 }),
  rate: constantFrom(10, 30, 100),
  faults: array(
    record({
      what: constantFrom(...(Object.keys(CALL_FAULTS) as CallFault[])),
      at: nat(60),
      times: integer({ min: 1, max: 5 }),
    }),
    { maxLength: 6 },
  ),
  events: array(record({ what: constantFrom(...EVENTS), at: nat(60), n: nat(1000) }), {
    maxLength: 6,
  }),
  retryUncertain: boolean(),
});
