import { FREE_RATE } from "../../campaign/progress.ts";
import { WINDOW_MS } from "./recent-messages.ts";

/** How many messages a window may hold. */
export interface Budget {
  /** Of all kinds. */
  total: number;
  /** The length of the window. */
  spanMs: number;
  /** Of `total`, answers to admins and the crowd. */
  answers: number;
  /** Of `answers`, those to the crowd. */
  crowd: number;
}

const SECOND_MS = 1_000;

/** Messages in the window beyond the rate, at least: 28 a second leave 2 of Telegram's 30 for answers. */
const SPARE = 2;

/** While campaigns run, answers get this much of the window: 9 of 30, so that campaigns keep 21. */
const ANSWERS_SHARE = 0.3;

/** Answers that the crowd never gets, so that an admin need not wait for it. */
const ADMINS_ONLY = 2;

/**
 * The budget at a `rate` of at most `top` messages a second. `isActive` while campaigns are sending. `sharesFreeRate`
 * while they send what cannot be paid for beside what is.
 */
export function budgetFor(rate: number, top: number, isActive: boolean, sharesFreeRate: boolean): Budget {
  const usual = Math.floor(rate) + Math.max(SPARE, Math.ceil((rate * (WINDOW_MS - SECOND_MS)) / SECOND_MS));
  const isFree = rate <= FREE_RATE;
  // A low rate that was configured binds campaigns only; answers need not wait for it. One that follows a 429 binds all.
  const total = !isFree ? usual : rate < top ? Math.min(usual, FREE_RATE) : FREE_RATE;
  const spanMs = isFree
    ? Math.max(SECOND_MS, Math.min(WINDOW_MS, (SECOND_MS * FREE_RATE) / rate))
    : WINDOW_MS;
  const unused = total - Math.ceil((rate * spanMs) / SECOND_MS);
  const share = isActive ? Math.max(1, unused, Math.floor(total * ANSWERS_SHARE)) : total;
  // Answers are not paid for.
  const free = sharesFreeRate ? Math.floor(FREE_RATE * ANSWERS_SHARE) : FREE_RATE;
  const answers = Math.min(free, share);
  return { total, spanMs, answers, crowd: Math.max(1, answers - ADMINS_ONLY) };
}
