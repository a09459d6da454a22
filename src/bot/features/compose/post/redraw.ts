import type { Content } from "../../../../content/content.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { reviewOrBelow } from "./below.ts";
import type { At } from "../dialog/at.ts";
import type { StepContext } from "../dialog/step.ts";

/**
 * Shows the review again after the post changed while something else was being asked, and keeps that question open, except
 * for a number that would have confirmed the old post. Shows nothing if there was no review yet.
 */
export async function redraw(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  content: Content,
): Promise<At> {
  if (!at.reviewed) return at;
  const next = await reviewOrBelow(deps, ctx, draft, content);
  const stays = next.expects === "label" && at.expects !== "label" && at.expects !== "number";
  if (!stays) return next;
  const keyboard = [...next.keyboard, ...at.keyboard];
  return { ...at, keyboard, ...(next.card !== undefined && { card: next.card }) };
}
