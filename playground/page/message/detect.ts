import type { MessageEntity } from "@grammyjs/types";

type Found = "bot_command" | "cashtag" | "email" | "hashtag" | "mention" | "url";

/** What Telegram's servers find in any text by themselves. */
const RULES: readonly (readonly [type: Found, pattern: RegExp])[] = [
  ["url", /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)]/g],
  ["email", /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}/g],
  ["bot_command", /\/\w{1,32}(?:@\w{3,32})?/g],
  ["mention", /@[a-zA-Z]\w{3,31}/g],
  ["hashtag", /#[\p{L}_][\p{L}\p{N}_]*/gu],
  ["cashtag", /\$[A-Z]{1,8}/g],
];

/** What must precede and follow: "and/or" is not a command. */
const BEFORE = /[\s(]$/;
const AFTER = /^[\s.,;:!?)]/;

/** Entities inside which nothing is detected. */
const CLOSED = new Set<MessageEntity["type"]>([
  "code",
  "pre",
  "text_link",
  "text_mention",
  "url",
  "email",
  "phone_number",
  "mention",
  "hashtag",
  "cashtag",
  "bot_command",
  "date_time",
]);

/** The entities of a text, including links, commands and the like that its sender did not mark. */
export function detected(text: string, given: readonly MessageEntity[] = []): MessageEntity[] {
  const entities = [...given];
  const isFree = (from: number, to: number) =>
    entities.every(
      ({ type, offset, length }) => !CLOSED.has(type) || to <= offset || offset + length <= from,
    );
  for (const [type, pattern] of RULES) {
    for (const { index: from, 0: found } of text.matchAll(pattern)) {
      const to = from + found.length;
      const standsAlone =
        (from === 0 || BEFORE.test(text.slice(from - 1, from))) &&
        (to === text.length || AFTER.test(text.slice(to, to + 1)));
      if (standsAlone && isFree(from, to)) entities.push({ type, offset: from, length: found.length });
    }
  }
  return entities;
}
