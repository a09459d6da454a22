/**
 * True if the id is a person's. Use it where only the id is known, as in an update or a delivery; elsewhere use
 * `recipients.kind`, or isForChats() with a campaign's audience.
 *
 * The private chat with a person has that person's id, which is positive; the ids of groups, supergroups and channels
 * are negative (https://core.telegram.org/api/bots/ids).
 */
export function isPersonId(chatId: number): boolean {
  return chatId > 0;
}
