import { draw } from "../content/transcript.ts";
import type { Place } from "./places.ts";

/** A chat as plain text, oldest message first; `last` limits it to the newest. */
export function drawChat(place: Place, last = Infinity): string {
  const messages = (place.messages ?? []).slice(-Math.min(last, 1e9));
  const drawn = messages.map((message) => {
    const who = message.from === undefined ? "channel" : message.from.first_name;
    return `${who} · ${message.message_id}\n${indent(draw(message))}`;
  });
  const keyboard = place.keyboard?.keyboard.map((row) =>
    row.map((button) => `[${typeof button === "string" ? button : button.text}]`).join(" "),
  );
  return [...drawn, ...(keyboard ? [`keyboard\n${indent(keyboard.join("\n"))}`] : [])].join("\n");
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "    ");
}
