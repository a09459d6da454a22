import { nameTargets } from "../../../audience/chats.ts";
import { type Tell, groupOf } from "../../../campaign/news/news-settings.ts";
import { type Settings, getSettings, setTell, tellOf } from "../../../campaign/settings.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import type { Button, Draw, Drawn, Screen } from "../../ui/screens.ts";
import { readToggle, toggleData } from "../../ui/callback-data.ts";
import { openDialog } from "../../ui/dialogs.ts";
import { ownScope } from "../../../db/scope.ts";

/** The switches for what is told, and how. */
const SWITCHES = ["began", "ended", "deeds", "silent"] as const satisfies readonly (keyof Tell)[];

const TELL = "settings-tell";

/** `Tell…` in /settings: who is told of campaigns, and what. `back` draws the settings. */
export function tellScreen(deps: BotDeps, back: Draw): Screen {
  const draw = (ctx: HeraldContext) => drawTell(deps, ctx);
  return {
    name: TELL,
    outdated: "screen-outdated",
    draw,
    async tapped(ctx, what) {
      if (what === "back") return { draw: back };
      if (what === "group") {
        await openDialog(ctx, "tellGroup");
        return "answered";
      }
      const change = changeFor(what);
      if (!change) return { outdated: draw };
      await setTell(deps.scope, ctx.actor, change);
      return { draw, said: ctx.t("settings-saved") };
    },
  };
}

function changeFor(what: string): Partial<Tell> | null {
  if (what === "nobody" || what === "admins") return { besides: what };
  const toggle = readToggle(what);
  const which = SWITCHES.find((one) => one === toggle?.what);
  return which && toggle ? { [which]: toggle.on } : null;
}

export async function drawTell({ scope }: BotDeps, { t }: Pick<HeraldContext, "t">): Promise<Drawn> {
  const settings = await getSettings(scope);
  const tell = tellOf(settings);
  const { besides } = tell;
  const button = (label: string, isOn: boolean, what: string): Button => ({
    text: `${isOn ? "✅ " : ""}${t(label)}`,
    what,
  });
  const toggle = (which: (typeof SWITCHES)[number]) =>
    button(`tell-${which}`, tell[which], toggleData(which, tell[which]));
  return {
    screen: TELL,
    text: [await tellLine({ scope }, { t }, settings), t("tell-ask")].join("\n"),
    rows: [
      [
        button("tell-nobody", besides === "nobody", "nobody"),
        button("tell-admins", besides === "admins", "admins"),
        button("tell-group", groupOf(tell) !== null, "group"),
      ],
      [toggle("began"), toggle("ended")],
      [toggle("deeds")],
      [toggle("silent")],
      [{ text: t("button-back"), what: "back" }],
    ],
  };
}

/** "Messages about campaigns go to: the author and all admins". */
export async function tellLine(
  { scope }: Pick<BotDeps, "scope">,
  { t }: Pick<HeraldContext, "t">,
  settings: Settings,
): Promise<string> {
  const tell = tellOf(settings);
  const group = groupOf(tell);
  if (!group) return t(tell.besides === "admins" ? "tell-to-admins" : "tell-to-author");
  const [name = ""] = await nameTargets(ownScope(scope), [group]);
  return t("tell-to-group", { group: name });
}
