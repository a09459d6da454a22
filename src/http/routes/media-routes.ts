import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { createLRU } from "lru.min";
import { authorize } from "../../access/actor.ts";
import { type Keeping, keepMedia, keepMediaFor } from "../../campaign/actions/keep-media.ts";
import { findHomeFiles } from "../../campaign/own-files.ts";
import type { FileRef } from "../../content/content.ts";
import type { CarriedKind } from "../../telegram/carry-file.ts";
import { fileNameFor } from "../../telegram/file-name.ts";
import { IN_BODY, IN_QUERY, type NamedBot, type Place, botScope } from "../core/bot-scope.ts";
import type { HomeScope, Scope } from "../../db/scope.ts";
import { Problem, invalidRequest, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, type ApiEnv, check, createRouter } from "../core/router.ts";
import { json } from "../shapes/common-shapes.ts";
import { type MediaJson, BinaryFile, MediaFromUrl, MediaShape, UploadQuery } from "../shapes/media-shapes.ts";
import { download } from "../uploads/download.ts";
import type { TemporaryFile } from "../../temporary-file.ts";
import { readJson, readUpload } from "../uploads/upload.ts";

const add = createRoute({
  method: "post",
  path: "/media",
  operationId: "addMedia",
  tags: ["Media"],
  summary: "Upload a file for posts",
  description:
    "Role `write`. A file of at most 50 MiB: as the body of the request or as the part `file` of a form, with `kind` in the " +
    "address; or as JSON, with the address from which Herald fetches it. A live photo takes two: its still first, and then the " +
    "video with `photo`. It is carried to Telegram by a silent message to " +
    "the owner who made the key, which is deleted at once. Posts name it by the `id` of the answer.",
  request: {
    query: UploadQuery,
    body: {
      content: {
        "application/json": { schema: MediaFromUrl },
        "multipart/form-data": { schema: BinaryFile },
        "application/octet-stream": { schema: { type: "string", format: "binary" } as const },
      },
    },
  },
  responses: { 201: json(MediaShape, "The file"), ...problems(401, 403, 409, 413, 422, 429, 502, 503) },
});

/** Files on their way at the same time: each takes up to 50 MiB of the disk. */
const MOST_AT_ONCE = 4;
const RETRY_AFTER_SECONDS = 10;
/** For a file to arrive. */
const PATIENCE_MS = 300_000;
/** Files that need not be carried again when the same bytes come, because the answer got lost. */
const MOST_REMEMBERED = 1_000;

interface Wanted {
  /** Of a live photo, with its still as the home has it. */
  what: { kind: CarriedKind } | { kind: "live_photo"; still: { fileId: string } };
  name: string | null;
  contentType: string;
  /** Another bot that is to have it, too. */
  to: Scope | null;
}

/** These take files, and have limits of their own. */
export function mediaRoutes({ log, telegram, bots }: ApiDeps): Api {
  const routes = createRouter();
  const known = createLRU<string, FileRef>({ max: MOST_REMEMBERED });
  let underWay = 0;

  // Not by routes.openapi(), which would read a form into memory.
  routes.openAPIRegistry.registerPath(add);
  routes.post("/media", async (context) => {
    const { scope, actor } = context.var;
    await authorize(scope, actor, "keep-media");
    if (underWay >= MOST_AT_ONCE)
      throw new Problem(503, "too-many-uploads", `${MOST_AT_ONCE} files are on their way. Try again soon.`, {
        headers: { "retry-after": String(RETRY_AFTER_SECONDS) },
      });
    underWay += 1;
    try {
      const { incoming } = context.env;
      const late = setTimeout(() => incoming.destroy(), PATIENCE_MS);
      const { file, ...wanted } = await receiveFrom(context).finally(() => clearTimeout(late));
      try {
        return context.json(toJson(await carry(context, file, wanted)), 201);
      } finally {
        await file.close();
      }
    } finally {
      underWay -= 1;
    }
  });

  async function carry(
    { var: { scope, actor, key } }: Context<ApiEnv>,
    temporary: TemporaryFile,
    { what, name, contentType, to }: Wanted,
  ): Promise<FileRef> {
    const digest = `${JSON.stringify(what)} ${name} ${temporary.digest}`;
    const before = known.get(digest);
    const freight = { ...what, name: fileNameFor(what.kind, name, contentType), source: temporary.read };
    const isKept = before && (await findHomeFiles(scope, [before.uniqueId])).has(before.uniqueId);
    const file = isKept
      ? before
      : taken(await keepMedia(scope, actor, telegram, key.createdBy, freight), key.createdBy);
    known.set(digest, file);
    if (to) {
      const { api } = await bots.find(to.botId);
      taken(await keepMediaFor(to, actor, api, key.createdBy, freight, file), key.createdBy);
    }
    return file;
  }

  function taken(keeping: Keeping, owner: number): FileRef {
    if (keeping.type !== "kept") throw refusal(keeping, owner);
    if (keeping.undeleted)
      log.warn({ err: keeping.undeleted }, "the message that carried a file cannot be deleted");
    return keeping.file;
  }

  return routes;
}

