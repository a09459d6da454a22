import { chatsStep } from "./audience/chat-list.ts";
import { filterStep } from "./audience/filter.ts";
import { peopleStep } from "./audience/choose-people.ts";
import { listsStep } from "./audience/list-choice.ts";
import { savedStep } from "./audience/saved-choice.ts";
import { topicsStep } from "./audience/topics.ts";
import type { DraftVerb, Expectation, Step } from "./dialog/step.ts";
import { belowStep } from "./post/below.ts";
import { buttonsStep } from "./post/buttons.ts";
import { categoryStep } from "./post/choose-category.ts";
import { codesStep } from "./post/codes.ts";
import { effectStep } from "./post/effect.ts";
import { fromStep } from "./post/from-bot.ts";
import { versionsStep } from "./post/language-versions.ts";
import { lifetimeStep } from "./post/lifetime.ts";
import { optionsStep } from "./post/options.ts";
import { postStep } from "./post/take-post.ts";
import { togetherStep } from "./post/together.ts";
import { newcomersStep } from "./post/newcomers-step.ts";
import { useStep } from "./post/use-draft.ts";
import { confirmStep } from "./review/confirm.ts";
import { editSentStep } from "./review/edit-sent-step.ts";
import { reviewStep } from "./review/review-card.ts";
import { saveStep } from "./review/save-tapped.ts";
import { takeOutStep } from "./review/take-out.ts";
import { testersStep } from "./review/testers.ts";
import { zoneStep } from "./when/ask-zone.ts";
import { hoursStep } from "./when/hours.ts";
import { lateStep } from "./when/late.ts";
import { repeatEndStep } from "./when/repeat-end.ts";
import { repeatStep } from "./when/ask-repeat.ts";
import { typedTimeStep } from "./when/typed-time.ts";
import { whenStep } from "./when/when.ts";

/** The steps of the composer. */
export const STEPS = [
  postStep,
  fromStep,
  togetherStep,
  buttonsStep,
  belowStep,
  versionsStep,
  optionsStep,
  effectStep,
  lifetimeStep,
  categoryStep,
  codesStep,
  peopleStep,
  filterStep,
  listsStep,
  savedStep,
  chatsStep,
  topicsStep,
  whenStep,
  typedTimeStep,
  repeatStep,
  repeatEndStep,
  hoursStep,
  lateStep,
  zoneStep,
  reviewStep,
  takeOutStep,
  testersStep,
  confirmStep,
  saveStep,
  editSentStep,
  newcomersStep,
  useStep,
] as const satisfies readonly Step[];

/** The names that the steps on the list take or answer. */
type Listed<Kind extends "takes" | "taps", S = (typeof STEPS)[number]> =
  S extends Record<Kind, infer Named> ? keyof Named : never;

type Taker = NonNullable<NonNullable<Step["takes"]>[Expectation]>;
type Handler = NonNullable<NonNullable<Step["taps"]>[DraftVerb]>;

const steps: readonly Step[] = STEPS;
const takers = new Map(steps.flatMap(({ takes }) => Object.entries(takes ?? {})));
const handlers = new Map(steps.flatMap(({ taps }) => Object.entries(taps ?? {})));
const early = new Set(steps.flatMap((step) => step.early ?? []));

/** The handler of an expected message. Calls do not compile while a step is missing from the list. */
export function takerOf(expectation: Listed<"takes">): Taker {
  return found(takers, expectation);
}

/** The handler of a button. Calls do not compile while a step is missing from the list. */
export function handlerOf(verb: Listed<"taps">): Handler {
  return found(handlers, verb);
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const one = map.get(name);
  if (one === undefined) throw new Error(`no step of the composer answers to ${name}`);
  return one;
}

export function isVerb(name: string): name is DraftVerb {
  return handlers.has(name);
}

/** Whether a button is offered before there is a draft. */
export function isEarly(verb: DraftVerb): boolean {
  return early.has(verb);
}
