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
import { type HomeScope, scopeOf } from "../db/scope.ts";
import { botsOf, listBundle } from "./bundle.ts";
import { type Campaign, isOver } from "./campaign.ts";

type Sent = Pick<
  Campaign,
  "botId" | "bots" | "audience" | "category" | "bundleId" | "eachOnce" | "id" | "changes"
>;

/** Whom a draft, or a campaign that has not started, is sent to; `shares` by bot if several send it. */
export type RecipientCount = AudienceCount & Partial<Pick<JointCount, "shares" | "several">>;

/**
 * Counts whom a draft, or a campaign that has not started, would be sent to now: for a draft of several bots, the people of all
 * of them; for a campaign of a bundle in which each person gets it once, those whom no other campaign has taken or will take.
 */
export async function countRecipients(home: HomeScope, sent: Sent, now: Date): Promise<RecipientCount> {
  const { audience, category } = sent;
  if (isForChats(audience)) return countAudience(scopeOf(home, sent), audience, now);
  const joint = await jointOf(home, sent);
  if (!joint) return countAudience(scopeOf(home, sent), audience, now, category);
  const count = await countJoint(home, joint, audience, now);
  if (sent.bots) return count;
  const { people = 0, sends = 0 } = count.shares.at(-1) ?? {};
  const alone = await countAudience(scopeOf(home, sent), audience, now, category);
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
    ? countJointLanguages(home, { bots, eachOnce, category }, people, now)
    : countByLanguage(scopeOf(home, sent), people, now, category);
}

/** Reachable people by language, for the toggles of the audience card. */
export async function countTogglesOf(home: HomeScope, sent: Sent, now: Date): Promise<LanguageCounts> {
  if (!sent.bots) return countLanguages(scopeOf(home, sent), sent.category);
  const groups = await countLanguagesOf(home, sent, EVERYONE, now);
  const languages = togglesOf(groups);
  const others = { languages: [], othersThan: languages.map(({ language }) => language) };
  const reach = async (audience: People) =>
    (await countRecipients(home, { ...sent, audience }, now)).reachable;
  return { all: await reach(EVERYONE), languages, others: await reach(others) };
}

/** Null if nobody but its own bot matters. */
async function jointOf(home: HomeScope, sent: Sent): Promise<Joint | null> {
  const { botId, bots, bundleId, eachOnce, category } = sent;
  if (bots) return { bots: botsOf(sent), eachOnce, category };
  if (bundleId === null || !eachOnce) return null;
  const own = sent.changes ?? sent.id;
  const bundle = await listBundle(home, bundleId);
  const ahead = bundle.filter(({ id, state, frozenAt }) => id < own && !isOver(state) && frozenAt === null);
  return { bots: [...ahead.map((one) => one.botId), botId], eachOnce, category, frozenBy: bundleId };
}
