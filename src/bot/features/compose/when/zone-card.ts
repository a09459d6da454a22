import type { HeraldContext } from "../../../ui/bot-context.ts";
import { zoneButtons, zoneQuestion, zoneRows } from "../../timezone/timezone.ts";
import type { At } from "../dialog/at.ts";
import type { Keyboard } from "../../../ui/card.ts";
import type { DraftVerb } from "../dialog/step.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";

/** Asks for the zone of an admin who has none. */
export async function askZone(ctx: HeraldContext, draft: number, back: DraftVerb): Promise<At> {
  const keyboard = [...zoneKeyboard(ctx, draft), [draftButton(draft, ctx.t("button-back"), back)]];
  await showCard(ctx, { text: zoneQuestion(ctx), keyboard });
  return { draft, expects: "zone", keyboard };
}

function zoneKeyboard(ctx: HeraldContext, draft: number): Keyboard {
  const button = (label: string, zone: string) => draftButton(draft, label, "zone", zone);
  return zoneRows(zoneButtons(ctx, button));
}
