import { z } from "@hono/zod-openapi";

const Category = z
  .object({
    id: z.int().openapi({ example: 1 }),
    name: z.string().openapi({ example: "Offers" }),
    names: z
      .record(z.string(), z.string())
      .openapi({ description: "in other languages, by code", example: { ru: "Акции" } }),
    leave_button: z.boolean().openapi({ description: "each of its posts has a button to leave it" }),
  })
  .openapi("Category");

export const Categories = z.object({ items: z.array(Category) }).openapi("Categories");
