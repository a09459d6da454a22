import { createRoute } from "@hono/zod-openapi";
import { savedByName } from "../../audience/segment/saved-segments.ts";
import { createDraft } from "../../campaign/actions/create-draft.ts";
import { discardDraft } from "../../campaign/actions/discard-draft.ts";
import { duplicate } from "../../campaign/actions/duplicate.ts";
import { changeDirectly } from "../../campaign/actions/change-directly.ts";
import { type CampaignFilter, listCampaigns } from "../../campaign/search.ts";
import { getCampaign } from "../../campaign/queries.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { IN_BODY, botFilter, botNamed, botsNamed, usualBot } from "../core/bot-scope.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { type LineSetting, audienceFromJson } from "../json/audience-json.ts";
import { campaignToJson, summariesOf } from "../json/campaign-json.ts";
import { contentOf, originOf } from "../json/draft-of-request.ts";
import { problems } from "../core/problem.ts";
import { windowFromJson } from "../json/schedule-json.ts";
import {
  Campaign,
  CampaignChangeShape,
  CampaignSummary,
  NewCampaignShape,
} from "../shapes/campaign-shapes.ts";
import { FilterShape, IdempotencyKey } from "../shapes/list-shapes.ts";
import { NumberInPath, USUAL_LIMIT, body, json, pageOf } from "../shapes/common-shapes.ts";

const tags = ["Campaigns"];
const one = json(Campaign, "The campaign");

const list = createRoute({
  method: "get",
  path: "/campaigns",
  operationId: "listCampaigns",
  tags,
  summary: "List campaigns",
  description: "Newest first.",
  request: { query: FilterShape },
  responses: { 200: json(pageOf(CampaignSummary, "CampaignPage"), "A page"), ...problems(401, 422, 429) },
});

const create = createRoute({
  method: "post",
  path: "/campaigns",
  operationId: "createCampaign",
  tags,
  summary: "Create a draft",
  description:
    "Role `write`. Nothing is sent: use `send` or `schedule` then. With an `Idempotency-Key`, a request that is repeated " +
    "answers the campaign that the first one created.",
  request: { headers: IdempotencyKey, ...body(NewCampaignShape) },
  responses: { 201: one, ...problems(401, 403, 413, 422, 429) },
});

const read = createRoute({
  method: "get",
  path: "/campaigns/{number}",
  operationId: "readCampaign",
  tags,
  summary: "Read a campaign",
  request: { params: NumberInPath },
  responses: { 200: one, ...problems(401, 404, 422, 429) },
});

const change = createRoute({
  method: "patch",
  path: "/campaigns/{number}",
  operationId: "changeCampaign",
  tags,
  summary: "Change a campaign",
  description:
    "Role `write` for drafts, `send` for others. What is absent stays. A scheduled campaign needs `agreed_count` and waits " +
    "for its time again; one that is paused half-way takes a new `content` for those who have not got it.",
  request: { params: NumberInPath, ...body(CampaignChangeShape) },
  responses: { 200: one, ...problems(401, 403, 404, 409, 413, 422, 429) },
});

const discard = createRoute({
  method: "delete",
  path: "/campaigns/{number}",
  operationId: "discardDraft",
  tags,
  summary: "Discard a draft",
  description: "Role `write`. Campaigns that were scheduled or sent are kept: cancel them.",
  request: { params: NumberInPath },
  responses: { 204: { description: "It is gone" }, ...problems(401, 403, 404, 409, 422, 429) },
});

const copy = createRoute({
  method: "post",
  path: "/campaigns/{number}/duplicate",
  operationId: "duplicateCampaign",
  tags,
  summary: "Make a draft with the same post, audience, category and hours",
  description: "Role `write`.",
  request: { params: NumberInPath, headers: IdempotencyKey },
  responses: { 201: one, ...problems(401, 403, 404, 422, 429) },
});

