import { GrammyError, HttpError, type RawApi } from "grammy";
import { type RefusalClass, classify } from "./outcome.ts";

/** Bot API methods that edit what a message shows. */
export type EditMethod = "editMessageText" | "editMessageMedia";

/** One edit as data. */
export type EditCall = { [M in EditMethod]: { method: M; payload: Parameters<RawApi[M]>[0] } }[EditMethod];

/** The part of the Bot API that edits posts. */
export type EditApi = Pick<RawApi, EditMethod>;

/** The result of one edit. It may always be repeated, so nothing about it is uncertain. */
export type EditOutcome =
  | { type: "edited" }
  /** The message shows this already. */
  | { type: "unchanged" }
  /** The person deleted it, or Telegram no longer lets it be edited. */
  | { type: "gone"; description: string }
  | { type: "refused"; class: RefusalClass; description: string }
  /** 429 */
  | { type: "deferred"; waitMs: number; description: string }
  /** A failure that passes: it may have been edited or not. */
  | { type: "again"; description: string };

const UNCHANGED = /message is not modified/i;
const GONE =
  /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|MESSAGE_EDIT_TIME_EXPIRED|there is no \w+ in the message to edit|group chat was upgraded/i;

/** Classifies an edit that failed. Pure. */
export function classifyEdit(error: GrammyError | HttpError): EditOutcome {
  if (error instanceof GrammyError && error.error_code === 400) {
    const { description } = error;
    if (UNCHANGED.test(description)) return { type: "unchanged" };
    if (GONE.test(description)) return { type: "gone", description };
  }
  const outcome = classify(error);
  switch (outcome.type) {
    case "refused":
      return outcome;
    case "deferred":
      return { type: "deferred", waitMs: outcome.waitMs, description: outcome.description };
    case "migrated": // the messages of a group do not move with it
      return { type: "gone", description: "the group became a supergroup" };
    case "stumbled":
    case "uncertain":
      return { type: "again", description: outcome.description };
    default:
      throw new Error(`an edit cannot come to ${outcome.type}`);
  }
}

/** Makes one edit. @throws only errors that are neither Telegram's answer nor the network's */
export async function performEdit(api: EditApi, { method, payload }: EditCall): Promise<EditOutcome> {
  // EditCall pairs each method with its payload; TypeScript cannot see that through the union.
  const call = api[method] as (payload: EditCall["payload"]) => Promise<unknown>;
  try {
    await call(payload);
    return { type: "edited" };
  } catch (error) {
    if (error instanceof GrammyError || error instanceof HttpError) return classifyEdit(error);
    throw error;
  }
}
