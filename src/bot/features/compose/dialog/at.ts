import type { Captured } from "../../../../content/capture.ts";
import type { Keyboard } from "../../../ui/card.ts";
import type { ConfirmationRequest } from "./confirmation-request.ts";
import type { Expectation } from "./step.ts";

/** What is shown of the list of chats, or of the topics of a forum. */
export interface ChatsView {
  page: number;
  /** What titles and names are searched for. */
  query?: string;
  /** The topics of this forum are shown. */
  forum?: number;
}

/** Where the dialog is: what a message that is no tap would mean, and which labels may be typed instead of tapped. */
export interface At {
  draft: number | null;
  /** Which step takes the next message. */
  expects: Expectation | "nothing";
  keyboard: Keyboard;
  /** The message that the review was sent in, whatever step it shows by now. */
  card?: number;
  /** What the admin is asked to confirm. Stored under this name with running dialogs, so it cannot change. */
  agreement?: ConfirmationRequest;
  /** Which part of the list of chats, or of the topics of one, is shown. */
  view?: ChatsView;
  /** The version that a post or buttons are asked for; absent is the default one. */
  language?: string;
  /** A post that was too long, as the two messages that it can be sent as. */
  offer?: Offer;
  /** The message that was refused last: edited, it is the post. */
  refused?: number;
  /** The album that was refused last: a part of it that comes later is no post of its own. */
  refusedAlbum?: string;
  /** What came together with the post, to be taken in its place. */
  together?: Together;
  /** When the message was sent that was just taken as the post, in Unix seconds; only the next one can belong to it. */
  takenAt?: number;
  /** Begun with /schedule: after the audience comes the time. */
  timed?: boolean;
  /** The admins who got the test since the list of them was opened. */
  tested?: number[];
  /** The review was shown: what changes the post by itself shows it anew. */
  reviewed?: boolean;
  /** A day was typed without its hour, or with one that may be two: an hour that is typed next belongs to it. */
  asked?: string;
  /** A time that was typed while the zone was asked for: it is read once the zone is known. */
  typed?: string;
  /** What is known already of a repeat that is not complete, as a code of repeat-codes.ts. */
  rule?: string;
  /** Telegram's keyboard to pick a chat stands below; what leaves it takes it away. False: it is away. */
  picker?: boolean;
}

/** A post as it is ready to be taken. */
export type Offer = Extract<Captured, { type: "captured" }>;

/** Messages that came together; one of them is the post. */
export interface Together {
  /** In the order in which they came. */
  offers: Offer[];
  /** Which one is the post, by the id of its first message. */
  taken: string;
  /** The version that they were sent for; absent is the default one. */
  language?: string;
}

/** Stands for the draft in the buttons of a dialog that has none yet. */
export const NO_DRAFT = 0;

/** Stands for the default version in the argument of a button, where others go by their language. */
export const DEFAULT_VERSION = "default";

export const CLOSED: At = { draft: null, expects: "nothing", keyboard: [] };
