import { listListsOf } from "../../audience/lists.ts";
import { type Recipient, findRecipient } from "../../audience/recipient-list.ts";
import type { Scope } from "../../db/scope.ts";
import { type InboxOfPerson, inboxOfPerson } from "../../inbox/inbox-of-person.ts";
import { type HistoryEntry, listHistory } from "./recipient-history.ts";

/** All that a bot knows of a person. */
export interface KnownOfPerson {
  bot: number;
  /** Null for somebody who is not on the list, of whom only deliveries are left. */
  person: Recipient | null;
  lists: { id: number; name: string }[];
  /** What they got, and what they voted for and answered, the newest campaign first. */
  campaigns: HistoryEntry[];
  /** Null if they have never written to the inbox. What they wrote is only in its group. */
  inbox: InboxOfPerson | null;
}

/** Campaigns read at once. */
const PAGE = 100;

/** Null if the bot knows nothing of them. */
export async function knownOfPerson(scope: Scope, chatId: number): Promise<KnownOfPerson | null> {
  const found = await findRecipient(scope, chatId);
  const on = await listListsOf(scope, chatId);
  const campaigns: HistoryEntry[] = [];
  for (let before: number | undefined; ;) {
    const page = await listHistory(scope, chatId, PAGE, before);
    campaigns.push(...page);
    before = page.at(-1)?.campaignId;
    if (page.length < PAGE) break;
  }
  const inbox = await inboxOfPerson(scope, chatId);
  if (!found && on.length === 0 && campaigns.length === 0 && !inbox) return null;
  return { bot: scope.botId, person: found, lists: on, campaigns, inbox };
}
