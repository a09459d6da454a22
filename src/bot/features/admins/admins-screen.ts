import { Composer } from "grammy";
import { type Admin, listAdmins, nameOf, removeAdmin } from "../../../access/admins.ts";
import { hideCommands } from "../../ui/command-menu.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type Drawn, type Screen, type Tapped, screenMenus, sendScreen } from "../../ui/screens.ts";
import { openDialog } from "../../ui/dialogs.ts";

const NAME = "admins";
const ADD = "add";
const REMOVE = /^remove:(\d{1,16})$/;

/** /admins, for owners: who may send, with a button to remove each admin and one to add another. */
export function adminsScreen(deps: BotDeps): Composer<HeraldContext> {
  const screen: Screen = {
    name: NAME,
    outdated: "list-outdated",
    draw: (ctx) => draw(deps, ctx),
    async tapped(ctx, what) {
      const userId = REMOVE.exec(what)?.[1];
      if (userId !== undefined) return remove(ctx, Number(userId));
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
  return {
    screen: NAME,
    text: t("admins-list", {
      owners: owners.join(", "),
      admins: admins.length > 0 ? admins.map(withId).join(", ") : t("admins-none"),
    }),
    rows: [
      ...admins.map((admin) => {
        const hasNamesake = admins.filter(({ name }) => name === admin.name).length > 1;
        const name = hasNamesake ? withId(admin) : admin.name;
        return [{ text: t("admins-remove", { name }), what: `remove:${admin.userId}` }];
      }),
      [{ text: t("admins-add"), what: ADD }],
    ],
  };
}

function withId({ name, userId }: Pick<Admin, "name" | "userId">): string {
  return `${name} (${userId})`;
}
