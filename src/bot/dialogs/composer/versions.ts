import type { BotDeps, HeraldContext } from "../../context.ts";
import type { At } from "./dialog.ts";
import { review } from "./review.ts";

export async function showVersions(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  return review(deps, ctx, draft);
}

export async function askVersion(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  _language: string,
): Promise<At> {
  return review(deps, ctx, draft);
}

export async function removeVersion(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  _language: string,
): Promise<At> {
  return review(deps, ctx, draft);
}
