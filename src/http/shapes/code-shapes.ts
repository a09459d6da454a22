import { z } from "@hono/zod-openapi";
import { LONGEST_CODE, MOST_CODES } from "../../campaign/code-pattern.ts";

export const Pattern = z
  .object({
    pattern: z.string().max(LONGEST_CODE).openapi({
      example: "SPRING-######",
      description: "each # is drawn from letters and digits that nobody takes for one another",
    }),
    count: z.int().min(1).max(MOST_CODES),
  })
  .openapi("CodePattern");

/** Codes as a part of a JSON body; longer lists go to POST /v1/campaigns/{number}/codes. */
export const NewCodes = z
  .union([z.array(z.string().trim().min(1).max(LONGEST_CODE)).min(1).max(10_000), Pattern])
  .openapi("NewCodes", { example: { pattern: "HELLO-######", count: 5000 } });
