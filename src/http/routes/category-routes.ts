import { createRoute } from "@hono/zod-openapi";
import { currentCategories } from "../../campaign/category.ts";
import { getSettings } from "../../campaign/settings.ts";
import { type Api, createRouter } from "../core/router.ts";
import { problems } from "../core/problem.ts";
import { Categories } from "../shapes/category-shapes.ts";
import { json } from "../shapes/common-shapes.ts";

const list = createRoute({
  method: "get",
  path: "/categories",
  operationId: "listCategories",
  tags: ["Campaigns"],
  summary: "List the categories that a campaign can have",
  description: "Admins make and name them in the bot: /settings, `Categories…`.",
  responses: { 200: json(Categories, "The categories"), ...problems(401, 429) },
});

export function categoryRoutes(): Api {
  const routes = createRouter();
  routes.openapi(list, async (context) => {
    const { categories } = await getSettings(context.var.scope);
    const items = currentCategories(categories).map(({ id, name, names = {}, leaveButton }) => ({
      id,
      name,
      names,
      leave_button: leaveButton === true,
    }));
    return context.json({ items }, 200);
  });
  return routes;
}
