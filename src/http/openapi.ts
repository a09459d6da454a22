import type { Api, ApiSettings } from "./core/router.ts";

const DESCRIPTION =
  "Create, schedule, watch and stop Herald's campaigns. Every call carries a key, which an owner makes with /keys in the bot: " +
  "`Authorization: Bearer hk_…`. Times are RFC 3339 with an offset; ids are Telegram's. What is refused is answered with " +
  "problem details (RFC 9457).";

/** The OpenAPI document of all routes, with their full addresses. */
export function documentOf(app: Api, { version, publicUrl }: Pick<ApiSettings, "version" | "publicUrl">) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Herald", version, description: DESCRIPTION },
    servers: [{ url: publicUrl ?? "/" }],
    security: [{ key: [] }],
  });
}

export function registerKey(app: Api): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "A key that an owner has made with /keys.",
  });
}
