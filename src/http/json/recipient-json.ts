import { type Recipient, standingOf } from "../../audience/recipient-list.ts";
import type { RecipientJson } from "../shapes/recipient-shapes.ts";
import { momentOf } from "./moments.ts";

export function recipientToJson(recipient: Recipient): RecipientJson {
  return {
    id: recipient.chatId,
    kind: recipient.kind,
    status: standingOf(recipient),
    status_changed_at: momentOf(recipient.statusChangedAt),
    opted_out_at: momentOf(recipient.optedOutAt),
    language: recipient.language,
    language_chosen: recipient.languageChosen,
    first_name: recipient.firstName,
    last_name: recipient.lastName,
    username: recipient.username,
    phone: recipient.phone,
    premium: recipient.isPremium,
    left_categories: recipient.leftCategories,
    tags: recipient.tags.toSorted(),
    attributes: recipient.attributes,
    source: recipient.source,
    time_zone: recipient.timeZone,
    last_seen_at: momentOf(recipient.lastSeenAt),
    joined_at: momentOf(recipient.joinedAt),
    created_at: recipient.createdAt.toISOString(),
    updated_at: recipient.updatedAt.toISOString(),
  };
}
