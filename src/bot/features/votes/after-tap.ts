import type { Api } from "grammy";
import { listTaps } from "../../../campaign/votes/button-votes.ts";
import { recounted } from "../../../content/keyboard.ts";
import type { CrowdDeps } from "../../ui/bot-context.ts";
import { createRedraws } from "./button-redraws.ts";
import { createFollower } from "./card-follow.ts";
import type { FoundTap } from "./take-tap.ts";

/** What follows a tap that was counted: the campaign's cards and, after a vote, the buttons of the message. */
export function createAfterTap(
  deps: Pick<CrowdDeps, "own" | "clock" | "log" | "engine" | "stop">,
  api: Pick<Api, "editMessageReplyMarkup">,
): (found: FoundTap) => void {
  const { own, clock, log, engine, stop } = deps;
  const redraws = createRedraws({ clock, log, api, quietUntil: () => engine.status().quietUntil, stop });
  const cardsFollow = createFollower(deps);
  return ({ campaign: { id, content }, button, chatId, messageId, shown }) => {
    void cardsFollow(id);
    if (shown && "vote" in button)
      redraws.ask(chatId, messageId, async () => recounted(content, shown, (await listTaps(own, id)).votes));
  };
}
