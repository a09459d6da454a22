import type { Captured } from "../../../../content/capture.ts";
import type { Step } from "../../../../campaign/step-plan.ts";
import type { Keyboard } from "../../../ui/card.ts";
import type { ConfirmationRequest } from "./confirmation-request.ts";
import type { Expectation } from "./step.ts";

/** What is shown of the list of chats, or of the topics of a forum. */
export interface ChatsView {
  page: number;
  /** A search in titles and names. */
  query?: string;
  /** The forum whose topics are shown. */
  forum?: number;
}

/** Where the dialog is: what the next message would mean, and which labels can be typed instead of tapped. */
export interface At {
  draft: number | null;
  /** Which step takes the next message. */
  expects: Expectation | "nothing";
  keyboard: Keyboard;
  /** The message in which the review was sent, even if it shows another step by now. */
  card?: number;
  /** What the admin is asked to confirm. Stored under this name with running dialogs, so it cannot change. */
  agreement?: ConfirmationRequest;
  /** The bots that send the post, in order, while there is no draft; absent means mainBot() of db/scope.ts. */
  bots?: number[];
  /** The same in dialogs that an older version began, which knew only one. */
  bot?: number;
  /** The post is to be a welcome: what `bot` answers to /start, to everyone (an empty source) or to those of a source. */
  welcome?: WelcomeFor;
  /** The post is to be a step of a bot's series for newcomers. */
  step?: StepFor;
  /** Which part of the list of chats or topics is shown. */
  view?: ChatsView;
  /** The version for which a post or buttons are asked for; absent means the default one. */
  language?: string;
  /** A post that was too long, in the form of the two messages that could be sent instead. */
  offer?: Offer;
  /** The message that was refused last. An edit of it is taken as the post. */
  refused?: number;
  /** The album that was refused last. Late parts of it are not taken as a post. */
  refusedAlbum?: string;
  /** Messages that came together with the post and can be taken instead. */
  together?: Together;
  /** When the message that was just taken as the post was sent, in Unix seconds. Only the next message can belong to it. */
  takenAt?: number;
  /** Begun with /schedule, so the time is asked for after the audience. */
  timed?: boolean;
  /** The admins who have got the test since the list was opened. */
  tested?: number[];
  /** The review has been shown, so edits and late parts show it again. */
  reviewed?: boolean;
  /** A day that was typed without an hour, or with an ambiguous one. An hour that is typed next belongs to it. */
  asked?: string;
  /** A time that was typed before the zone was known, and is read once it is. */
  typed?: string;
  /** What is already known of an incomplete repeat, as a code of repeat-codes.ts. */
  rule?: string;
  /** Telegram's keyboard to pick a chat is shown, and has to be removed when the step is left. False: it was removed. */
  picker?: boolean;
}

/** Who gets a welcome. */
export interface WelcomeFor {
  bot: number;
  source: string;
}

/** When people get a step, and who. */
export type Plan = Pick<Step, "after" | "source" | "tag">;

/** A step of the series for newcomers: which is to get another time, or `plan`, when a new one is due, once that is known. */
export interface StepFor {
  bot: number;
  of?: number;
  plan?: Plan;
}

/** A post that can be taken. */
export type Offer = Extract<Captured, { type: "captured" }>;

/** Messages that came together; one of them is the post. */
export interface Together {
  /** In the order in which they arrived. */
  offers: Offer[];
  /** Which one is the post, by the id of its first message. */
  taken: string;
  /** The version that they were sent for; absent means the default one. */
  language?: string;
}

/** The draft's id in the buttons of a dialog that has no draft yet. */
export const NO_DRAFT = 0;

/** The default version in the argument of a button; other versions are named by their language. */
export const DEFAULT_VERSION = "default";

export const CLOSED: At = { draft: null, expects: "nothing", keyboard: [] };
