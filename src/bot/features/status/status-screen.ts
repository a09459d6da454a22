import { Composer } from "grammy";
import { mapLimited } from "../../../background/limited.ts";
import { countEveryone } from "../../../audience/segment/audience.ts";
import { type Campaign, hasNotStarted } from "../../../campaign/campaign.ts";
import { FREE_RATE, progressOf } from "../../../campaign/progress.ts";
import { listOpen } from "../../../campaign/queries.ts";
import { type DatabaseFacts, databaseFacts } from "../../../db/database-facts.ts";
import { type HomeScope, mainBot, scopeOf, sees } from "../../../db/scope.ts";
import { listTroublesByBot } from "../../../db/troubles.ts";
import { ZONE_DATA_VERSION } from "../../../schedule/zone-data.ts";
import type { Answers } from "../../updates/answers.ts";
import type { BotDeps, EngineStatus, HeraldContext, SenderStatus } from "../../ui/bot-context.ts";
import { type SendingBot, botLines, severalBots, typedBot } from "../../ui/sending-bots.ts";
import { troubleLines } from "../../notices/trouble-words.ts";
import { type Locale, type Translate, duration, fileSize, moment, roundRate } from "../../ui/words.ts";

/** Each count reads all people of a bot. */
const COUNTS_AT_ONCE = 4;

/** How many campaigns of each kind are listed; the others are in /campaigns. */
const LISTED = 5;

/** `/status`: how Herald, its database and its engines are doing, and what is waiting; `/status @shop_bot`: of one bot. */
export function statusCommand(deps: BotDeps, answers: Pick<Answers, "waiting">): Composer<HeraldContext> {
  const { scope, clock, engine } = deps;
  const composer = new Composer<HeraldContext>();
  composer.command("status", async (ctx) => {
    const only = await typedBot(deps, ctx, ctx.match);
    if (only === null) return;
    const bot = only?.botId;
    const bots = await severalBots(scope);
    const database = await databaseFacts(scope.db, clock);
    const open = await listOpen(scope, bot);
    const whose = bot === undefined ? bots.map(({ botId }) => botId) : [bot];
    const facts = {
      ...deps,
      timezone: ctx.timezone,
      now: clock.now(),
      database,
      engine: await withTroubles(scope, shownBy(scope, engine.status())),
      open,
      reachable: await countReachable(scope, whose.length > 0 ? whose : [mainBot(scope)]),
      waiting: answers.waiting,
      bots,
      ...(bot !== undefined && { bot }),
      hidesHome: !sees(scope, scope.homeId),
    };
    await ctx.reply(statusScreen(ctx.t, ctx.locale, facts));
  });
  return composer;
}

/** The people of these bots; someone who has several of them counts for each. */
async function countReachable(home: HomeScope, botIds: readonly number[]): Promise<number> {
  const counts = await mapLimited(botIds, COUNTS_AT_ONCE, (botId) => countEveryone(scopeOf(home, { botId })));
  return counts.reduce((sum, { reachable }) => sum + reachable, 0);
}

/** Without the bots that the admin may not use. */
function shownBy(home: HomeScope, { senders, ...status }: EngineStatus): EngineStatus {
  const shown = [...(senders ?? [])].filter(([botId]) => sees(home, botId));
  return { ...status, senders: new Map(shown) };
}

/** Of senders in other processes only the tables know them. */
async function withTroubles(home: HomeScope, status: EngineStatus): Promise<EngineStatus> {
  const senders = [...(status.senders ?? [])];
  if (senders.every(([, { isHere }]) => isHere)) return status;
  const troubles = await listTroublesByBot(home);
  const known = senders.map(([botId, sender]): [number, SenderStatus] => [
    botId,
    sender.isHere ? sender : { ...sender, troubles: troubles.get(botId) ?? [] },
  ]);
  return { ...status, senders: new Map(known) };
}

export interface StatusFacts extends Pick<
  BotDeps,
  "timezone" | "version" | "embedded" | "proxy" | "byWebhook" | "backups" | "retentionDays"
