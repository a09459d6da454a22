import { go } from "../here.ts";
import { openChat } from "../live.ts";
import { say } from "../notices.ts";

/** What is to be shown when its chat has come. */
let asked: { chat: number; message: number | undefined } | undefined;

/**
 * Scrolls the open chat to a message and marks it for a moment. Returns false when it is not among those shown. `at once`
 * for a chat that has only just come: there a smooth way would be cut short.
 */
export function showMessage(id: number, way?: "at once"): boolean {
  const entry = document.querySelector(`.entry[data-ids~="${id}"]`);
  if (entry === null) return false;
  const isCalm = way === "at once" || matchMedia("(prefers-reduced-motion: reduce)").matches;
  entry.scrollIntoView({ block: "center", behavior: isCalm ? "instant" : "smooth" });
  entry.animate({ backgroundColor: ["var(--glow)", "var(--glow)", "transparent"] }, { duration: 1_600 });
  return true;
}

/** Opens a chat, and in it a message, if it is there. */
export function showChat(chat: number, message: number | undefined): void {
  if (openChat.value?.summary.id !== chat) asked = { chat, message };
  else if (message !== undefined) showOrSay(message);
  go("chat", chat);
}

/** To be called when a chat has been drawn: shows what was asked for in it. Returns whether anything was. */
export function showAsked(chat: number): boolean {
  const { chat: wanted, message } = asked ?? {};
  asked = undefined;
  if (wanted !== chat) return false;
  if (message !== undefined) showOrSay(message, "at once");
  return true;
}

function showOrSay(message: number, way?: "at once"): void {
  if (!showMessage(message, way)) say("That message is gone, or too far back to show.");
}
