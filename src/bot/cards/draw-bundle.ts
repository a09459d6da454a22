import { nameOf } from "../../access/admins.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { countUnfrozen } from "../../campaign/unfrozen.ts";
import type { CardView } from "../../db/states.ts";
import { nameAudience } from "../ui/audience-words.ts";
import type { Drawing } from "../ui/card.ts";
import { severalBots } from "../ui/sending-bots.ts";
import type { Reader } from "../ui/times.ts";
import { cut } from "../ui/words.ts";
import { bundleCard } from "./bundle-card.ts";
import type { CardDeps } from "./draw-card.ts";

const LONGEST_NAME = 32;

/** Draws the card of campaigns that were confirmed together. */
export async function drawBundle(
  deps: CardDeps,
  shown: readonly Campaign[],
  reader: Reader,
  view: CardView,
  headline?: string,
): Promise<Drawing> {
  const home = deps.scope;
  const bundle: Campaign[] = [];
  for (const campaign of shown)
    bundle.push(
      campaign.state === "paused" || view === "ask-cancel"
        ? { ...campaign, ungathered: campaign.ungathered + (await countUnfrozen(home, campaign)) }
        : campaign,
    );
  const [first] = bundle;
  const { speedOf } = deps.status();
  const speeds = bundle.flatMap(({ id }) => speedOf(id) ?? []);
  const { text, keyboard } = bundleCard(
    bundle,
    view,
    {
      bots: await severalBots(home),
      audience: first ? await nameAudience(home, reader.t, first) : "",
      author: first ? cut(await nameOf(home, first.createdBy), LONGEST_NAME, "…") : "",
      speed: speeds.length > 0 ? speeds.reduce((sum, speed) => sum + speed, 0) : null,
      lateLimitHours: deps.lateLimitHours,
      ...(headline !== undefined && { headline }),
    },
    reader,
  );
  return { text, keyboard: { inline_keyboard: keyboard } };
}
