import { listChats } from "../audience/chats.ts";
import { isForChats } from "../audience/segment/audience.ts";
import { type Finding, type KnownAttributes, check, errorsFirst } from "../content/check.ts";
import { CODE } from "../content/personal-parts.ts";
import { type HomeScope, scopeOf } from "../db/scope.ts";
import { botsOf } from "./bundle.ts";
import type { Campaign } from "./campaign.ts";
import { codeFindings } from "./code-findings.ts";
import { knownAttributesOf } from "./known-attributes.ts";
import { currentFaults } from "./preview-faults.ts";
import { segmentFindings } from "./segment-findings.ts";
import { senderFindings } from "./sender-findings.ts";

/** The findings about a post, its audience and the bots that send it, errors first. `given` is what knownAttributesOf says. */
export async function findingsOf(
  home: HomeScope,
  campaign: Campaign,
  given?: KnownAttributes,
): Promise<Finding[]> {
  const known = given ?? (await knownAttributesOf(home, campaign));
  const ofCodes = await codeFindings(home, campaign, known);
  const needsCodes = ofCodes.some(({ type }) => type === "no-codes" || type === "welcome-codes");
  const ofContent = await contentFindings(home, campaign, known);
  const findings = [
    // That {code} would be sent as it is has been said better then.
    ...ofContent.filter((one) => !(needsCodes && one.type === "unknown-name" && one.name === CODE)),
    ...ofCodes,
    ...(await segmentFindings(home, campaign)),
  ];
  for (const botId of botsOf(campaign))
    for (const finding of await senderFindings(home, { ...campaign, botId }))
      findings.push({ ...finding, ...(campaign.bots && { bot: botId }) });
  return errorsFirst(findings);
}

async function contentFindings(
  home: HomeScope,
  campaign: Pick<Campaign, "botId" | "content" | "audience" | "welcomeFor">,
  known: KnownAttributes,
): Promise<Finding[]> {
  const { content, audience, welcomeFor } = campaign;
  const people = { people: true, channels: false, groups: false };
  if (welcomeFor !== null) return check(content, { ...people, welcome: true }, known);
  if (!isForChats(audience)) return check(content, people, known);
  const chosen = new Set(audience.chats.map(({ chatId }) => chatId));
  const kinds = (await listChats(scopeOf(home, campaign))).flatMap(({ chatId, kind }) =>
    chosen.has(chatId) ? [kind] : [],
  );
  const [channels, groups] = [kinds.includes("channel"), kinds.includes("group")];
  return check(content, { people: false, channels, groups });
}

/** True if something has to be changed before the post can be sent. */
export function isFaulty(findings: Finding[]): boolean {
  return findings.some(({ level }) => level === "error");
}

/** True if a draft can be sent as it is: its post has no errors, and Telegram did not refuse it in its last preview. */
export async function isSendable(home: HomeScope, draft: Campaign): Promise<boolean> {
  return currentFaults(draft).length === 0 && !isFaulty(await findingsOf(home, draft));
}
