import { Composer } from "grammy";
import { type Admin, listAdmins, nameOf, removeAdmin } from "../../../access/admins.ts";
import { limitAdmin } from "../../../access/bot-limits.ts";
import { listUnfinishedIn } from "../../../campaign/card-places.ts";
import { DomainError } from "../../../errors.ts";
import { type LimitTap, limitRows, limitTapData, limitWords, readLimitTap } from "../../ui/limit-buttons.ts";
import { hideCommands } from "../../ui/command-menu.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type Drawn, type Screen, type Tapped, screenMenus, sendScreen } from "../../ui/screens.ts";
import { openDialog } from "../../ui/dialogs.ts";
import { allBots } from "../../ui/sending-bots.ts";

const NAME = "admins";
const ADD = "add";
const BACK = "back";
const REMOVE = /^remove:(\d{1,16})$/;

/** /admins, for owners: who may send, and by which bots, with a button to remove each admin and one to add another. */
export function adminsScreen(deps: BotDeps): Composer<HeraldContext> {
  const screen: Screen = {
    name: NAME,
    outdated: "list-outdated",
    draw: (ctx) => draw(deps, ctx),
    async tapped(ctx, what) {
      const userId = REMOVE.exec(what)?.[1];
      if (userId !== undefined) return remove(ctx, Number(userId));
      if (what === BACK) return { draw: screen.draw };
      const tap = readLimitTap(what);
      if (tap) return showBots(ctx, tap);
      if (what !== ADD) return { outdated: screen.draw };
      await openDialog(ctx, "addAdmin");
      return "answered";
    },
  };

  async function remove(ctx: HeraldContext, userId: number): Promise<Tapped> {
    const by = ctx.from?.id ?? 0;
    const removed = await removeAdmin(deps.scope, ctx.actor, userId);
    if (!removed) return { outdated: screen.draw };
    await hideCommands(ctx.api, userId);
    deps.log.info({ admin: userId, by }, "admin removed");
    return { draw: screen.draw, said: ctx.t("admins-removed", { name: removed.name }) };
  }

  /** Shows which bots an admin may use, or changes it first. The cards of bots that they lose lose their buttons. */
  async function showBots(ctx: HeraldContext, tap: LimitTap): Promise<Tapped> {
    const { id, change } = tap;
    const next = (ctx: HeraldContext) => drawBots(deps, ctx, tap);
    if (change === null) return { draw: next };
    try {
      if (!(await limitAdmin(deps.scope, ctx.actor, id, change))) return { outdated: screen.draw };
    } catch (error) {
      if (error instanceof DomainError && error.code === "bot-unknown") return { outdated: next };
      throw error;
    }
    deps.log.info({ admin: id, by: ctx.from?.id }, "an admin is limited to some bots, or no longer");
    for (const campaignId of await listUnfinishedIn(deps.scope, id)) deps.engine.touch(campaignId);
    return { draw: next };
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("admins", async (ctx) => {
    await sendScreen(ctx, screen.draw);
  });
  return composer;
}

async function draw(deps: BotDeps, ctx: HeraldContext): Promise<Drawn> {
  const { t } = ctx;
  const owners: string[] = [];
  for (const id of deps.ownerIds) owners.push(withId({ userId: id, name: await nameOf(deps.scope, id) }));
  const admins = await listAdmins(deps.scope);
  const bots = await allBots(deps.scope);
  const inWords = (admin: Admin) =>
    admin.bots === null ? withId(admin) : `${withId(admin)}: ${limitWords(t, admin.bots, bots)}`;
  return {
    screen: NAME,
    text: t("admins-list", {
      owners: owners.join(", "),
      admins: admins.length > 0 ? admins.map(inWords).join(", ") : t("admins-none"),
    }),
    rows: [
      ...admins.map((admin) => {
        const hasNamesake = admins.filter(({ name }) => name === admin.name).length > 1;
        const name = hasNamesake ? withId(admin) : admin.name;
        const toBots = {
          text: t("limit-bots"),
          what: limitTapData({ id: admin.userId, page: 0, change: null }),
        };
        return [
          { text: t("admins-remove", { name }), what: `remove:${admin.userId}` },
          ...(bots.length > 1 || admin.bots !== null ? [toBots] : []),
        ];
      }),
      [{ text: t("admins-add"), what: ADD }],
    ],
  };
}

/** Which bots an admin may use. */
async function drawBots(deps: BotDeps, ctx: HeraldContext, { id, page }: LimitTap): Promise<Drawn> {
  const { t } = ctx;
  const admin = (await listAdmins(deps.scope)).find(({ userId }) => userId === id);
  if (!admin) return draw(deps, ctx);
  const bots = await allBots(deps.scope);
  const words = limitWords(t, admin.bots, bots);
  return {
    screen: NAME,
    text: [t("limit-of", { name: withId(admin), bots: words }), t("limit-note")].join("\n\n"),
    rows: [...limitRows(t, { id, page, limit: admin.bots }, bots), [{ text: t("button-back"), what: BACK }]],
  };
}

function withId({ name, userId }: Pick<Admin, "name" | "userId">): string {
  return `${name} (${userId})`;
}