/** Campaigns as documents: list, read, create, change, discard. What sets them going is in campaign-moves.ts. */
export function campaignRoutes({ clock, events, settings }: ApiDeps): Api {
  const routes = createRouter();

  /** A campaign of several bots takes the saved segments of the first. */
  const settingOf = async (scope: HomeScope, botId: number): Promise<LineSetting> => ({
    zone: settings.timezone,
    saved: await savedByName(scopeOf(scope, { botId })),
  });

  routes.openapi(list, async (context) => {
    const { scope } = context.var;
    const { limit = USUAL_LIMIT, cursor, ...query } = context.req.valid("query");
    const bot = await botFilter(scope, query.bot);
    const filter: CampaignFilter = {
      ...(query.state && { states: query.state }),
      ...(bot !== undefined && { bot }),
      ...(query.text !== undefined && { words: query.text }),
      ...(query.author !== undefined && { author: query.author }),
      ...(query.from !== undefined && { from: new Date(query.from) }),
      ...(query.to !== undefined && { to: new Date(query.to) }),
      ...(query.with_errors && { withErrors: true }),
    };
    const page = await listCampaigns(scope, filter, limit, cursor);
    const last = page.campaigns.at(-1);
    return context.json(
      {
        items: await summariesOf(scope, page.campaigns),
        next_cursor: page.more && last ? String(last.id) : null,
      },
      200,
    );
  });

  routes.openapi(create, async (context) => {
    const { scope, actor } = context.var;
    const { bot: named, bots: allNamed, ...given } = context.req.valid("json");
    const key = context.req.valid("header")["idempotency-key"];
    const bot = named === undefined ? undefined : await botNamed(scope, named, IN_BODY);
    const bots = allNamed && (await botsNamed(scope, allNamed));
    // However the bots are named, the request is the same.
    const request = { ...(bot !== undefined && { bot }), ...(bots && { bots }), ...given };
    const senders = bots ?? bot ?? (await usualBot(scope, IN_BODY));
    const botId = typeof senders === "number" ? senders : (senders[0] ?? scope.homeId);
    const draft = {
      content: await contentOf(scope, request.content),
      audience: audienceFromJson(request.audience ?? { languages: "all" }, await settingOf(scope, botId)),
      ...(request.category !== undefined && { category: request.category }),
      ...(request.window !== undefined && {
        window: request.window && windowFromJson(request.window, "/window"),
      }),
      ...(request.late_policy && { latePolicy: request.late_policy }),
      ...(request.each_person_once !== undefined && { eachOnce: request.each_person_once }),
      ...originOf(actor.id, key, request),
    };
    const campaign = await createDraft(scope, actor, draft, senders);
    return context.json(await campaignToJson(scope, campaign, clock.now()), 201);
  });

  routes.openapi(read, async (context) => {
    const { scope } = context.var;
    const { number } = context.req.valid("param");
    return context.json(await campaignToJson(scope, await getCampaign(scope, number), clock.now()), 200);
  });

  routes.openapi(change, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    const request = context.req.valid("json");
    const { revision, content, audience, category, window, late_policy, starts_at, agreed_count, reach } =
      request;
    const campaign = await changeDirectly(
      scope,
      actor,
      number,
      {
        revision,
        change: {
          ...(content && { content: await contentOf(scope, content) }),
          ...(audience && {
            audience: audienceFromJson(
              audience,
              await settingOf(scope, (await getCampaign(scope, number)).botId),
            ),
          }),
          ...(category !== undefined && { category }),
          ...(window !== undefined && { window: window && windowFromJson(window, "/window") }),
          ...(late_policy && { latePolicy: late_policy }),
          ...(starts_at !== undefined && { startsAt: new Date(starts_at) }),
        },
        agreedCount: agreed_count,
        reach,
      },
      { now: clock.now(), typedFrom: settings.confirmTypedFrom },
    );
    events.emit("steered", { campaignId: number });
    return context.json(await campaignToJson(scope, campaign, clock.now()), 200);
  });

  routes.openapi(discard, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    const isGone = await discardDraft(scope, actor, number);
    if (isGone) return context.body(null, 204);
    const { state } = await getCampaign(scope, number);
    throw new DomainError("conflict", { id: number, state });
  });

  routes.openapi(copy, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    const { originKey, originDigest } = originOf(actor.id, context.req.valid("header")["idempotency-key"], {
      duplicate: number,
    });
    const campaign = await duplicate(scope, actor, number, originKey, originDigest);
    return context.json(await campaignToJson(scope, campaign, clock.now()), 201);
  });

  return routes;
}
