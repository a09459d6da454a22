import type { OpenChat, ShownMessage } from "../../shared/protocol.ts";
import { serviceLine } from "../message/service.ts";
import type { Tap } from "../message/last-tap.ts";
import { authorOf, firstLine, kindOf, snippet } from "../message/words.ts";
import { t } from "../state/locale.ts";

/** How many characters of a long post are announced; the rest is there to be read. */
const READ_OUT = 300;
/** An edit this soon after a tap counts as its answer. */
const ANSWERED_MS = 3_000;

/**
 * What to announce of a changed chat, if anything: the newest message of others; or else an edit that answers the
 * person's own tap, or that changes the first line. A progress card's other lines change every few seconds, which
 * nobody wants to hear.
 */
export function newsOf(
  before: OpenChat,
  after: OpenChat,
  tap: Tap | undefined,
  now: number,
): string | undefined {
  const newest = before.messages.at(-1)?.message.message_id ?? 0;
  const come = after.messages.findLast(({ own, message }) => !own && message.message_id > newest);
  if (come !== undefined) return readOut(come);
  const old = new Map(before.messages.map((shown) => [shown.message.message_id, shown]));
  const isAnswer = ({ message }: ShownMessage) =>
    tap !== undefined &&
    tap.chat === after.summary.id &&
    tap.on === message.message_id &&
    now - tap.at < ANSWERED_MS;
  for (const shown of after.messages.toReversed()) {
    const was = old.get(shown.message.message_id);
    if (was === undefined || was === shown || shown.own) continue;
    const isReworded = snippet(was.message) !== snippet(shown.message);
    if (firstLine(was.message) !== firstLine(shown.message) || (isReworded && isAnswer(shown)))
      return readOut(shown);
    if (tap === undefined || !isAnswer(shown)) continue;
    // Often only the button itself changes: a ticked box.
    const label = labelAt(shown, tap);
    if (label !== labelAt(was, tap)) return label;
  }
  return undefined;
}

/** Whether the tapped message has changed. */
export function isEdited(before: OpenChat, after: OpenChat, { on }: Tap): boolean {
  const at = ({ messages }: OpenChat) => messages.find(({ message }) => message.message_id === on);
  return at(before) !== at(after);
}

function readOut({ message }: ShownMessage): string {
  if (kindOf(message) === undefined) return serviceLine(message);
  return `${authorOf(message)}: ${snippet(message, t("hidden-text")).slice(0, READ_OUT)}`;
}

function labelAt({ message }: ShownMessage, { button: [row, column] }: Tap): string | undefined {
  return message.reply_markup?.inline_keyboard[row]?.[column]?.text;
}
