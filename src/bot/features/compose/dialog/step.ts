import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import type { At } from "./at.ts";

/*
 * The composer is a list of steps. A step says in its own file which messages it takes and which buttons it answers, and
 * adds the names of both to the two interfaces below, so that no other step can take the same name and no button can be
 * made that nobody answers. To add a step: write its file, and put it on the list in ../composer-steps.ts.
 */

/** What messages can be expected, each with the step that takes it; filled in by the steps. */
// oxlint-disable-next-line typescript/no-empty-interface
export interface Expectations {}

/** What buttons ask for, each with the step that answers; filled in by the steps. */
// oxlint-disable-next-line typescript/no-empty-interface
export interface Verbs {}

/** The names in `T` as those of one step, for the two interfaces above. */
export type NamesOf<T, Step extends string> = { [Name in keyof T]: Step };

/** Which step takes the next message. Stored with a running dialog, so a name in use must not change. */
export type Expectation = keyof Expectations;

/** What a button asks for. Messages with these buttons stay in chats, so a name in use must not change. */
export type DraftVerb = keyof Verbs;

/** Goes on to another step as if the button of that name had been tapped. */
export type GoTo = (verb: DraftVerb, draft: number, argument?: string) => Promise<At>;

/** An update in the composer, with the way to its other steps. */
export type StepContext = HeraldContext & { goTo: GoTo };

export interface Tap {
  deps: BotDeps;
  ctx: StepContext;
  /** Where the dialog was. */
  at: At;
  draft: number;
  /** What the button carries. It comes from outside: anybody can make it up. */
  argument: string;
}

export interface Step {
  /** Takes the messages that are expected. */
  takes?: Partial<Record<Expectation, (deps: BotDeps, ctx: StepContext, at: At) => Promise<At>>>;
  /** Answers the buttons. */
  taps?: Partial<Record<DraftVerb, (tap: Tap) => Promise<At>>>;
  /** Buttons that are offered before there is a draft; the draft is then `NO_DRAFT`. */
  early?: readonly DraftVerb[];
}
