import type { OpenChat } from "../../shared/protocol.ts";
import { overview } from "./stream.ts";

/** Who acts in a chat, as actions name it: in a private chat its person, elsewhere the owner, `in` that chat. */
export function actorIn({ summary }: OpenChat): { from: number; in?: number } {
  if (summary.type === "private") return { from: summary.id };
  return { from: overview.value?.owner ?? 1, in: summary.id };
}
