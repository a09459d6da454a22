import { isForChats } from "../../audience/segment/audience.ts";
import { findListedAdmin, mayUse } from "../../access/actor.ts";
import { namesOf } from "../../access/admins.ts";
import { type Campaign, hasNotStarted, isOver } from "../../campaign/campaign.ts";
import { countUnfrozen } from "../../campaign/unfrozen.ts";
import { lastActions } from "../../campaign/news/last-actions.ts";
import { listPosts } from "../../campaign/report/sent-posts.ts";
import { listPollTotals } from "../../campaign/votes/poll-votes.ts";
import { countRetryable, groupFailures } from "../../campaign/queries.ts";
import { findCategory } from "../../campaign/settings.ts";
import { findSentEdit } from "../../campaign/sent-edits.ts";
import { factsOfSeries } from "../../campaign/series.ts";
import { NO_TAPS, listTaps } from "../../campaign/votes/button-votes.ts";
import { hasCallbackButtons } from "../../content/content.ts";
import { countRecipients } from "../../campaign/recipients-of.ts";
import { listBundle } from "../../campaign/bundle.ts";
import { rangesOf } from "../ui/bundle-words.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { paceOf } from "../ui/sender-pace.ts";
import type { CardView } from "../../db/states.ts";
import { campaignCard } from "./campaign-card.ts";
import type { CardPeople } from "./card-head.ts";
import { POSTS_SHOWN } from "./chat-report.ts";
import type { BotDeps, EngineStatus } from "../ui/bot-context.ts";
import { nameAudience } from "../ui/audience-words.ts";
import { nameOfBot, severalBots } from "../ui/sending-bots.ts";
import type { Drawing } from "../ui/card.ts";
import type { Reader } from "../ui/times.ts";

export interface CardDeps extends Pick<BotDeps, "scope" | "lateLimitHours"> {
  status: () => Pick<EngineStatus, "quietUntil" | "rate" | "senders" | "speedOf">;
}

/** Who reads a card, and in which chat. */
export interface CardReader extends Reader {
  chatId: number;
}

/** How many its audience reaches now; null once it has started, because then that no longer matters. */
export async function reachNow(
  { scope }: Pick<CardDeps, "scope">,
  campaign: Campaign,
  now: Date,
): Promise<number | null> {
  return hasNotStarted(campaign) ? (await countRecipients(scope, campaign, now)).reachable : null;
}

async function peopleOf({ scope }: CardDeps, { id, createdBy }: Campaign): Promise<CardPeople> {
  const actions = Object.entries(await lastActions(scope, id));
  const names = await namesOf(scope, [createdBy, ...actions.map(([, { by }]) => by)]);
  const named = (userId: number) => names.get(userId) ?? "";
  return {
    author: named(createdBy),
    actions: Object.fromEntries(
      actions.map(([action, { by, at }]) => [action, { by: named(by), at, isAuthor: by === createdBy }]),
    ),
  };
}

/** Null also for a reader who may use only some of the bots: for them, what the others send is not there. */
async function bundleOf(home: HomeScope, chatId: number, { bundleId }: Campaign): Promise<string | null> {
  if (bundleId === null) return null;
  const limit = (await findListedAdmin(home, chatId))?.limit ?? null;
  const bundle = await listBundle(home, bundleId);
  const isSeen = bundle.every(({ botId }) => mayUse(limit, botId));
  return bundle.length > 1 && isSeen ? rangesOf(bundle.map(({ id }) => id)) : null;
}

/** Draws the card of a campaign as it is now. */
export async function drawCard(
  deps: CardDeps,
  shown: Campaign,
  { t, chatId, ...reader }: CardReader,
  view: CardView,
  reachable: number | null,
  headline?: string,
): Promise<Drawing> {
  const { status } = deps;
  const home = deps.scope;
  const scope = scopeOf(home, shown);
  // While sending, the card says that its total still grows; a paused card, or a question, counts everyone who is left.
  const rests = shown.state === "paused" || (shown.state === "running" && view === "ask-cancel");
  const campaign = rests ? { ...shown, ungathered: await countUnfrozen(home, shown) } : shown;
  const { id, audience, state } = campaign;
  const over = isOver(state);
  const engines = status();
  const { quietUntil } = paceOf(engines, campaign);
  const { text, keyboard } = campaignCard(t, campaign, view, {
    ...reader,
    speed: engines.speedOf(id),
    quietUntil,
    failures: over ? await groupFailures(scope, id) : [],
    retryable: over ? await countRetryable(scope, id) : 0,
    from: nameOfBot(await severalBots(home), shown.botId),
    audience: await nameAudience(home, t, campaign),
    category: (await findCategory(home, campaign.category))?.name ?? null,
    people: await peopleOf(deps, campaign),
    reachable,
    posts: over && isForChats(audience) ? await listPosts(scope, id, POSTS_SHOWN) : [],
    taps: hasCallbackButtons(campaign.content) ? await listTaps(scope, id) : NO_TAPS,
    polls: hasNotStarted(campaign) ? [] : await listPollTotals(scope, id),
    edit: hasNotStarted(campaign) ? null : await findSentEdit(home, campaign),
    bundle: await bundleOf(home, chatId, campaign),
    series: await factsOfSeries(home, campaign, reader.now),
    lateLimitHours: deps.lateLimitHours,
    ...(headline !== undefined && { headline }),
  });
  return { text, keyboard: { inline_keyboard: keyboard } };
}
