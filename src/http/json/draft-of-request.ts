import { createHash, randomUUID } from "node:crypto";
import { findHomeFiles } from "../../campaign/own-files.ts";
import type { Content } from "../../content/content.ts";
import type { HomeScope } from "../../db/scope.ts";
import { contentFromJson } from "./content-from-json.ts";
import { mediaIn } from "./media-from-json.ts";
import type { ContentJson } from "../shapes/content-shapes.ts";
import { Problem } from "../core/problem.ts";

/** The post in a request. @throws Problem 422 with everything that is wrong with it */
export async function contentOf(scope: HomeScope, request: ContentJson): Promise<Content> {
  const files = await findHomeFiles(scope, mediaIn(request));
  const { content, faults } = contentFromJson(request, files);
  if (content) return content;
  const errors = faults.map(({ pointer, detail }) => ({ pointer: `/content${pointer}`, detail }));
  const [first] = errors;
  throw new Problem(422, "invalid", `The post is not valid at ${first?.pointer}: ${first?.detail}`, {
    more: { errors },
  });
}

/** Where a draft comes from: its key's Idempotency-Key, or this very request. */
export function originOf(keyId: number, idempotencyKey: string | undefined, request: object) {
  if (idempotencyKey === undefined) return { originKey: `api ${randomUUID()}`, originDigest: null };
  const originDigest = createHash("sha256").update(JSON.stringify(request)).digest("base64url");
  return { originKey: `api ${keyId} ${idempotencyKey}`, originDigest };
}
