import { type Button, countCharacters } from "./content.ts";
import { KEYBOARD_LIMIT, keyboardOf } from "./keyboard.ts";
import { emailIn, linkFrom } from "./links.ts";
import { LONGEST_COPY, LONGEST_LABEL } from "./personal-parts.ts";
import { LONGEST_URL } from "./personal.ts";

/** Telegram shows at most 8 buttons per row and accepts 100 per message. */
const MOST_IN_A_ROW = 8;
const MOST = 100;
/** Bot API, InlineQuery and answerCallbackQuery. */
const LONGEST_QUERY = 256;
const LONGEST_ANSWER = 200;

// A constructor, because the compiler's target is older than the `v` flag; Node 20 supports it.
const EMOJI = new RegExp("^\\p{RGI_Emoji}$", "v");
const VARIATION = "\uFE0F";

/** What is wrong with a button. `part` is what was given. */
export type ButtonFlaw =
  | {
      reason: "no-url" | "no-text" | "no-copy" | "no-answer" | "bad-url" | "bad-app" | "mail" | "bad-vote";
      part: string;
    }
  | {
      reason: "text-too-long" | "url-too-long" | "copy-too-long" | "query-too-long" | "answer-too-long";
      part: string;
      limit: number;
    };

/** What is wrong with a row, or with the buttons above it and itself. */
export type RowFlaw =
  | { reason: "same-vote"; part: string }
  | { reason: "row-too-long" | "too-many" | "too-big"; limit: number };

/** The button as it is stored, with its link as Telegram takes it, or what is wrong with it. */
export function checkedButton(button: Button): Button | ButtonFlaw {
  const { text } = button;
  if (text === "") return { reason: "no-text", part: text };
  if (countCharacters(text) > LONGEST_LABEL)
    return { reason: "text-too-long", part: text, limit: LONGEST_LABEL };
  if ("vote" in button)
    return isEmoji(text) ? { ...button, text: qualified(text) } : { reason: "bad-vote", part: text };
  if ("url" in button) return checkedLink(button, button.url, "url");
  if ("app" in button) return checkedLink(button, button.app, "app");
  if ("copy" in button) {
    if (button.copy === "") return { reason: "no-copy", part: text };
    return countCharacters(button.copy) > LONGEST_COPY
      ? { reason: "copy-too-long", part: text, limit: LONGEST_COPY }
      : button;
  }
  if ("answer" in button) {
    if (button.answer === "") return { reason: "no-answer", part: text };
    return countCharacters(button.answer) > LONGEST_ANSWER
      ? { reason: "answer-too-long", part: text, limit: LONGEST_ANSWER }
      : button;
  }
  return countCharacters("share" in button ? button.share : button.here) > LONGEST_QUERY
    ? { reason: "query-too-long", part: text, limit: LONGEST_QUERY }
    : button;
}

function checkedLink(button: Button, written: string, field: "url" | "app"): Button | ButtonFlaw {
  const email = emailIn(written);
  if (email !== null) return { reason: "mail", part: email };
  const link = linkFrom(written);
  // Bot API, WebAppInfo: an HTTPS URL.
  if (!link || (field === "app" && !/^https:\/\/\S+$/i.test(link)))
    return { reason: field === "app" ? "bad-app" : "bad-url", part: written };
  if (countCharacters(link) > LONGEST_URL)
    return { reason: "url-too-long", part: button.text, limit: LONGEST_URL };
  return { ...button, [field]: link };
}

/** What is wrong with each row, given those above it. Each row has a list, which is empty if all is well. */
export function flawsOfRows(rows: readonly (readonly Button[])[]): RowFlaw[][] {
  const votes = new Set<string>();
  let [count, bytes] = [0, 0];
  return rows.map((row) => {
    const flaws: RowFlaw[] = [];
    for (const button of row) {
      // Votes are counted by emoji, so two equal ones could not be told apart.
      if (!("vote" in button)) continue;
      if (votes.has(button.text)) flaws.push({ reason: "same-vote", part: button.text });
      votes.add(button.text);
    }
    if (row.length > MOST_IN_A_ROW) flaws.push({ reason: "row-too-long", limit: MOST_IN_A_ROW });
    const before = { count, bytes };
    count += row.length;
    bytes += bytesOf(row);
    if (before.count <= MOST && count > MOST) flaws.push({ reason: "too-many", limit: MOST });
    if (before.bytes <= KEYBOARD_LIMIT && bytes > KEYBOARD_LIMIT)
      flaws.push({ reason: "too-big", limit: KEYBOARD_LIMIT });
    return flaws;
  });
}

/** A single emoji; many clients omit the variation selector for its coloured form. */
export function isEmoji(text: string): boolean {
  return EMOJI.test(text) || EMOJI.test(text + VARIATION);
}

/** Votes are counted by emoji, so each emoji is normalised to one form. */
function qualified(emoji: string): string {
  return EMOJI.test(emoji) ? emoji : emoji + VARIATION;
}

/** The bytes of a row with the largest numbers that its callback data can contain. */
function bytesOf(row: readonly Button[]): number {
  const ticket = { campaignId: 9_999_999_999, seq: 9_999_999_999 };
  const stored = row.map((button) => ({ ...button, id: "99999" }));
  return new TextEncoder().encode(JSON.stringify(keyboardOf([stored], ticket))).length;
}
