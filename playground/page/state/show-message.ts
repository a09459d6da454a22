import { navigate } from "./route.ts";
import { openChat } from "./stream.ts";
import { say } from "./notices.ts";
import { t } from "./locale.ts";

/** A message to show once its chat has loaded. */
let asked: { chat: number; message: number | undefined } | undefined;

/**
 * Scrolls the open chat to a message and highlights it briefly. Returns false if the message is not among those
 * shown. Use `at once` for a chat that has just loaded, where smooth scrolling would be cut short.
 */
export function showMessage(id: number, way?: "at once"): boolean {
  const entry = document.querySelector(`.entry[data-ids~="${id}"]`);
  if (entry === null) return false;
  const isCalm = way === "at once" || matchMedia("(prefers-reduced-motion: reduce)").matches;
  entry.scrollIntoView({ block: "center", behavior: isCalm ? "instant" : "smooth" });
  entry.animate({ backgroundColor: ["var(--glow)", "var(--glow)", "transparent"] }, { duration: 1_600 });
  return true;
}

/** Opens a chat and scrolls to a message, if it is there. */
export function showChat(chat: number, message: number | undefined): void {
  if (openChat.value?.summary.id !== chat) asked = { chat, message };
  else if (message !== undefined) showOrSay(message);
  navigate("chat", chat);
}

/** Call this when a chat has been drawn: shows the message that was requested. Returns whether there was a request. */
export function showAsked(chat: number): boolean {
  const { chat: wanted, message } = asked ?? {};
  asked = undefined;
  if (wanted !== chat) return false;
  if (message !== undefined) showOrSay(message, "at once");
  return true;
}

function showOrSay(message: number, way?: "at once"): void {
  if (!showMessage(message, way)) say(t("message-gone"));
}
