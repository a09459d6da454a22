import type { InlineKeyboardButton, Message } from "@grammyjs/types";

/** Whether a wanted label matches a button's: equal, or equal without what precedes the first letter or digit. */
export function labelMatches(wanted: string | RegExp, label: string): boolean {
  if (typeof wanted !== "string") return matchesPattern(wanted, label);
  return label === wanted || bare(label) === wanted || bare(label) === bare(wanted);
}

/** A label without leading emoji, punctuation and spaces. The ellipsis at the end of "Buttons…" is part of it. */
function bare(label: string): string {
  const stripped = label.replace(/^[^\p{L}\p{N}]+/u, "").trim();
  return stripped === "" ? label : stripped;
}

/** Whether a text contains a string or matches a pattern. */
export function matchesText(wanted: string | RegExp, text: string): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : matchesPattern(wanted, text);
}

function matchesPattern(pattern: RegExp, text: string): boolean {
  // A global or sticky pattern remembers its position between tests.
  pattern.lastIndex = 0;
  return pattern.test(text);
}

/** The first button in a message whose label matches. */
export function findButton(message: Message, wanted: string | RegExp): InlineKeyboardButton | undefined {
  const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
  const exact = typeof wanted === "string" ? buttons.find((button) => button.text === wanted) : undefined;
  return exact ?? buttons.find((button) => labelMatches(wanted, button.text));
}