async function receiveFrom({
  req,
  var: { scope },
}: Context<ApiEnv>): Promise<Wanted & { file: TemporaryFile }> {
  const isJson = /^application\/(?:[\w.-]+\+)?json(?:;|$)/i.test(req.header("content-type") ?? "");
  if (isJson) {
    check(UploadQuery.partial(), req.query(), "query");
    const { url, name, bot, ...asked } = check(MediaFromUrl, await readJson(req.raw), "json");
    const to = await otherBot(scope, bot, IN_BODY);
    const what = await whatFrom(scope, { ...asked, to }, (field) => ({ pointer: `/${field}` }));
    const fetched = await download(url);
    return { ...fetched, what, name: name ?? fetched.name, to };
  }
  const { name, bot, ...asked } = check(UploadQuery, req.query(), "query");
  const to = await otherBot(scope, bot, IN_QUERY);
  const what = await whatFrom(scope, { ...asked, to }, (parameter) => ({ parameter }));
  const upload = await readUpload(req.raw);
  return { ...upload, what, name: name ?? upload.name, to };
}

/**
 * What the file is to be. A live photo takes two files, of which Telegram knows the still already.
 * @throws Problem 422
 */
async function whatFrom(
  scope: HomeScope,
  { kind, photo, to }: { kind: CarriedKind | "live_photo"; photo?: string | undefined; to: Scope | null },
  at: (field: "kind" | "photo" | "bot") => Place,
): Promise<Wanted["what"]> {
  const wrong = (field: "kind" | "photo" | "bot", detail: string) =>
    invalidRequest([{ ...at(field), detail }]);
  if (kind !== "live_photo") {
    if (photo !== undefined) throw wrong("photo", "Only a live photo has a still. Leave it out.");
    return { kind };
  }
  if (photo === undefined)
    throw wrong("photo", "Upload its still first, with kind=photo, and give the id of that answer.");
  if (to) throw wrong("bot", "A test of the campaign carries a live photo to its bot. Leave it out.");
  const still = (await findHomeFiles(scope, [photo])).get(photo);
  if (still?.kind !== "photo")
    throw wrong("photo", "There is no photo with this id. Upload it first: POST /v1/media with kind=photo.");
  return { kind, still: { fileId: still.fileId } };
}

/** Looked up before the file is received. Null for the home, which gets every file. */
async function otherBot(scope: HomeScope, bot: NamedBot | undefined, place: Place): Promise<Scope | null> {
  const of = await botScope(scope, bot, place);
  return of.botId === scope.homeId ? null : of;
}

function refusal(keeping: Exclude<Keeping, { type: "kept" }>, owner: number): Problem {
  switch (keeping.type) {
    case "refused":
      if (["blocked", "deactivated", "unreachable"].includes(keeping.class))
        return new Problem(
          409,
          "unreachable",
          `The bot cannot write to ${owner}, who made this key: ${keeping.description}. They have to start the bot.`,
        );
      return new Problem(422, "refused", `Telegram refuses the file: ${keeping.description}`);
    case "deferred":
    case "postponed": {
      const seconds = Math.ceil(keeping.waitMs / 1_000);
      return new Problem(503, "telegram-busy", `Telegram asks to wait. Send it again in ${seconds} s.`, {
        headers: { "retry-after": String(seconds) },
      });
    }
    default:
      return new Problem(
        502,
        "not-carried",
        "Telegram did not answer, so it is not known whether it has the file. Send it again: at worst, a message with the " +
          "file stays in the chat of the owner who made the key.",
      );
  }
}

function toJson({ kind, uniqueId: id, details = {} }: FileRef): MediaJson {
  const { size, width, height, duration } = details;
  return {
    id,
    kind,
    ...(size !== undefined && { size }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(duration !== undefined && { duration }),
  };
}
