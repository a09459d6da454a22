import type { ChatSummary } from "../../shared/protocol.ts";

const HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);

/** Whether a link leads into Telegram, and so would leave the playground. */
export function isTelegramLink(href: string): boolean {
  const { protocol, host } = new URL(href);
  return protocol === "tg:" || HOSTS.has(host);
}

/**
 * The chat and message that a Telegram link leads to, among these chats: t.me/name, t.me/name/12,
 * t.me/c/1234567890/12, with or without topics.
 */
export function targetOf(
  href: string,
  chats: readonly ChatSummary[],
): { chat: number; message: number | undefined } | undefined {
  const { protocol, pathname, search } = new URL(href);
  const [, internal, name = "", numbers = ""] =
    /^\/(?:c\/(\d+)|([a-z]\w{3,31}))((?:\/\d+){0,2})\/?$/i.exec(pathname) ?? [];
  // "?start=" and the like do more than open a chat, and of a comment only the post would be found.
  if (protocol === "tg:" || search !== "") return undefined;
  const chat = chats.find(({ id, username = "" }) =>
    internal === undefined
      ? username !== "" && username.toLowerCase() === name.toLowerCase()
      : id === Number(`-100${internal}`),
  );
  const message = numbers.split("/").at(-1);
  return chat && { chat: chat.id, message: message ? Number(message) : undefined };
}
