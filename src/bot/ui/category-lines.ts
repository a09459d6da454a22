import type { Campaign } from "../../campaign/campaign.ts";
import { findCategory } from "../../campaign/settings.ts";
import type { BotDeps } from "./bot-context.ts";
import type { Translate } from "./words.ts";

/** "Category: Offers"; nothing for a campaign without one. */
export async function categoryLines(
  { scope }: Pick<BotDeps, "scope">,
  t: Translate,
  { category }: Pick<Campaign, "category">,
): Promise<string[]> {
  const found = await findCategory(scope, category);
  return found ? [t("card-category", { name: found.name })] : [];
}
