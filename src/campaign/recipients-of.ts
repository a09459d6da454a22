import {
  type Joint,
  type JointCount,
  countJoint,
  countJointLanguages,
} from "../audience/segment/joint-count.ts";
import {
  type AudienceCount,
  type LanguageCounts,
  type LanguageGroup,
  type People,
  EVERYONE,
  countAudience,
  countByLanguage,
  countLanguages,
  isForChats,
  togglesOf,
} from "../audience/segment/audience.ts";
import { type Restraint, UNRESTRAINED } from "../audience/segment/restraint.ts";
import { type HomeScope, scopeOf } from "../db/scope.ts";
import { botsOf, listBundle } from "./bundle.ts";
import { type Campaign, isOver } from "./campaign.ts";
import { restraintOf } from "./frequency-cap.ts";

type Sent = Pick<
  Campaign,
  "botId" | "bots" | "audience" | "category" | "startsAt" | "bundleId" | "eachOnce" | "id" | "changes"
>;

/** Whom a draft, or a campaign that has not started, is sent to; `shares` by bot if several send it. */
export type RecipientCount = AudienceCount & Partial<Pick<JointCount, "shares" | "several">>;

/**
 * Counts whom a draft, or a campaign that has not started, would be sent to now: for a draft of several bots, the people of all
 * of them; for a campaign of a bundle in which each person gets it once, those whom no other campaign has taken or will take.
 */
export function countRecipients(home: HomeScope, sent: Sent, now: Date): Promise<RecipientCount> {
  return count(home, sent, now, (bots) => restraint(home, sent, bots, now));
}

/**
 * The same while the audience is chosen: its category, which may be chosen later, and the frequency cap do not hold anyone back
 * yet.
 */
export function countChosen(home: HomeScope, sent: Sent, now: Date): Promise<RecipientCount> {
  return count(home, sent, now, async () => UNRESTRAINED);
}

async function count(
  home: HomeScope,
  sent: Sent,
  now: Date,
  restraintOn: RestraintOn,
): Promise<RecipientCount> {
  const { audience } = sent;
  if (isForChats(audience)) return countAudience(scopeOf(home, sent), audience, now);
  const joint = await jointOf(home, sent, restraintOn);
  if (!joint) return countAudience(scopeOf(home, sent), audience, now, await restraintOn([sent.botId]));
  const all = await countJoint(home, joint, audience, now);
  if (sent.bots) return all;
  const { people = 0, sends = 0 } = all.shares.at(-1) ?? {};
  const alone = await countAudience(scopeOf(home, sent), audience, now, joint.restraint);
  return { ...alone, reachable: joint.eachOnce ? sends : people };
}

/** The reachable people of a draft or campaign by language, most spoken first. */
export async function countLanguagesOf(
  home: HomeScope,
  sent: Sent,
  people: People,
  now: Date,
): Promise<LanguageGroup[]> {
  const { bots, eachOnce, category } = sent;
  return bots
    ? countJointLanguages(home, { bots, eachOnce, restraint: { category, cap: null } }, people, now)
    : countByLanguage(scopeOf(home, sent), people, now, category);
}

/** Reachable people by language, for the toggles of the audience card; as countChosen(). */
export async function countTogglesOf(home: HomeScope, sent: Sent, now: Date): Promise<LanguageCounts> {
  if (!sent.bots) return countLanguages(scopeOf(home, sent));
  const groups = await countLanguagesOf(home, { ...sent, category: null }, EVERYONE, now);
  const languages = togglesOf(groups);
  const others = { languages: [], othersThan: languages.map(({ language }) => language) };
  const reach = async (audience: People) => (await countChosen(home, { ...sent, audience }, now)).reachable;
  return { all: await reach(EVERYONE), languages, others: await reach(others) };
}

/** Null if nobody but its own bot matters. */
async function jointOf(home: HomeScope, sent: Sent, restraintOn: RestraintOn): Promise<Joint | null> {
  const { botId, bots, bundleId, eachOnce } = sent;
  if (bots) return { bots: botsOf(sent), eachOnce, restraint: await restraintOn(botsOf(sent)) };
  if (bundleId === null || !eachOnce) return null;
  const own = sent.changes ?? sent.id;
  const bundle = await listBundle(home, bundleId);
  const ahead = bundle.filter(({ id, state, frozenAt }) => id < own && !isOver(state) && frozenAt === null);
  const together = [...ahead.map((one) => one.botId), botId];
  return { bots: together, eachOnce, frozenBy: bundleId, restraint: await restraintOn(together) };
}

type RestraintOn = (bots: readonly number[]) => Promise<Restraint>;

/** As it will be when the campaign starts, as far as that is known now. */
function restraint(home: HomeScope, sent: Sent, bots: readonly number[], now: Date): Promise<Restraint> {
  const at = sent.startsAt && sent.startsAt > now ? sent.startsAt : now;
  return restraintOf(home, { id: sent.changes ?? sent.id, category: sent.category }, bots, at);
}
