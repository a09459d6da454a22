/**
 * Whether an id is a person's. For the places that have nothing but an id, such as an update or a delivery; else ask
 * `recipients.kind`, or isForChats() of a campaign's audience.
 *
 * Telegram gives the private chat with a person that person's own id, which is positive; the ids of groups, supergroups
 * and channels are negative (https://core.telegram.org/api/bots/ids).
 */
export function isPersonId(chatId: number): boolean {
  return chatId > 0;
}
