import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import type { At } from "./at.ts";

/*
 * The composer is a list of steps. Each step says in its own file which messages it takes and which buttons it answers, and
 * adds both to the two interfaces below, so that a name taken twice or a button that nobody answers does not compile. To add
 * a step, write its file and add it to the list in ../composer-steps.ts.
 */

/** The kinds of messages that can be expected, each with the step that takes it; filled in by the steps. */
// oxlint-disable-next-line typescript/no-empty-interface
export interface Expectations {}

/** The verbs of buttons, each with the step that answers it; filled in by the steps. */
// oxlint-disable-next-line typescript/no-empty-interface
export interface Verbs {}

/** Assigns the names in `T` to one step, for the two interfaces above. */
export type NamesOf<T, Step extends string> = { [Name in keyof T]: Step };

/** Which step takes the next message. It is stored with running dialogs, so a name in use must not change. */
export type Expectation = keyof Expectations;

/** What a button asks for. Messages with these buttons stay in chats, so a name in use must not change. */
export type DraftVerb = keyof Verbs;

/** Continues with another step, as if its button had been tapped. */
export type GoTo = (verb: DraftVerb, draft: number, argument?: string) => Promise<At>;

/** An update in the composer, with the way to the other steps. */
export type StepContext = HeraldContext & { goTo: GoTo };

export interface Tap {
  deps: BotDeps;
  ctx: StepContext;
  /** Where the dialog was. */
  at: At;
  draft: number;
  /** The data of the button. It comes from outside, and anyone can forge it. */
  argument: string;
}

export interface Step {
  /** How the step takes messages, by expectation. */
  takes?: Partial<Record<Expectation, (deps: BotDeps, ctx: StepContext, at: At) => Promise<At>>>;
  /** How the step answers taps, by verb. */
  taps?: Partial<Record<DraftVerb, (tap: Tap) => Promise<At>>>;
  /** Buttons that are offered before there is a draft; the draft is then `NO_DRAFT`. */
  early?: readonly DraftVerb[];
}
