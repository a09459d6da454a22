import { InlineKeyboard } from "grammy";
import { findRecipient } from "../../../audience/recipient-list.ts";
import { listHistory } from "../../../campaign/report/recipient-history.ts";
import type { Scope } from "../../../db/scope.ts";
import type { GroupInbox } from "../../../inbox/inbox-setting.ts";
import type { InboxThread } from "../../../inbox/inbox-threads.ts";
import { fullName } from "../../../person-name.ts";
import { threadTap } from "../../ui/callback-data.ts";
import type { Reader } from "../../ui/times.ts";
import { cut, languageName, moment } from "../../ui/words.ts";

/** Bot API, createForumTopic. */
const LONGEST_TOPIC = 128;

/** Campaigns that are searched for one that reached the person. */
const SEARCHED = 5;

/** What a person is called in the group. */
export async function nameOfPerson(scope: Scope, chatId: number): Promise<string> {
  const person = await findRecipient(scope, chatId);
  const name = fullName(person?.firstName, person?.lastName) ?? (person?.username && `@${person.username}`);
  return cut(name || String(chatId), LONGEST_TOPIC, "…");
}

/** The head of a person's topic, or the message that replies are for: who it is, and what can be done. */
export async function drawThread(
  scope: Scope,
  { mode }: Pick<GroupInbox, "mode">,
  thread: InboxThread,
  reader: Reader,
): Promise<{ text: string; keyboard: InlineKeyboard }> {
  const { t } = reader;
  const { chatId, closed, blocked } = thread;
  const text = [
    ...(await personLines(scope, chatId, reader)),
    ...(blocked ? [t("inbox-card-blocked")] : []),
    ...(closed ? [t("inbox-card-closed")] : []),
    "",
    t(`inbox-card-how-${mode}`),
  ].join("\n");
  const button = (verb: "close" | "reopen" | "tag" | "block" | "unblock" | "person") =>
    InlineKeyboard.text(t(`inbox-${verb}`), threadTap.encode({ chatId, verb, argument: "" }));
  const keyboard = InlineKeyboard.from([
    [button(closed ? "reopen" : "close"), button("tag")],
    [button(blocked ? "unblock" : "block"), button("person")],
  ]);
  return { text, keyboard };
}

async function personLines(scope: Scope, chatId: number, reader: Reader): Promise<string[]> {
  const { t, now, timezone, locale } = reader;
  const person = await findRecipient(scope, chatId);
  const reached = (await listHistory(scope, chatId, SEARCHED)).find(({ deliveries }) =>
    deliveries.some(({ state }) => state === "sent"),
  );
  return [
    await nameOfPerson(scope, chatId),
    [...(person?.username ? [`@${person.username}`] : []), String(chatId)].join(" · "),
    ...(person?.language ? [t("inbox-card-language", { language: languageName(person.language) })] : []),
    ...(person?.joinedAt
      ? [t("inbox-card-joined", { when: moment(person.joinedAt, now, timezone, locale) })]
      : []),
    ...(person && person.tags.length > 0
      ? [t("inbox-card-tags", { tags: person.tags.toSorted().join(", ") })]
      : []),
    ...(reached ? [t("inbox-card-campaign", { id: String(reached.campaignId) })] : []),
  ];
}

/** More of a person than the card has, for `Person`. */
export async function drawPerson(scope: Scope, chatId: number, reader: Reader): Promise<string> {
  const { t, now, timezone, locale } = reader;
  const person = await findRecipient(scope, chatId);
  const history = await listHistory(scope, chatId, SEARCHED);
  const when = (instant: Date) => moment(instant, now, timezone, locale);
  return [
    ...(await personLines(scope, chatId, reader)),
    ...(person?.source ? [t("inbox-person-source", { source: person.source })] : []),
    ...(person?.optedOutAt ? [t("inbox-person-out", { when: when(person.optedOutAt) })] : []),
    ...(person && person.status !== "active" ? [t("inbox-person-status", { status: person.status })] : []),
    ...Object.entries(person?.attributes ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...history.map(({ campaignId, deliveries, vote }) =>
      t("inbox-person-campaign", {
        id: String(campaignId),
        state: deliveries[0]?.state ?? "none",
        vote: vote?.choice ?? "none",
      }),
    ),
    t("inbox-person-more", { id: String(chatId) }),
  ].join("\n");
}
