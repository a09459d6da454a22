import type { ChatSummary } from "../../shared/protocol.ts";

/** How many colours tokens.css has for avatars. */
const COLOURS = 7;

/** Initials on a colour derived from the id, as Telegram shows a chat without a photo. */
export function Avatar({ id, title, type }: Pick<ChatSummary, "id" | "title" | "type">) {
  return (
    <span class="avatar" data-colour={Math.abs(id) % COLOURS} data-shape={type} aria-hidden="true">
      {initials(title)}
    </span>
  );
}

/** "Anna Berg" → "AB", "News 24" → "N". */
function initials(title: string): string {
  const letters = title.split(/\s+/).flatMap((word) => word.match(/^\p{L}/u) ?? []);
  const [first = title.charAt(0), ...others] = letters;
  return first + (others.at(-1) ?? "");
}
