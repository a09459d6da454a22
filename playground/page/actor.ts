import type { OpenChat } from "../live/protocol.ts";
import { overview } from "./live.ts";

/** Who acts in a chat, as the actions name it: in a private one its person, elsewhere the owner, `in` that chat. */
export function actorIn({ summary }: OpenChat): { from: number; in?: number } {
  if (summary.type === "private") return { from: summary.id };
  return { from: overview.value?.owner ?? 1, in: summary.id };
}