> {
  now: Date;
  database: DatabaseFacts;
  engine: EngineStatus;
  /** Campaigns that are running, paused or scheduled. */
  open: Campaign[];
  /** People who can be written to. */
  reachable: number;
  /** Empty if the home is the only bot. */
  bots: readonly SendingBot[];
  /** The only bot whose facts are shown, besides those of Herald itself. Default: all. */
  bot?: number;
  /** Leaves out how the home's bot sends, for an admin who may not use it. Default false. */
  hidesHome?: boolean;
  /** People who wait for an answer because many write at once. */
  waiting: number;
}

/** The screen: one fact per line, in groups. What does not apply is left out. */
export function statusScreen(t: Translate, locale: Locale, facts: StatusFacts): string {
  const { now, timezone, engine, open, bots, bot, hidesHome = false } = facts;
  const isOfSender = bot !== undefined && engine.senders?.has(bot) === true;
  const when = (instant: Date): string => moment(instant, now, timezone, locale);
  return [
    botLines(t, bots, bot, "/status"),
    [
      t("status-title", { version: facts.version, node: process.versions.node }),
      t("status-up", { duration: duration(t, (now.getTime() - engine.startedAt.getTime()) / 1000) }),
      t("status-zones", { version: ZONE_DATA_VERSION }),
      ...(facts.proxy === null ? [] : [t("status-proxy", { proxy: facts.proxy })]),
      ...(facts.byWebhook ? [t("status-by-webhook")] : []),
    ],
    troubleLines(engine.troubles, { t, locale, timezone, now }),
    [...database(t, locale, facts), ...backup(t, locale, facts, when)],
    ...(isOfSender || hidesHome ? [] : [lease(t, engine, when), pace(t, facts, when)]),
    bot === undefined ? senders(t, engine, when) : one(t, engine.senders?.get(bot), when),
    ...queue(t, engine, open, when),
    [
      t("status-reachable", { count: facts.reachable }),
      facts.retentionDays > 0 ? t("status-kept", { days: facts.retentionDays }) : t("status-kept-for-ever"),
    ],
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

type When = (instant: Date) => string;

const DATABASE_KEYS = {
  postgres: "status-embedded",
  pglite: "status-pglite",
  server: "status-server",
} as const;

function database(t: Translate, locale: Locale, { embedded, database }: StatusFacts): string[] {
  const { version, sizeBytes, answerMs } = database;
  return [
    t(DATABASE_KEYS[embedded ?? "server"], { version }),
    t("status-size", { size: fileSize(sizeBytes, locale), ms: Math.max(1, Math.round(answerMs)) }),
  ];
}

function backup(t: Translate, locale: Locale, { backups }: StatusFacts, when: When): string[] {
  if (backups === null) return [];
  const { last } = backups;
  return [
    last
      ? t("status-backup", { time: when(last.at), size: fileSize(last.bytes, locale) })
      : t("status-no-backup"),
  ];
}

function lease(t: Translate, { holder, leaseSince, leaseLost }: EngineStatus, when: When): string[] {
  return [
    leaseSince
      ? t("status-holder", { holder, time: when(leaseSince) })
      : t("status-no-lease", { holder, time: leaseLost ? when(leaseLost.at) : "none" }),
    ...(leaseLost?.backAt
      ? [t("status-lease-lost", { from: when(leaseLost.at), to: when(leaseLost.backAt) })]
      : []),
  ];
}

function pace(
  t: Translate,
  {
    engine: {
      rate: { set, now, paid },
      quietUntil,
      lastWait,
      inFlight,
    },
    waiting,
  }: StatusFacts,
  when: When,
): string[] {
  const rate = t("messages-a-second", { rate: set });
  const left = roundRate(now);
  return [
    paid !== "off" && set > FREE_RATE
      ? t("status-rate-paid", { rate, free: FREE_RATE })
      : t("status-rate", { rate }),
    ...(paid === "no-stars" ? [t("status-no-stars", { rate: left })] : []),
    ...(paid !== "no-stars" && now < set ? [t("status-rate-cut", { rate: left })] : []),
    ...(quietUntil ? [t("card-quiet", { time: when(quietUntil) })] : []),
    ...(lastWait
      ? [t("status-last-wait", { time: when(lastWait.at), duration: duration(t, lastWait.seconds) })]
      : []),
    ...(inFlight > 0 ? [t("status-in-flight", { count: inFlight })] : []),
    ...(waiting > 0 ? [t("status-waiting", { count: waiting })] : []),
  ];
}

/** A bot besides the home. */
function one(t: Translate, sender: SenderStatus | undefined, when: When): string[] {
  if (!sender) return [];
  const { set, now } = sender.rate;
  return [
    [...doing(t, sender, when), ...(sender.isHere ? [] : [t("status-sender-elsewhere")])].join(" · "),
    t("status-rate", { rate: t("messages-a-second", { rate: set }) }),
    ...(now < set ? [t("status-rate-cut", { rate: t("messages-a-second", { rate: roundRate(now) }) })] : []),
  ];
}

/** What a bot does, and what is wrong with it. */
function doing(t: Translate, { state, quietUntil, troubles }: SenderStatus, when: When): string[] {
  return [
    t(`status-sender-${state}`),
    ...(quietUntil ? [t("card-quiet", { time: when(quietUntil) })] : []),
    ...troubles.filter(({ kind }) => kind !== "unauthorized").map(({ kind }) => t(`status-sender-${kind}`)),
  ];
}

/** The other bots: how many, how many of them other processes run, and each that is not simply doing its work. */
function senders(
  t: Translate,
  { senders = new Map<number, SenderStatus>() }: EngineStatus,
  when: When,
): string[] {
  if (senders.size === 0) return [];
  const all = [...senders];
  const calm = ([, { state, quietUntil, troubles }]: (typeof all)[number]) =>
    state === "up" && quietUntil === null && troubles.length === 0;
  const odd = all.filter((one) => !calm(one));
  const more = odd.length - LISTED;
  const elsewhere = all.filter(([, { state, isHere }]) => !isHere && state !== "waiting").length;
  return [
    t("status-senders", { count: senders.size }),
    ...(elsewhere > 0 ? [t("status-senders-elsewhere", { count: elsewhere })] : []),
    ...odd.slice(0, LISTED).map(([botId, sender]) =>
      t("status-sender", {
        bot: sender.username ?? String(botId),
        text: doing(t, sender, when).join(" · "),
      }),
    ),
    ...(more > 0 ? [t("status-senders-more", { count: more })] : []),
  ];
}

function queue(t: Translate, engine: EngineStatus, open: Campaign[], when: When): string[][] {
  const group = (
    belongs: (campaign: Campaign) => boolean,
    heading: string,
    line: (campaign: Campaign) => string,
  ) => {
    const campaigns = open.filter(belongs);
    if (campaigns.length === 0) return [];
    const more = campaigns.length - LISTED;
    return [
      t(heading),
      ...campaigns.slice(0, LISTED).map(line),
      ...(more > 0 ? [t("status-more", { count: more })] : []),
    ];
  };
  return [
    group(
      ({ state }) => state === "running",
      "status-running",
      (campaign) => running(t, campaign, engine.speedOf(campaign.id)),
    ),
    group(
      (campaign) => campaign.state === "paused" && !hasNotStarted(campaign),
      "status-paused",
      (campaign) => t("status-campaign", { id: String(campaign.id), text: whyPaused(t, campaign) }),
    ),
    // As in /stats, a campaign that is paused before its start counts as scheduled.
    group(hasNotStarted, "status-scheduled", (campaign) => scheduled(t, campaign, when)),
  ];
}

function scheduled(t: Translate, campaign: Campaign, when: When): string {
  const { id, state, startsAt } = campaign;
  const text = [
    startsAt ? when(startsAt) : t("card-starting"),
    ...(state === "paused" ? [t("state-paused"), whyPaused(t, campaign)] : []),
  ].join(" · ");
  return t("status-campaign", { id: String(id), text });
}

function whyPaused(t: Translate, { pauseReason }: Campaign): string {
  return t(`why-${pauseReason ?? "admin"}`);
}

function running(t: Translate, campaign: Campaign, speed: number | null): string {
  const { left, total } = progressOf(campaign);
  const starting = !campaign.frozenAt && total === 0;
  const text = [
    starting ? t("card-starting") : t("status-left", { count: left }),
    ...(speed !== null && speed > 0 ? [t("status-speed", { rate: roundRate(speed) })] : []),
  ].join(" · ");
  return t("status-campaign", { id: String(campaign.id), text });
}
